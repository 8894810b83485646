"""Findings through the service: kept whoever sends what, told to nobody who may not see them, overdue in time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yanxiu_wire import findings as wire
from yanxiu_wire.noting import ListNotes
from yanxiu_wire.visiting import LIST_NOTES

from tests.services.visits.field import Sender, new_id

ErrorOf = Callable[[Any, str], Any]


async def test_from_the_finding_to_its_closure_each_by_his_own_role(house: Any) -> None:
    me, second = Sender(district=house.district), Sender("supervisor", "u1", district=house.district)
    owner = Sender("teacher", "t1", district=house.district)
    made = new_id("finding")
    found = (await house.call(wire.RECORD_FINDING, me.find(made, source_id="r1.visit-00000001"))).finding
    assert (found.id, found.state, found.finder, found.owner) == (f"r1.{made}", "open", "r1", "t1")
    own = await house.call(wire.RECHECK_FINDING, me.recheck(found))
    assert (own.effect, own.cautions[0].code) == ("without-effect", "FINDING_NOT_IN_STATE")
    answered = await house.call(wire.REPORT_REMEDY, owner.remedy(found.id))
    assert (answered.effect, answered.finding.state) == ("applied", "remedied")
    alone = await house.call(wire.RECHECK_FINDING, me.recheck(answered.finding, "10-16 10:00"))
    assert (alone.effect, alone.cautions[0].code, alone.finding.state) == ("without-effect", "SAME_PERSON", "remedied")
    closed = await house.call(wire.RECHECK_FINDING, second.recheck(answered.finding))
    assert (closed.finding.state, closed.finding.remedies[0].checked_by) == ("closed", "u1")
    notes = await house.call(LIST_NOTES, ListNotes(caller=owner.caller, about="finding", id=found.id))
    assert [one.effect for one in notes.items] == [
        *("applied", "applied", "without-effect", "without-effect", "applied")
    ]
    assert [one.id for one in (await listed(house, house.officer, open=False)).items] == [found.id]


async def test_a_remedy_and_a_recheck_that_came_before_their_finding_are_kept(quick_house: Any) -> None:
    me = Sender(district=quick_house.district)
    made = new_id("finding")
    school, second = (
        Sender("school-leader", "t2", school="s1", district=quick_house.district),
        Sender(person="r2", district=quick_house.district),
    )
    find, remedy = me.find(made), school.remedy(f"r1.{made}")
    seen = second.recheck(f"r1.{made}", seen=(find.key, remedy.key))
    check = await quick_house.call(wire.RECHECK_FINDING, seen)
    early = await quick_house.call(wire.REPORT_REMEDY, remedy)
    assert (check.effect, early.effect, early.finding.state) == ("waiting", "waiting", "incomplete")
    assert (await listed(quick_house, quick_house.officer, open=True)).total == 0
    found = await quick_house.call(wire.RECORD_FINDING, find)
    assert (found.finding.state, found.effect) == ("closed", "applied")


async def test_who_may_not_see_a_finding_cannot_tell_it_from_none(quick_house: Any, error_of: ErrorOf) -> None:
    me = Sender(district=quick_house.district)
    found = (await quick_house.call(wire.RECORD_FINDING, me.find(new_id("finding")))).finding
    stranger = Sender("school-leader", "t3", school="s2", district=quick_house.district)
    there = await quick_house.call(wire.REPORT_REMEDY, stranger.remedy(found.id))
    nowhere = await quick_house.call(wire.REPORT_REMEDY, stranger.remedy("r1.finding-no-such"))
    assert (there.effect, there.finding.state, there.finding.school) == ("waiting", "incomplete", None)
    assert (nowhere.effect, nowhere.finding.state, nowhere.finding.school) == ("waiting", "incomplete", None)
    asked = wire.GetFindings(caller=stranger.caller, ids=(found.id, "r1.finding-no-such"))
    assert (await quick_house.call(wire.GET_FINDINGS, asked)).items == (None, None)
    hidden = ListNotes(caller=stranger.caller, about="finding", id=found.id)
    error_of(await quick_house.call(LIST_NOTES, hidden), "FINDING_UNKNOWN")
    (still,) = (await listed(quick_house, quick_house.officer)).items
    assert still.state == "open"
    (adrift,) = (await listed(quick_house, quick_house.officer, state="incomplete")).items
    assert adrift.id == "r1.finding-no-such"


async def test_the_overdue_list_is_of_the_day_it_is_asked(quick_house: Any, clock: Any) -> None:
    me = Sender(district=quick_house.district)
    late = (await quick_house.call(wire.RECORD_FINDING, me.find(new_id("late"), due="10-17"))).finding
    soon = (await quick_house.call(wire.RECORD_FINDING, me.find(new_id("soon"), due="10-18"))).finding
    assert late.overdue
    assert not soon.overdue
    page = await listed(quick_house, quick_house.school("s1"), overdue=True)
    assert [one.id for one in page.items] == [late.id]
    assert [one.id for one in (await listed(quick_house, me.caller)).items] == [late.id, soon.id]
    assert (await listed(quick_house, quick_house.school("s2"))).total == 0
    assert (await listed(quick_house, quick_house.caller("teacher", teacher="t1"))).total == 2
    assert (await listed(quick_house, quick_house.caller("teacher", teacher="t2"))).total == 0


async def test_an_owner_is_a_person_of_the_school_and_the_deadline_not_before_the_finding(
    quick_house: Any, error_of: ErrorOf
) -> None:
    me = Sender(district=quick_house.district)
    made = new_id("finding")
    assert (
        error_of(await quick_house.call(wire.RECORD_FINDING, me.find(made, owner="t3")), "PERSON_UNKNOWN").field
        == "owner"
    )
    error_of(await quick_house.call(wire.RECORD_FINDING, me.find(made, school="nowhere")), "SCHOOL_UNKNOWN")
    error_of(await quick_house.call(wire.RECORD_FINDING, me.find(made, due="10-13")), "DAYS_MALFORMED")
    error_of(
        await quick_house.call(wire.CHANGE_FINDING, me.change(f"r1.{made}", owner="nobody", school="s1")),
        "PERSON_UNKNOWN",
    )
    elsewhere = me.change(f"r1.{made}", owner="t3", school="s1")
    error_of(await quick_house.call(wire.CHANGE_FINDING, elsewhere), "PERSON_UNKNOWN")
    error_of(await quick_house.call(wire.CHANGE_FINDING, me.change(f"r1.{made}", owner="t2")), "SCHOOL_UNKNOWN")
    error_of(await quick_house.call(wire.RECHECK_FINDING, me.recheck("no such id", seen=("a",))), "ID_MALFORMED")


async def test_a_recheck_says_what_it_was_taken_on(quick_house: Any, error_of: ErrorOf) -> None:
    me = Sender(district=quick_house.district)
    for seen, code in (((), "SEEN_INCOMPLETE"), (tuple(f"key-{one}" for one in range(501)), "TOO_MANY")):
        blind = me.recheck("r1.finding-0001", seen=seen)
        assert error_of(await quick_house.call(wire.RECHECK_FINDING, blind), code).field == "seen"


async def test_an_officer_acts_in_no_name_but_a_researchers(quick_house: Any, error_of: ErrorOf) -> None:
    officer = Sender("institute-officer", None, subject="officer-1", district=quick_house.district)
    school = Sender("school-leader", "t2", school="s1", district=quick_house.district)
    found = (await quick_house.call(wire.RECORD_FINDING, officer.find(new_id("finding")))).finding
    remedied = (await quick_house.call(wire.REPORT_REMEDY, school.remedy(found.id))).finding
    for name in ("nobody-at-all", "t3"):
        in_a_name = officer.recheck(remedied, researcher=name)
        refused = await quick_house.call(wire.RECHECK_FINDING, in_a_name)
        assert error_of(refused, "RESEARCHER_UNKNOWN").value == name
        typed = officer.find(new_id("finding"), researcher=name)
        error_of(await quick_house.call(wire.RECORD_FINDING, typed), "RESEARCHER_UNKNOWN")
    # What he found himself he does not check, in whose name ever.
    typed = await quick_house.call(wire.RECHECK_FINDING, officer.recheck(remedied, researcher="r2"))
    assert (typed.cautions[0].code, typed.finding.state) == ("SAME_PERSON", "remedied")


async def test_a_second_researcher_sees_what_waits_for_him_and_what_he_has_checked(house: Any) -> None:
    me, second = Sender(district=house.district), Sender(person="r2", district=house.district)
    owner = Sender("teacher", "t1", district=house.district)
    found = (await house.call(wire.RECORD_FINDING, me.find(new_id("finding"), text='"checked_by":"r2"'))).finding
    assert (await listed(house, second.caller)).total == 0
    await house.call(wire.REPORT_REMEDY, owner.remedy(found.id))
    (there,) = (await listed(house, second.caller, state="remedied")).items
    assert (there.id, there.state) == (found.id, "remedied")
    assert (await listed(house, house.caller("teacher", teacher="t2"))).total == 0
    failed = await house.call(wire.RECHECK_FINDING, second.recheck(there, passed=False))
    assert (failed.effect, failed.finding.state) == ("applied", "open")
    assert [one.id for one in (await listed(house, second.caller)).items] == [found.id]
    third = Sender(person="r3", district=house.district)
    assert (await listed(house, third.caller)).total == 0
    again = await house.call(wire.RECHECK_FINDING, second.recheck(there, "10-17 10:00"))
    assert (again.effect, again.cautions[0].code, again.finding.state) == (
        "without-effect", "RECHECK_OVERRULED", "open",
    )  # fmt: skip


async def test_who_has_not_seen_a_finding_learns_nothing_of_it_by_a_recheck(quick_house: Any) -> None:
    me, stranger = Sender(district=quick_house.district), Sender(person="r2", district=quick_house.district)
    found = (await quick_house.call(wire.RECORD_FINDING, me.find(new_id("finding")))).finding
    first = stranger.recheck(found.id, "10-17 08:00", seen=("no-such-key",))
    blind = stranger.recheck(found.id, seen=(first.key,))
    for one in (first, blind):
        answer = await quick_house.call(wire.RECHECK_FINDING, one)
        assert (answer.effect, answer.finding.state, answer.finding.school) == ("waiting", "incomplete", None)


async def listed(house: Any, caller: Any, **asked: Any) -> wire.FindingPage:
    return await house.call(wire.LIST_FINDINGS, wire.ListFindings(caller=caller, **asked))
