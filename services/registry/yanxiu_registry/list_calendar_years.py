"""Answer the district's calendar years."""

from __future__ import annotations

from yanxiu_wire.calendar_year import CalendarYears, ListCalendarYears
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_registry.context import Registry
from yanxiu_registry.store.calendar import all_years


async def list_calendar_years(
    registry: Registry, district: str, _query: ListCalendarYears, deadline: Deadline
) -> CalendarYears | Refused:
    """The years as they now stand, oldest first."""
    deadline.check()
    async with registry.dbs.read(district) as conn:
        return CalendarYears(items=await all_years(conn, district))
