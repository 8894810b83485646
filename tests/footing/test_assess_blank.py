"""What names a person is blanked wherever it stands in a text or in the values of JSON, and nothing else is touched."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_footing.persons.assess_blank import BLANK, Sought, blanked

HIS = Sought(names=("虚构甲", "Xu Gou"), numbers=("GH-4411", "20240101"), spared=("虚构甲乙",))


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("由虚构甲代签", f"由{BLANK}代签"),
        ("虚 构·甲，虚构　甲", f"{BLANK}，{BLANK}"),
        ("虚构甲乙与虚构甲", f"虚构甲乙与{BLANK}"),
        ("虚、构、甲三校", "虚、构、甲三校"),
        ("by xu gou, not Xu Gouze", f"by {BLANK}, not Xu Gouze"),
        ("工号gh-4411的签到", f"工号{BLANK}的签到"),
        ("GH-44110、AGH-4411、GH-4411-2", "GH-44110、AGH-4411、GH-4411-2"),
        ("学号20240101", f"学号{BLANK}"),
        ("2024-01-01 20240101-0000-7000", "2024-01-01 20240101-0000-7000"),
    ],
)
def test_a_name_is_blanked_as_people_write_it_and_a_number_where_it_stands_alone(text: str, without: str) -> None:
    assert blanked(text, HIS) == without


def test_of_json_the_values_change_and_all_else_stays_byte_for_byte() -> None:
    text = '{"虚构甲": 1, "b" : ["x\\"虚构甲", 20240101], "c":{"d":"20240101"},"e":"{\\"f\\":\\"虚构甲\\"}"}'
    assert blanked(text, HIS) == text.replace('x\\"虚构甲', f'x\\"{BLANK}').replace(
        '"d":"20240101"', f'"d":"{BLANK}"'
    ).replace(':\\"虚构甲', f':\\"{BLANK}')


def test_what_is_too_short_to_be_told_from_other_words_is_not_looked_for() -> None:
    short = Sought(names=("甲", "Li"), numbers=("1", "2024"))
    assert short.words == ()
    assert blanked("甲 Li 1 2024", short) == "甲 Li 1 2024"


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_json_without_him_stays_as_it_is_and_with_him_stays_json(value: object) -> None:
    text = msgspec.json.encode(value).decode()
    if not any(one in text for one in ("虚", "X", "x", "G", "g", "2024")):
        assert blanked(text, HIS) == text
    named = msgspec.json.encode([value, "虚构甲"]).decode()
    assert msgspec.json.decode(blanked(named, HIS))[-1] == BLANK


@pytest.mark.parametrize("masked", ["张×", "张*", "王。", "——", "张  "])
def test_a_masked_name_is_nobodys_and_is_not_sought(masked: str) -> None:
    sought = Sought(names=(masked,))
    assert sought.words == ()
    assert blanked("张三与张伟、王明——等人", sought) == "张三与张伟、王明——等人"
