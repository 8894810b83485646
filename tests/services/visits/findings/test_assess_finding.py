"""Where a finding stands: only a second person closes it, and no order of arrival changes who may."""

from __future__ import annotations

import itertools
import random
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from yanxiu_visits.findings.assess_finding import fold_finding
from yanxiu_visits.findings.finding_store import seen_on
from yanxiu_wire.noting import FieldCommand

from tests.services.visits.field import Sender, effects, notes

FINDER, SECOND = Sender(), Sender(person="r2")
OWNER, LEADER = Sender("teacher", "t1"), Sender("school-leader", "t2", school="s1")
OTHER_SCHOOL, OFFICER = Sender("school-leader", "t3", school="s2"), Sender("institute-officer", None)
F = "r1.finding-001"


def told(*commands: FieldCommand) -> tuple[str, list[str]]:
    folded = fold_finding(F, notes(*commands))
    return folded.finding.state, effects(folded.outcomes, commands)


def test_a_finding_is_closed_by_a_remedy_and_a_second_person_in_any_order_of_arrival() -> None:
    steps = FINDER.find("finding-001"), OWNER.remedy(F), SECOND.recheck(F)
    for order in itertools.permutations(steps):
        folded = fold_finding(F, notes(*order))
        assert (folded.finding.state, folded.finding.found_on) == ("closed", date(2024, 10, 14))
        assert (folded.finding.remedies[0].by, folded.finding.remedies[0].checked_by) == ("t1", "r2")
        assert effects(folded.outcomes, order) == ["applied"] * 3


def test_nobody_who_has_a_part_in_it_checks_it() -> None:
    start = FINDER.find("finding-001"), LEADER.remedy(F)
    for sender in (FINDER, Sender("institute-officer", "t2"), Sender("supervisor", "t1")):
        state, done = told(*start, sender.recheck(F))
        assert (state, done[-1]) == ("remedied", "SAME_PERSON")
    typed_for_the_finder = OFFICER.recheck(F, researcher="r1")
    assert told(*start, typed_for_the_finder) == ("remedied", ["applied", "applied", "SAME_PERSON"])
    assert told(*start, OFFICER.recheck(F))[0] == "closed"


def test_the_school_of_the_finding_answers_it_and_no_other() -> None:
    found = FINDER.find("finding-001")
    assert told(found, OTHER_SCHOOL.remedy(F)) == ("open", ["applied", "NOT_THE_OWNER"])
    assert told(found, Sender("teacher", "t9").remedy(F)) == ("open", ["applied", "NOT_THE_OWNER"])
    assert told(found, LEADER.remedy(F))[0] == "remedied"


def test_a_remedy_that_does_not_pass_leaves_it_open_and_is_kept() -> None:
    again = OWNER.remedy(F, "10-18 09:00", key="again-00001")
    folded = fold_finding(
        F, notes(FINDER.find("finding-001"), OWNER.remedy(F), SECOND.recheck(F, passed=False, remark="未见改观"), again)
    )
    assert (folded.finding.state, len(folded.finding.remedies)) == ("remedied", 2)
    first = folded.finding.remedies[0]
    assert (first.passed, first.remark, folded.finding.remedies[1].passed) == (False, "未见改观", None)


def test_a_step_that_does_not_fit_its_time_says_so() -> None:
    found = FINDER.find("finding-001")
    assert told(found, SECOND.recheck(F)) == ("open", ["applied", "FINDING_NOT_IN_STATE"])
    assert told(found, OWNER.remedy(F, "10-14 09:00")) == ("open", ["applied", "BEFORE_FOUND"])
    assert told(OWNER.remedy(F), SECOND.recheck(F)) == ("incomplete", ["waiting", "waiting"])
    closed = (found, OWNER.remedy(F), SECOND.recheck(F))
    assert told(*closed, FINDER.take_back(F, "10-18 09:00"))[1][-1] == "FINDING_OVER"
    assert told(*closed, FINDER.find("finding-001", "10-18 09:00"))[1][-1] == "FINDING_NOT_IN_STATE"


def test_who_found_it_or_an_officer_changes_and_withdraws_it() -> None:
    found = FINDER.find("finding-001")
    moved = fold_finding(F, notes(found, FINDER.change(F, owner="t2", due_on=date(2024, 11, 4)))).finding
    assert (moved.owner, moved.due_on, moved.text) == ("t2", date(2024, 11, 4), "作业批改不及时")
    assert told(found, SECOND.change(F, owner="t2"))[1][-1] == "NOT_THE_FINDER"
    assert told(found, OFFICER.take_back(F))[0] == "withdrawn"
    assert told(found, SECOND.take_back(F)) == ("open", ["applied", "NOT_THE_FINDER"])


def test_it_is_overdue_from_the_day_after_its_deadline_while_it_is_open() -> None:
    found = fold_finding(F, notes(FINDER.find("finding-001"))).finding
    assert not seen_on(found, date(2024, 10, 28)).overdue
    assert seen_on(found, date(2024, 10, 29)).overdue
    closed = fold_finding(F, notes(FINDER.find("finding-001"), OWNER.remedy(F), SECOND.recheck(F))).finding
    assert not seen_on(closed, date(2024, 10, 29)).overdue


SENDERS = st.sampled_from([FINDER, SECOND, OWNER, LEADER, OTHER_SCHOOL, OFFICER])
STEPS = st.sampled_from(["find", "remedy", "recheck", "fail", "change", "take_back"])


@settings(max_examples=200, deadline=None)
@given(script=st.lists(st.tuples(STEPS, SENDERS, st.integers(0, 60)), max_size=10), seed=st.integers(0, 10**6))
def test_late_repeated_and_reordered_steps_end_alike_and_never_close_it_alone(
    script: list[tuple[str, Sender, int]], seed: int
) -> None:
    commands = [FINDER.find("finding-001", "10-14 06:00"), *(_step(*one) for one in script)]
    straight = fold_finding(F, notes(*commands))
    arrived = list(commands)
    random.Random(seed).shuffle(arrived)
    kept = {one.key: one for one in [*arrived, *arrived[::2]]}
    assert fold_finding(F, notes(*kept.values())) == straight
    found = straight.finding
    assert set(straight.outcomes) == {one.key for one in commands}
    if found.state == "closed":
        last = found.remedies[-1]
        assert last.passed
        assert last.checked_by not in (found.finder, found.owner, *(one.by for one in found.remedies))
        assert found.closed_at == last.checked_at


def _step(kind: str, sender: Sender, hour: int) -> FieldCommand:
    when = f"10-{14 + hour // 24} {hour % 24:02}:00"
    if kind == "find":
        return FINDER.find("finding-001", when, text=f"第{hour}时所见")
    if kind in ("recheck", "fail"):
        return sender.recheck(F, when, passed=kind == "recheck")
    if kind == "change":
        return sender.change(F, when, owner="t2")
    return getattr(sender, kind)(F, when)
