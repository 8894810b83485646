"""The mutation test: each change that no case notices is named, others are killed, whatever a mutant does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from yanxiu_rulekit.errors import PackRefused
from yanxiu_rulekit.mutants import bench
from yanxiu_rulekit.mutants.excuses import Excuses
from yanxiu_rulekit.mutants.mutant import Verdict
from yanxiu_rulekit.mutants.report import mutants_page
from yanxiu_rulekit.mutants.run import Tally, Trial, run_mutants

FIRST_DAY = """
[[case]]
name = "适用首日每课时1学分，专家讲座按2倍"
kind = "credit"
on = 2024-01-01
given = { hours = "4", expert = true }
expect = { total = 8 }
clauses = ["MADE-1"]
"""

LOOP = '''
@decision("halves", facts=Hours, clauses=("MADE-1",))
def halves(facts, law):
    """Count how many whole hours go in."""
    left, count = facts.hours, 0
    while left > 0:
        left -= 1
        count += 1
    law.step("halves", count, clauses=("MADE-1",), zh="共{value}。" if count else "没有。", en="{value}.")
    return {"count": count}


'''
LOOP_CASES = """
[[case]]
name = "四课时数四次"
kind = "halves"
given = { hours = "4" }
expect = { count = 4 }
clauses = ["MADE-1"]

