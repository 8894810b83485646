"""Messages of the calendar: on which days of a year nobody works, and on which days of rest people do."""

from __future__ import annotations

from datetime import date

import msgspec

from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.message import Command, Query
from yanxiu_wire.refusal import Refused

SERVICE = "registry"


class CalendarYear(msgspec.Struct, frozen=True, kw_only=True, tag="calendar-year"):
    """A calendar year as a notice orders it, both lists whole and in order.

    `holidays` are days of rest beside the weekly ones (a notice may name weekend days among them), `workdays` the
    weekend days on which people work instead; `notice` is its number or title.
    """

    year: int
    holidays: tuple[date, ...]
    workdays: tuple[date, ...]
    notice: str
    version: int = 1


class SetCalendarDays(Command, frozen=True, kw_only=True):
    """Enter or correct a year's days of rest and of work: both lists whole, in place of those before."""

    year: int
    holidays: tuple[date, ...]
    workdays: tuple[date, ...]
    notice: str


class ListCalendarYears(Query, frozen=True, kw_only=True):
    """Ask for the district's calendar years as they now stand, oldest first."""


class CalendarYears(msgspec.Struct, frozen=True, kw_only=True, tag="calendar-years"):
    """The district's calendar years."""

    items: tuple[CalendarYear, ...]


class CalendarChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar year as it now stands."""

    calendar: CalendarYear


SET_CALENDAR_DAYS = Endpoint(SERVICE, "set-calendar-days", SetCalendarDays, CalendarYear | Refused, writes=True)
LIST_CALENDAR_YEARS = Endpoint(SERVICE, "list-calendar-years", ListCalendarYears, CalendarYears | Refused)
CALENDAR_CHANGED = Event(SERVICE, "calendar-changed", CalendarChanged)
