"""Where a finding stands: only a second person closes it, and no order of arrival changes who may."""

from __future__ import annotations

import itertools
import random
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from yanxiu_visits.findings.assess_finding import fold_finding
from yanxiu_visits.findings.finding_store import seen_on
from yanxiu_wire.findings import RecheckFinding
from yanxiu_wire.noting import FieldCommand

from tests.services.visits.field import Sender, at, effects, in_sight, notes

FINDER, SECOND, SUPERVISOR = Sender(), Sender(person="r2"), Sender("supervisor", "u1")
OWNER, LEADER = Sender("teacher", "t1"), Sender("school-leader", "t2", school="s1")
OTHER_SCHOOL, OFFICER = Sender("school-leader", "t3", school="s2"), Sender("institute-officer", None)
F = "r1.finding-001"


def told(*commands: FieldCommand) -> tuple[str, list[str]]:
    folded = fold_finding(F, notes(*in_sight(*commands)))
    return folded.finding.state, effects(folded.outcomes, commands)


def test_a_finding_is_closed_by_a_remedy_and_a_second_person_in_any_order_of_arrival() -> None:
    steps = in_sight(FINDER.find("finding-001"), OWNER.remedy(F), SECOND.recheck(F))
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
    failing = SECOND.recheck(F, passed=False, remark="未见改观")
    folded = fold_finding(F, notes(*in_sight(FINDER.find("finding-001"), OWNER.remedy(F), failing, again)))
    assert (folded.finding.state, len(folded.finding.remedies)) == ("remedied", 2)
    first = folded.finding.remedies[0]
    assert (first.passed, first.remark, folded.finding.remedies[1].passed) == (False, "未见改观", None)


def test_a_step_that_does_not_fit_its_time_says_so() -> None:
    found = FINDER.find("finding-001")
    assert told(found, SECOND.recheck(F)) == ("open", ["applied", "FINDING_NOT_IN_STATE"])
    assert told(found, OWNER.remedy(F, "10-14 09:00")) == ("open", ["applied", "BEFORE_FOUND"])
    assert told(OWNER.remedy(F), SECOND.recheck(F, seen=("not-here",))) == ("incomplete", ["waiting", "waiting"])
    closed = (found, OWNER.remedy(F), SECOND.recheck(F))
    assert told(*closed, FINDER.take_back(F, "10-18 09:00"))[1][-1] == "FINDING_OVER"
    assert told(*closed, FINDER.find("finding-001", "10-18 09:00"))[1][-1] == "FINDING_NOT_IN_STATE"


def test_who_found_it_or_an_officer_changes_and_withdraws_it() -> None:
    found = FINDER.find("finding-001")
    moved = fold_finding(F, notes(found, FINDER.change(F, owner="t2", school="s1", due_on=date(2024, 11, 4)))).finding
    assert (moved.owner, moved.due_on, moved.text) == ("t2", date(2024, 11, 4), "作业批改不及时")
    assert told(found, SECOND.change(F, owner="t2", school="s1"))[1][-1] == "NOT_THE_FINDER"
    assert told(found, OFFICER.take_back(F))[0] == "withdrawn"
    assert told(found, SECOND.take_back(F)) == ("open", ["applied", "NOT_THE_FINDER"])


def test_it_is_overdue_from_the_day_after_its_deadline_while_it_is_open() -> None:
    found = fold_finding(F, notes(FINDER.find("finding-001"))).finding
    assert not seen_on(found, date(2024, 10, 28)).overdue
    assert seen_on(found, date(2024, 10, 29)).overdue
    steps = in_sight(FINDER.find("finding-001"), OWNER.remedy(F), SECOND.recheck(F))
    closed = fold_finding(F, notes(*steps)).finding
    assert not seen_on(closed, date(2024, 10, 29)).overdue


def test_who_typed_the_finding_is_no_second_person() -> None:
    typed = OFFICER.find("finding-001", researcher="r1")
    assert told(typed, OWNER.remedy(F), OFFICER.recheck(F)) == ("remedied", ["applied", "applied", "SAME_PERSON"])
    in_a_name = OFFICER.recheck(F, researcher="r2")
    assert told(typed, OWNER.remedy(F), in_a_name) == ("remedied", ["applied", "applied", "SAME_PERSON"])
    assert told(typed, OWNER.remedy(F), SECOND.recheck(F))[0] == "closed"
    moved = FINDER.change(F, "10-15 10:00", owner="t2", school="s1")
    former = Sender("supervisor", "t1")
    assert told(FINDER.find("finding-001"), moved, LEADER.remedy(F), former.recheck(F))[1][-1] == "SAME_PERSON"


