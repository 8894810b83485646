"""Messages of studios: famous teachers' studios (名师工作室) of a district, and where they are stationed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.message import Command, Query
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import SERVICE


class Studio(msgspec.Struct, frozen=True, kw_only=True, tag="studio"):
    """A studio as of a date: its level and name as the district calls them, who leads it, and where it is stationed.

    `leader` is a teacher's id, `schools` are those at which it is stationed (定点入驻); `ends_on` is its last day.
    """

    id: str
    name: str
    level: str
    leader: str
    schools: tuple[str, ...] = ()
    begins_on: date
    ends_on: date | None = None
    version: int = 1


class OpenStudio(Command, frozen=True, kw_only=True):
    """Enter a studio from a day on; no two studios bear one name at a time."""

    name: str
    level: str
    leader: str
    schools: tuple[str, ...] = ()
    begins_on: date


class CorrectStudio(Command, frozen=True, kw_only=True):
    """Change name, level, leader or schools from `since` on, or its first and last day (`begins_on`, `ends_on`)."""

    studio: str
    since: date
    expected_version: int | None = None
    changes: Mapping[str, Any]


class ListStudios(Query, frozen=True, kw_only=True):
    """Ask for the studios that there are on a day (default today), by name; `school`: only those stationed there."""

    as_of: date | None = None
    school: str | None = None
    ids: tuple[str, ...] = ()


class Studios(msgspec.Struct, frozen=True, kw_only=True, tag="studios"):
    """Studios by name."""

    items: tuple[Studio, ...]


class StudioChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A studio's whole dated history: each entry holds from its date on, until `ends_on` of the card."""

    studio: str
    version: int
    history: tuple[tuple[date, Studio], ...]


OPEN_STUDIO = Endpoint(SERVICE, "open-studio", OpenStudio, Studio | Refused, writes=True)
CORRECT_STUDIO = Endpoint(SERVICE, "correct-studio", CorrectStudio, Studio | Refused, writes=True)
LIST_STUDIOS = Endpoint(SERVICE, "list-studios", ListStudios, Studios | Refused)
STUDIO_CHANGED = Event(SERVICE, "studio-changed", StudioChanged)
