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
    own = await house.call(wire.RECHECK_FINDING, me.recheck(found.id))
    assert (own.effect, own.cautions[0].code) == ("without-effect", "FINDING_NOT_IN_STATE")
    answered = await house.call(wire.REPORT_REMEDY, owner.remedy(found.id))
    assert (answered.effect, answered.finding.state) == ("applied", "remedied")
    alone = await house.call(wire.RECHECK_FINDING, me.recheck(found.id, "10-16 10:00"))
    assert (alone.effect, alone.cautions[0].code, alone.finding.state) == ("without-effect", "SAME_PERSON", "remedied")
    closed = await house.call(wire.RECHECK_FINDING, second.recheck(found.id))
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
    check = await quick_house.call(wire.RECHECK_FINDING, second.recheck(f"r1.{made}"))
    early = await quick_house.call(wire.REPORT_REMEDY, school.remedy(f"r1.{made}"))
    assert (check.effect, early.effect, early.finding.state) == ("waiting", "waiting", "incomplete")
    assert (await listed(quick_house, quick_house.officer, open=True)).total == 0
    found = await quick_house.call(wire.RECORD_FINDING, me.find(made))
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
    error_of(await quick_house.call(wire.CHANGE_FINDING, me.change(f"r1.{made}", owner="nobody")), "PERSON_UNKNOWN")
    error_of(await quick_house.call(wire.RECHECK_FINDING, me.recheck("no such id")), "ID_MALFORMED")


async def listed(house: Any, caller: Any, **asked: Any) -> wire.FindingPage:
    return await house.call(wire.LIST_FINDINGS, wire.ListFindings(caller=caller, **asked))