def test_a_failed_recheck_is_not_overturned_by_a_pass_that_did_not_see_it() -> None:
    start = in_sight(FINDER.find("finding-001"), OWNER.remedy(F), SECOND.recheck(F, passed=False))
    for when in ("10-16 09:01", "10-17 09:01"):
        late = SUPERVISOR.recheck(F, when, seen=(start[0].key, start[1].key))
        assert told(*start, late) == ("open", ["applied", "applied", "applied", "RECHECK_OVERRULED"])
    # Neither by another remedy that is dated before it.
    back_dated = OWNER.remedy(F, "10-16 10:00")
    late = SUPERVISOR.recheck(F, "10-17 09:01", seen=(start[0].key, start[1].key, back_dated.key))
    assert told(*start, back_dated, late)[0] == "open"
    anew = OWNER.remedy(F, "10-18 09:00")
    assert told(*start, anew, SUPERVISOR.recheck(F, "10-18 10:00")) == ("closed", ["applied"] * 5)


def test_what_a_closed_finding_was_closed_on_is_not_changed_by_notes_that_are_dated_before() -> None:
    closed = in_sight(FINDER.find("finding-001"), OWNER.remedy(F), SECOND.recheck(F))
    late = (
        FINDER.find("finding-001", "10-14 15:01", text="一切正常"),
        FINDER.take_back(F, "10-15 10:00"),
        FINDER.change(F, "10-15 11:00", due_on=date(2024, 12, 1)),
        OWNER.remedy(F, "10-16 10:00"),
    )
    before = fold_finding(F, notes(*closed)).finding
    for one in late:
        folded = fold_finding(F, notes(*closed, one))
        assert folded.finding == before
        assert effects(folded.outcomes, [one]) == ["NOT_SEEN_BY_CHECKER"]
    # A correction that came in time was seen, and is part of what was closed.
    in_time = fold_finding(F, notes(*in_sight(closed[0], late[0], OWNER.remedy(F), SECOND.recheck(F)))).finding
    assert (in_time.state, in_time.text) == ("closed", "一切正常")


def test_a_recheck_of_another_remedy_neither_silences_nor_is_silenced() -> None:
    found, first = FINDER.find("finding-001"), OWNER.remedy(F)
    other = OWNER.remedy(F, "10-16 12:00")
    failing = SECOND.recheck(F, "10-16 18:00", passed=False, seen=(found.key, first.key, other.key))
    blind = SUPERVISOR.recheck(F, "10-17 09:00", seen=(found.key, first.key))
    assert told(found, first, other, failing, blind) == ("open", ["applied"] * 4 + ["RECHECK_OVERRULED"])
    # A second failure of a remedy that had failed says nothing of the next one.
    early = SECOND.recheck(F, "10-16 10:00", passed=False, seen=(found.key, first.key))
    again = SUPERVISOR.recheck(F, "10-16 18:00", passed=False, seen=(found.key, first.key))
    closing = SECOND.recheck(F, "10-17 09:00", seen=(found.key, first.key, early.key, other.key))
    state, done = told(found, first, early, other, again, closing)
    assert (state, done[4:]) == ("closed", ["RECHECK_OVERRULED", "applied"])


def test_a_recheck_that_comes_to_nothing_changes_nothing_of_what_was_closed() -> None:
    closed = in_sight(
        FINDER.find("finding-001"),
        FINDER.find("finding-001", "10-14 16:00", text="更正"),
        OWNER.remedy(F),
        SECOND.recheck(F),
    )
    more = OWNER.remedy(F, "10-18 09:00")
    late = SUPERVISOR.recheck(F, "10-18 10:00", passed=False, seen=(closed[0].key, closed[2].key, more.key))
    folded = fold_finding(F, notes(*closed, more, late))
    assert (folded.finding.state, folded.finding.text) == ("closed", "更正")
    assert effects(folded.outcomes, [more, late]) == ["FINDING_OVER", "FINDING_OVER"]


