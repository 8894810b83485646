"""Enter or correct the days of rest and of work of a calendar year."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.calendar_year import CalendarYear, SetCalendarDays
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_registry.announce import announce_calendar
from yanxiu_registry.assess_calendar import calendar_faults, year_of
from yanxiu_registry.context import Registry
from yanxiu_registry.refusals import refused
from yanxiu_registry.store.calendar import add_version, version_of


async def set_calendar_days(
    registry: Registry, district: str, command: SetCalendarDays, deadline: Deadline
) -> CalendarYear | Refused:
    """The year; refused: VALUE_INVALID, DAY_OUTSIDE_YEAR, DAY_TWICE, WORKDAY_NOT_WEEKEND, NATIONAL_ID_MISPLACED."""

    async def work(conn: AsyncConnection) -> CalendarYear | Refused:
        if faults := calendar_faults(command):
            return refused(*faults)
        new = year_of(command, await version_of(conn, district, command.year))
        await add_version(conn, district, new, registry.stamp(command.caller))
        await announce_calendar(conn, district, new)
        return new

    return await once(registry.dbs, district, command, CalendarYear, deadline, work)
