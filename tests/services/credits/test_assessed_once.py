"""The same question of a training is judged once while its answer is kept; any other is judged for itself."""

from __future__ import annotations

from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from yanxiu_credits import assess as judging
from yanxiu_credits.assess import Assessed, assess
from yanxiu_credits.laws import InForce
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.plugins import load_packs
from yanxiu_wire.credits import Project
from yanxiu_wire.refusal import Refused

DAY = date(2024, 5, 5)
LECTURE = {"kind": "lecture", "level": "county", "class_hours": "2"}
COURSE = Project(
    id="course",
    title="虚构课程",
    organiser="虚构",
    facts={"mode": "network", "level": "provincial", "project_credit": "1", "hours_planned": "8"},
    state="approved",
    approved_on=date(2024, 3, 1),
)
TRAINING = {"kind": "training", "hours_completed": "8", "score": "85"}


class Judged:
    """Puer's law, which counts how often it judges a record."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times = 0
        # A pack of this test's own: answers are kept for the one that all tests of a process read.
        pack = copy(load_packs().packs["puer"])
        assert pack.credit is not None
        judge = RulePack.assess_read

        def counted(one: RulePack, *given: Any, **more: Any) -> Any:
            self.times += 1
            return judge(one, *given, **more)

        monkeypatch.setattr(RulePack, "assess_read", counted)
        self.law = InForce(pack=pack, credit=pack.credit, settings={})

    def __call__(self, given: dict[str, Any], project: Project | None = None, on: date = DAY) -> Any:
        return assess(given, on, project, self.law)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Judged:
    return Judged(monkeypatch)


def test_a_class_with_the_same_facts_of_one_training_is_judged_once(judged: Judged) -> None:
    first = judged(dict(TRAINING), COURSE)
    assert isinstance(first, Assessed)
    assert [judged(dict(TRAINING), COURSE) for _ in range(40)] == [first] * 40
    assert judged.times == 1


@pytest.mark.parametrize(
    ("given", "project", "on"),
    [
        ({**TRAINING, "score": "86"}, COURSE, DAY),
        ({**TRAINING, "score": Decimal(85)}, COURSE, DAY),
        (TRAINING, COURSE, date(2024, 5, 6)),
        (TRAINING, replace(COURSE, id="another"), DAY),
        (TRAINING, replace(COURSE, facts={**COURSE.facts, "hours_planned": "9"}), DAY),
        (LECTURE, None, DAY),
    ],
)
def test_whatever_the_law_may_look_at_makes_another_question(
    judged: Judged, given: dict[str, Any], project: Project | None, on: date
) -> None:
    judged(dict(TRAINING), COURSE)
    before = judged.times
    judged(dict(given), project, on)
    assert judged.times == before + 1


def test_a_number_that_comes_as_something_else_is_refused_although_the_number_was_judged(judged: Judged) -> None:
    assert isinstance(judged({**TRAINING, "score": Decimal("85.5")}, COURSE), Assessed)
    assert isinstance(judged({**TRAINING, "score": {"$decimal": "85.5"}}, COURSE), Refused)


def test_another_state_of_the_project_is_judged_anew(judged: Judged) -> None:
    assert isinstance(judged(dict(TRAINING), COURSE), Assessed)
    judged(dict(TRAINING), replace(COURSE, state="proposed", approved_on=None))
    assert judged.times == 2


def test_a_long_question_is_judged_and_not_kept(judged: Judged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "LONGEST_KEPT", 10)
    for _ in range(3):
        assert isinstance(judged(dict(TRAINING), COURSE), Assessed)
    assert judged.times == 3