def test_a_recheck_is_judged_by_what_it_names() -> None:
    found, remedy = FINDER.find("finding-001"), OWNER.remedy(F)
    assert told(found, remedy, SECOND.recheck(F, seen=(found.key,)))[1][-1] == "FINDING_NOT_IN_STATE"
    assert told(found, remedy, SECOND.recheck(F, seen=(remedy.key,)))[1][-1] == "SEEN_INCOMPLETE"
    assert told(found, remedy, SECOND.recheck(F, seen=("not-here",)))[1][-1] == "waiting"
    early = SECOND.recheck(F, "10-16 08:00", seen=(found.key, remedy.key))
    assert told(found, remedy, early) == ("remedied", ["applied", "applied", "SEEN_LATER"])


def test_a_new_owner_is_of_the_findings_school_and_a_deadline_not_before_it() -> None:
    found = FINDER.find("finding-001")
    assert told(found, FINDER.change(F, owner="t3", school="s2")) == ("open", ["applied", "OWNER_ELSEWHERE"])
    assert told(found, FINDER.change(F, due_on=date(2020, 1, 1))) == ("open", ["applied", "DUE_BEFORE_FOUND"])


SENDERS = st.sampled_from([FINDER, SECOND, SUPERVISOR, OWNER, LEADER, OTHER_SCHOOL, OFFICER])
STEPS = st.sampled_from(["find", "remedy", "recheck", "fail", "change", "take_back"])
SCRIPT = st.lists(st.tuples(STEPS, SENDERS, st.integers(0, 60), st.integers(0, 2**10)), max_size=10)


@settings(max_examples=200, deadline=None)
@given(script=SCRIPT, seed=st.integers(0, 10**6))
def test_late_repeated_and_reordered_steps_end_alike_and_never_close_it_alone(
    script: list[tuple[str, Sender, int, int]], seed: int
) -> None:
    commands = played(script)
    straight = fold_finding(F, notes(*commands))
    arrived = list(commands)
    random.Random(seed).shuffle(arrived)
    kept = {one.key: one for one in [*arrived, *arrived[::2]]}
    assert fold_finding(F, notes(*kept.values())) == straight
    found = straight.finding
    assert set(straight.outcomes) == {one.key for one in commands}
    assert set(found.steps) == {key for key, outcome in straight.outcomes.items() if outcome.effect == "applied"}
    if found.state == "closed":
        last = found.remedies[-1]
        assert last.passed
        assert last.checked_by not in (found.finder, found.owner, *(one.by for one in found.remedies))
        assert found.closed_at == last.checked_at
        check = next(one for one in commands if one.key == found.steps[-1])
        assert isinstance(check, RecheckFinding)
        seen = [one for one in commands if one.key in check.seen]
        assert fold_finding(F, notes(*seen, check)).finding.state == "closed"


@settings(max_examples=200, deadline=None)
@given(script=SCRIPT)
def test_nothing_that_a_part_in_it_sends_later_moves_what_a_second_person_decided(
    script: list[tuple[str, Sender, int, int]],
) -> None:
    start = in_sight(FINDER.find("finding-001", "10-14 06:00"), OWNER.remedy(F, "10-15 09:00"))
    within = [one for one in played(script)[1:] if one.occurred_at < at("10-16 09:00")]
    parties = [one for one in within if one.caller not in (SECOND.caller, SUPERVISOR.caller, OFFICER.caller)]
    for passed, state in ((True, "closed"), (False, "open")):
        decided = in_sight(*start, SECOND.recheck(F, "10-16 09:00", passed=passed))
        before = fold_finding(F, notes(*decided)).finding
        assert before.state == state
        assert fold_finding(F, notes(*decided, *parties)).finding == before


def played(script: list[tuple[str, Sender, int, int]]) -> list[FieldCommand]:
    """The commands of a script; a re-check saw any of those before it in the script."""
    commands: list[FieldCommand] = [FINDER.find("finding-001", "10-14 06:00")]
    for kind, sender, hour, some in script:
        seen = tuple(one.key for place, one in enumerate(commands) if place == 0 or some >> place & 1)
        commands.append(_step(kind, sender, hour, seen))
    return commands


def _step(kind: str, sender: Sender, hour: int, seen: tuple[str, ...]) -> FieldCommand:
    when = f"10-{14 + hour // 24} {hour % 24:02}:00"
    if kind == "find":
        return FINDER.find("finding-001", when, text=f"第{hour}时所见")
    if kind in ("recheck", "fail"):
        return sender.recheck(F, when, passed=kind == "recheck", seen=seen)
    if kind == "change":
        return sender.change(F, when, owner="t2", school="s1")
    return getattr(sender, kind)(F, when)
