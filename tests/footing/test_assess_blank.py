"""What names a person is blanked wherever it stands in a text or in the values of JSON, and nothing else is touched."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_footing.persons.assess_blank import BLANK, Sought, blanked, keeps_figure

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
    text = '{"虚构甲": 1, "b" : ["x\\"虚构甲", 20240101], "c":{"工号":"20240101"},"e":"{\\"f\\":\\"虚构甲\\"}"}'
    assert blanked(text, HIS) == text.replace('x\\"虚构甲', f'x\\"{BLANK}').replace(
        '"工号":"20240101"', f'"工号":"{BLANK}"'
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
    if not any(one in text.casefold() for one in ("虚", "x", "ｘ", "gh", "ｇ", "2024", "２")):
        assert blanked(text, HIS) == text
    named = msgspec.json.encode([value, "虚构甲"]).decode()
    assert msgspec.json.decode(blanked(named, HIS))[-1] == BLANK


@pytest.mark.parametrize("masked", ["张×", "张*", "王。", "——", "张  "])
def test_a_masked_name_is_nobodys_and_is_not_sought(masked: str) -> None:
    sought = Sought(names=(masked,))
    assert sought.words == ()
    assert blanked("张三与张伟、王明——等人", sought) == "张三与张伟、王明——等人"


def test_a_number_that_may_be_an_amount_stays_where_its_field_does_not_say_that_it_is_a_staff_number() -> None:
    sought = Sought(numbers=("200000",))
    text = (
        '{"amount":"200000","share":"200000.5","n":200000,"staff_number":"200000","said":"工号200000","l":["200000"]}'
    )
    taken = {"amount": "200000", "share": "200000.5", "n": 200000, "l": ["200000"]}
    assert msgspec.json.decode(blanked(text, sought)) == taken | {"staff_number": BLANK, "said": f"工号{BLANK}"}


@pytest.mark.parametrize(
    "written", ["王-明", "王（明）", "王   明", "王\u3000 \u3000明", "王[明]", "王•明", "王\u200b明", "王_明"]
)
def test_a_name_is_known_with_what_people_put_between_its_characters(written: str) -> None:
    assert blanked(f"由{written}代签", Sought(names=("王明",))) == f"由{BLANK}代签"


@pytest.mark.parametrize("text", ["姓王。明天再来", "王、明二人", "姓王（明天来）", "老王——明天来", "王，明"])
def test_what_parts_sentences_and_lists_makes_no_name(text: str) -> None:
    assert blanked(text, Sought(names=("王明",))) == text


@pytest.mark.parametrize("written", ["LI MING", "li ming", "Ｌｉ　Ｍｉｎｇ", "LiMing", "Li-Ming"])
def test_letters_are_his_in_any_case_and_width(written: str) -> None:
    assert blanked(f"由{written}填错", Sought(names=("Li Ming",))) == f"由{BLANK}填错"
    other = Sought(names=("Li Ming",), spared=("LI MING", "Li Mingzhu"))
    assert blanked(f"由{written}填错，Li Mingzhu未签", other) == f"由{BLANK}填错，Li Mingzhu未签"


def test_letters_of_any_script_stand_alone() -> None:
    sought = Sought(names=("Ёлкина", "José"))
    assert (
        blanked("由ёЛКИНА代签，Ёлкинаs、Joséphine不是，JOSÉ是", sought)
        == f"由{BLANK}代签，Ёлкинаs、Joséphine不是，{BLANK}是"
    )


def test_json_with_its_signs_escaped_holds_him_too() -> None:
    assert (
        blanked('["\\u738b\\u660e\\u8fdf\\u5230", "a\\u0041"]', Sought(names=("王明",)))
        == f'["{BLANK}迟到", "a\\u0041"]'
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('{"amount":"200000"}', True),
        ('{"n":{"l":[1, 200000]}}', True),
        ('{"staff_number":200000}', True),
        ('["\\u0032\\u0030\\u0030000"]', True),
        ('{"said":"{\\"n\\":200000}"}', True),
        ('{"staff_number":"200000"}', False),
        ('{"said":"工号200000"}', False),
        ('{"share":"200000.5"}', False),
        ("200000", False),
        ("[200000", False),
    ],
)
def test_a_number_that_stays_is_told(text: str, kept: bool) -> None:
    """What is neither told nor taken out would be a surprise."""
    sought = Sought(numbers=("200000",))
    assert keeps_figure(text, sought) == kept
    assert not keeps_figure(text, Sought(names=("200000",)))
