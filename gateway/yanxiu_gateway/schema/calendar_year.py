"""The calendar of the district: days of rest and of work of a year, and setCalendarDays."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import calendar_year as wire

from yanxiu_gateway.errors import granted
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, item_of, key_problem, settled

HOLIDAYS = "放假的日子（周末以外的休息日；通知所列的周末可一并填写）。Days of rest beside the weekends."
WORKDAYS = "因调休而上班的星期六、星期日。Weekend days on which people work instead."
NOTICE = "所依据通知的文号或名称。Number or title of the notice."


@strawberry.type(
    name="CalendarYear",
    description="一年的放假和调休安排；期限中的“工作日”按此计算。"
    "A year's days of rest and work, by which working days count.",
)
class CalendarYear:
    """A calendar year."""

    year: int = strawberry.field(description="公历年份。The calendar year.")
    holidays: list[date] = strawberry.field(description=HOLIDAYS)
    workdays: list[date] = strawberry.field(description=WORKDAYS)
    notice: str = strawberry.field(description=NOTICE)
    version: int = strawberry.field(description="版本号，每次改动加一。Grows by one with every change.")


@strawberry.input(name="SetCalendarDaysInput", description="setCalendarDays 的输入。Input of setCalendarDays.")
class SetCalendarDaysInput:
    """Which days."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    year: int = strawberry.field(description="公历年份。The calendar year.")
    holidays: list[date] = strawberry.field(description=HOLIDAYS)
    workdays: list[date] = strawberry.field(description=WORKDAYS)
    notice: str = strawberry.field(description=NOTICE)


@strawberry.type(name="SetCalendarDaysPayload", description="setCalendarDays 的结果。What setCalendarDays came to.")
class SetCalendarDaysPayload(Payload):
    """The year or errors."""

    calendar_year: CalendarYear | None = strawberry.field(
        resolver=item_of, description="全年的安排。The year as it now stands."
    )


async def set_calendar_days(
    info: Info,
    given: Annotated[SetCalendarDaysInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Enter a year's days."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    command = wire.SetCalendarDays(
        caller=context.caller,
        key=given.idempotency_key,
        year=given.year,
        holidays=tuple(given.holidays),
        workdays=tuple(given.workdays),
        notice=given.notice,
    )
    return settled(await context.backend.set_calendar_days(command, deadline=context.deadline))


async def list_calendar_years(info: Info) -> Any:
    """The district's calendar years."""
    context = info.context
    query = wire.ListCalendarYears(caller=context.caller)
    return granted(await context.backend.list_calendar_years(query, deadline=context.deadline)).items


@strawberry.type(description="校历的查询。What can be asked about the calendar.")
class CalendarQueries:
    """Root fields."""

    calendar_years: list[CalendarYear] | None = strawberry.field(
        resolver=list_calendar_years,
        description="本区各年的放假和调休安排，从早到晚。The district's calendar years, oldest first.",
    )


@strawberry.type(description="校历的写操作。What can be done to the calendar.")
class CalendarMutations:
    """Root fields."""

    set_calendar_days: SetCalendarDaysPayload | None = strawberry.mutation(
        resolver=set_calendar_days,
        description="按通知登记或更正一年的放假和调休（整年一次填写）。"
        "Enter or correct a year's days of rest and work, both lists whole.",
    )
