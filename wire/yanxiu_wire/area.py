"""Messages of areas: the parts of a district in which schools do research together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.message import Command, Query
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import SERVICE


class Area(msgspec.Struct, frozen=True, kw_only=True, tag="area"):
    """An area (片区) as of a date; `ends_on` is its last day, None while it goes on."""

    id: str
    name: str
    begins_on: date
    ends_on: date | None = None
    version: int = 1


class CreateArea(Command, frozen=True, kw_only=True):
    """Enter an area from a day on; no two areas bear one name at a time."""

    name: str
    begins_on: date


class CorrectArea(Command, frozen=True, kw_only=True):
    """Change the name from `since` on, or the area's first and last day (`begins_on`, `ends_on`)."""

    area: str
    since: date
    expected_version: int | None = None
    changes: Mapping[str, Any]


class GetAreas(Query, frozen=True, kw_only=True):
    """Ask for areas by id, as of a date (default today); the answer keeps the order, None where unknown."""

    ids: tuple[str, ...]
    as_of: date | None = None


class ListAreas(Query, frozen=True, kw_only=True):
    """Ask for the areas that there are on a day (default today), by name."""

    as_of: date | None = None


class Areas(msgspec.Struct, frozen=True, kw_only=True, tag="areas"):
    """Areas in the order asked for, or by name."""

    items: tuple[Area | None, ...]


class AreaChanged(msgspec.Struct, frozen=True, kw_only=True):
    """An area's whole dated history: each entry holds from its date on, until `ends_on` of the card."""

    area: str
    version: int
    history: tuple[tuple[date, Area], ...]


CREATE_AREA = Endpoint(SERVICE, "create-area", CreateArea, Area | Refused, writes=True)
CORRECT_AREA = Endpoint(SERVICE, "correct-area", CorrectArea, Area | Refused, writes=True)
GET_AREAS = Endpoint(SERVICE, "get-areas", GetAreas, Areas | Refused)
LIST_AREAS = Endpoint(SERVICE, "list-areas", ListAreas, Areas | Refused)
AREA_CHANGED = Event(SERVICE, "area-changed", AreaChanged)
