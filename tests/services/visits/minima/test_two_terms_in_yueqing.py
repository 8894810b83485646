"""Two terms of a researcher at a base school of Yueqing: seen in time that a week was lost, and judged when over."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from yanxiu_wire import field_records, visiting
from yanxiu_wire import minima as wire
from yanxiu_wire import work_assessment as wire_assessment
from yanxiu_wire.field_records import Summary
from yanxiu_wire.registry import PackBinding

from tests.services.visits.conftest import House
from tests.services.visits.field import TERM, Sender, new_id
from tests.services.visits.minima.test_coverage import place


async def seen(house: Any, term: str, day: date) -> Any:
    query = wire.GetTermMinima(caller=house.officer, researcher="r1", term=term, as_of=day)
    found = await house.call(wire.GET_TERM_MINIMA, query)
    return found, {one.measure: one for one in found.minima}


async def _worked(house: House) -> None:
    """A researcher's September: four days, a lesson at each of two schools, one of a visit that was cancelled."""
    me = Sender(district=house.district)
    for day, school in (("09-03", "s1"), ("09-10", "s1"), ("09-11", "s2"), ("09-23", "s1")):
        name = new_id("visit")
        await house.call(visiting.ARRIVE_AT_SCHOOL, me.arrive(name, f"{day} 08:00", school))
        await house.call(visiting.LEAVE_SCHOOL, me.leave(name, f"{day} 16:00"))
    comment = {"comment": "好"}
    gone = new_id("cancelled")
    await house.call(visiting.ARRIVE_AT_SCHOOL, me.arrive(gone, "09-04 08:00", "s1"))
    for lesson, at in (
        (new_id("here"), {"school": "s1"}),
        (new_id("there"), {"school": "s2"}),
        (new_id("void"), {"school": "s1", "visit": gone}),
    ):
        record = me.observe(lesson, "09-10 10:00", on="09-10", lesson=comment, **at)
        await house.call(field_records.RECORD_WORK, record)
    await house.call(visiting.CANCEL_VISIT, me.cancel(gone, "09-10 18:00"))
    summary = me.work(new_id("month"), Summary(month="2024-09", text="九月小结"), "10-08 09:00", on="10-08")
    await house.call(field_records.RECORD_WORK, summary)


async def test_what_is_lost_and_what_is_not_yet(quick_visits: Any) -> None:
    house = House(quick_visits, quick_visits.bus, "yueqing-two-terms")
    await house.bind(PackBinding(pack="yueqing", since=date(2020, 10, 20)))
    await house.open("s1", "s2")
    await house.employ("r1", "s2")
    await house.enrol("r1")
    await house.settle()
    await place(house, ("r1", "s1"))
    await _worked(house)

    early, then = await seen(house, TERM, date(2024, 9, 15))
    assert (early.placed, early.schools) == (True, ("s1",))
    # Two days at the base school; the one at another school counts nowhere, nor does a lesson of a cancelled visit.
    assert (then["visit_days"].earned, len(then["visit_days"].visits)) == (Decimal(2), 2)
    assert (then["observed_and_commented"].earned, len(then["observed_and_commented"].records)) == (Decimal(1), 1)
    assert {one.state for one in then.values()} == {"met", "open"}
    later, now = await seen(house, TERM, date(2024, 10, 10))
    # The weeks of 16 and 30 September passed without a visit; that of 7 October is not over.
    assert (now["weeks_below_minimum"].earned, now["weeks_below_minimum"].state) == (Decimal(2), "missed")
    assert (now["visit_days"].state, now["visit_days"].shortfall) == ("open", Decimal(17))
    assert (now["months_missing"].state, later.state) == ("met", "missed")
    over, end = await seen(house, TERM, date(2025, 3, 1))
    assert {"YUEQING-6-3a", "YUEQING-6-3b", "YUEQING-6-3c", "YUEQING-5-2d"} <= set(over.failed)
    assert all(one.state in {"met", "missed"} for one in end.values())
    query = wire_assessment.ListWorkAssessments(
        caller=house.officer,
        school_year="2024-2025",
        as_of=date(2025, 7, 1),
        columns=(wire_assessment.SheetColumn(heading="到校天数", kind="earned", of="visit_days"),),
    )
    year = await house.call(wire_assessment.LIST_WORK_ASSESSMENTS, query)
    (row,) = year.items
    assert (row.values, [one.term for one in row.terms]) == (("3",), [TERM, "2024-2025-2"])
    assert {one.kind for one in row.rulings} == {"yearly_assessment", "task_log"}


async def test_a_year_in_which_the_law_begins_rests_on_the_terms_that_began_under_it(quick_visits: Any) -> None:
    house = House(quick_visits, quick_visits.bus, "yueqing-first-year")
    await house.bind(PackBinding(pack="yueqing", since=date(2024, 11, 1)))
    await house.open("s1")
    await house.enrol("r1")
    await house.settle()

    async def assessed(day: date) -> Any:
        query = wire_assessment.ListWorkAssessments(caller=house.officer, school_year="2024-2025", as_of=day)
        return await house.call(wire_assessment.LIST_WORK_ASSESSMENTS, query)

    refused = await assessed(date(2024, 12, 1))
    assert [one.code for one in refused.errors] == ["LAW_NOT_IN_FORCE"]
    year = await assessed(date(2025, 3, 1))
    assert year.terms == ("2024-2025-2",)
    assert [one.term for one in year.items[0].terms] == ["2024-2025-2"]
