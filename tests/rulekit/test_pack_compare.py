"""Two laws, or one law on two days, side by side: duties, parameters, questions; what differs and what does not."""

from __future__ import annotations

from datetime import date

from yanxiu_rulekit import load_packs
from yanxiu_rulekit.changepages import change_lines, comparison_page
from yanxiu_rulekit.packcompare import PackOn, compare_packs, days_of_change


def test_one_law_on_two_days_differs_in_what_changed_and_nowhere_else(make_pack) -> None:
    (pack,) = load_packs([make_pack().entry]).packs.values()
    assert days_of_change(pack) == (date(2025, 1, 1),)
    compared = compare_packs(PackOn(pack, date(2024, 12, 31)), PackOn(pack, date(2025, 1, 1)))
    (changed,) = (row for row in compared.parameters if row.differs)
    assert (changed.name, changed.label) == ("rate", "每课时学分")
    assert changed.first is not None
    assert changed.second is not None
    assert (changed.first.text, changed.second.text) == ("1 学分/课时", "1.5 学分/课时")
    assert (changed.second.clause, changed.second.since) == ("MADE-1", date(2025, 1, 1))
    assert not any(row.differs for row in compared.questions)


def test_a_day_of_change_is_told_on_the_packs_page(make_pack) -> None:
    (pack,) = load_packs([make_pack().entry]).packs.values()
    told = "\n".join(change_lines(pack))
    assert "### 2025-01-01 起" in told
    assert "| 每课时学分 | 1 学分/课时〔MADE-1，2024-01-01起〕 | 1.5 学分/课时〔MADE-1，2025-01-01起〕 |" in told


def test_two_laws_are_told_row_by_row_and_what_one_lacks_is_a_dash() -> None:
    packs = load_packs().packs
    on = date(2024, 11, 1)
    first, second = PackOn(packs["puer"], on), PackOn(packs["putuo"], on)
    compared = compare_packs(first, second)
    duties = {row.label: row for row in compared.duties}
    asked = duties["年度：年度学时"].first
    assert asked is not None
    assert (asked.text, asked.clause) == ("不少于72 学时", "PUER-10-2")
    assert duties["学年：个人学年研修课时"].first is None
    page = comparison_page(compared, "puer", "putuo")
    assert "| 年度：年度学时 | 不少于72 学时〔PUER-10-2，2024-01-01起〕 | — | ≠ |" in page
    assert "| 以哪天为准 | 2024-11-01 | 2024-11-01 | = |" in page


def test_a_law_differs_from_itself_in_nothing_and_before_it_began_it_has_no_values() -> None:
    pack = load_packs().packs["putuo"]
    same = compare_packs(PackOn(pack, date(2025, 1, 1)), PackOn(pack, date(2025, 1, 1)))
    assert not any(row.differs for part in (same.source, same.duties, same.parameters, same.questions) for row in part)
    before = compare_packs(PackOn(pack, date(2024, 8, 31)), PackOn(pack, date(2024, 9, 1)))
    assert all(row.first is None and row.second is not None for row in before.parameters)
    assert not [row for row in before.duties if row.first is not None]