[[case]]
name = "没有课时，一次也不数"
kind = "halves"
given = { hours = "0" }
expect = { count = 0 }
clauses = ["MADE-1"]
"""


def tried(folder: Path, **options: int) -> Tally:
    return run_mutants(folder, jobs=1, progress=lambda _done, _whole, _survived: None, **options)


def survivors(tested: Tally) -> list[str]:
    return [str(verdict.mutant) for verdict in tested.of("survived")]


def test_what_no_case_notices_is_named_by_file_line_and_both_wordings(make_pack) -> None:
    made = make_pack()
    tested = tried(made.folder)
    where = f"{made.module}/parameters.toml"
    assert survivors(tested) == [
        f"{where}:2 [rate] date moved: since 2024-01-01 -> since 2024-01-02",
        f"{where}:8 [expert_factor] date moved: since 2024-01-01 -> since 2024-01-02",
    ]
    assert {verdict.mutant.change for verdict in tested.of("killed")} >= {
        "arithmetic", "constant", "date moved", "one more", "one less", "parameter swapped"
    }  # fmt: skip
    assert all(verdict.by for verdict in tested.of("killed"))


def test_a_case_more_kills_what_survived(make_pack, made_cases: str) -> None:
    made = make_pack(cases={"credit.toml": made_cases + FIRST_DAY})
    tested = tried(made.folder)
    assert (survivors(tested), tested.rate) == ([], 100.0)


def test_a_case_less_lets_a_parameter_go_wrong_unnoticed(make_pack, made_cases: str) -> None:
    only = made_cases.partition('[[case]]\nname = "2024')[0]
    said = survivors(tried(make_pack(cases={"credit.toml": only}).folder))
    assert any("[rate] one more: 1 -> 2" in one for one in said)
    assert any("[credit] parameter swapped" in one for one in said)


def test_an_excused_mutant_is_counted_apart_and_an_idle_excuse_is_told(make_pack) -> None:
    made = make_pack()
    moved = f"{made.module}/parameters.toml rate: since 2024-01-01 -> since 2024-01-02"
    text = f'[[equivalent]]\nmutants = ["{moved}", "nowhere f: 0 -> 1"]\nreason = "首日没有事实。"\n'
    (made.folder / "mutants.toml").write_text(text, encoding="utf-8")
    tested = tried(made.folder)
    assert [(verdict.mutant.key, verdict.by) for verdict in tested.of("excused")] == [(moved, "首日没有事实。")]
    assert len(tested.of("survived")) == 1
    assert tested.idle_excuses == ("nowhere f: 0 -> 1",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[equivalent]]\nmutants = ['a: 0 -> 1', 'a: 0 -> 1']\nreason = 'x'\n", "is excused twice"),
        ("[[equivalent]]\nmutants = ['a: 0 -> 1']\n", "'reason' is missing"),
    ],
)
def test_an_excuse_without_reason_or_given_twice_is_refused(make_pack, text: str, said: str) -> None:
    made = make_pack()
    (made.folder / "mutants.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PackRefused, match=said):
        tried(made.folder)


def test_cases_that_fail_already_are_to_be_mended_first(make_pack, made_cases: str) -> None:
    made = make_pack(cases={"credit.toml": made_cases.replace("total = 6", "total = 7")})
    with pytest.raises(PackRefused, match="total: expected 7, got 6"):
        tried(made.folder)


def test_a_mutant_that_never_ends_is_stopped_and_words_are_left_alone(
    make_pack, made_code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "LIMIT", 0.05)
    code = made_code.replace("@hookimpl", LOOP + "@hookimpl").replace("[credit]", "[credit, halves]")
    made = make_pack(code=code, cases={"halves.toml": LOOP_CASES + FIRST_DAY})
    inside = [verdict for verdict in tried(made.folder).verdicts if verdict.mutant.within == "halves"]
    assert [str(one.mutant) for one in inside if one.outcome != "killed"] == []
    assert any(one.by.endswith("OutOfTime") for one in inside)
    assert not [one for one in inside if "没有" in one.mutant.original and one.mutant.change == "branches swapped"]
    assert any(one.mutant.change == "step removed" and "law.step" in one.mutant.original for one in inside)


def test_a_mutant_that_ends_its_process_is_killed_and_the_others_are_tried(
    make_pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict = Trial.verdict

    def dying(self: Trial, index: int, excuses: Excuses) -> Verdict:
        return os._exit(1) if self.mutants[index].mutant.within == "credit" else verdict(self, index, excuses)

    whole = len(Trial(make_pack().folder).mutants)
    monkeypatch.setattr(Trial, "verdict", dying)
    tested = tried(make_pack("other").folder)
    assert len(tested.verdicts) == whole
    assert {one.by for one in tested.verdicts if one.mutant.within == "credit"} == {"the process died of it"}


def test_a_fault_of_the_test_itself_is_no_killed_mutant(make_pack, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*_anything: object) -> object:
        raise ZeroDivisionError("a fault of ours")

    made = make_pack()
    monkeypatch.setattr(Trial, "verdict", faulty)
    with pytest.raises(ZeroDivisionError, match="a fault of ours"):
        tried(made.folder)


def test_a_sample_is_part_of_the_whole_and_the_same_every_time(make_pack) -> None:
    made = make_pack()
    whole = {verdict.mutant.key for verdict in tried(made.folder).verdicts}
    some = [[verdict.mutant.key for verdict in tried(made.folder, sample=5).verdicts] for _ in range(2)]
    assert some[0] == some[1]
    assert len(set(some[0])) == 5
    assert set(some[0]) < whole


def test_what_is_not_tried_is_named_beside_the_rate(make_pack, made_parameters: str) -> None:
    unread = made_parameters + '\n[idle]\nlabel = "甲"\nlabel_en = "a"\nunit = "个"\n'
    unread += 'values = [ { since = 2024-01-01, value = 1, cite = "MADE-1" } ]\n'
    tested = tried(make_pack(parameters=unread).folder)
    assert tested.untried_parameters == ("idle",)
    assert [name.rpartition(".")[2] for name in tested.untried_functions] == ["rule_packs"]
    assert "- `made`：参数 `idle`；公式 " in mutants_page([tested])


def test_the_page_tells_rate_kinds_survivors_and_excuses(make_pack) -> None:
    page = mutants_page([tried(make_pack().folder)])
    assert "| `made` | " in page
    assert "| date moved | " in page
    assert "[rate] date moved: since 2024-01-01 -> since 2024-01-02" in page
