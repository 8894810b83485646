"""Messages of leading groups (领导小组) of a district and action groups (行动小组) of its schools."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import SERVICE

Part = Literal["head", "deputy", "in-charge", "member"]


class LeadingMember(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a leading group: its part there, the post of who holds it (局长, 副校长), the teacher if he is one.

    `in-charge` is who sees to it that the work is done (统筹落实).
    """

    part: Part
    post: str
    teacher: str | None = None


class LeadingGroup(msgspec.Struct, frozen=True, kw_only=True, tag="leading-group"):
    """A leading group as of a date, of a school, or of the district (`school` None).

    `kind` is a word of the district's law (领导小组, 行动小组); `remark` says why a place that the law wants is empty.
    """

    id: str
    kind: str
    school: str | None = None
    members: tuple[LeadingMember, ...]
    remark: str | None = None
    begins_on: date
    ends_on: date | None = None
    version: int = 1


class SetUpLeadingGroup(Command, frozen=True, kw_only=True):
    """Enter a leading group; a school, or the district, has one of a kind at a time."""

    kind: str
    school: str | None = None
    members: tuple[LeadingMember, ...]
    remark: str | None = None
    begins_on: date


class CorrectLeadingGroup(Command, frozen=True, kw_only=True):
    """Change `members` (whole) or `remark` from a date on; or `begins_on`, `ends_on` of the group as such."""

    group: str
    since: date
    expected_version: int | None = None
    changes: Mapping[str, Any]


class GetLeadingGroups(Query, frozen=True, kw_only=True):
    """Ask for leading groups by id, as of a date (default today); the order is kept, None where unknown."""

    ids: tuple[str, ...]
    as_of: date | None = None


class LeadingGroups(msgspec.Struct, frozen=True, kw_only=True, tag="leading-groups"):
    """Leading groups in the order asked for."""

    items: tuple[LeadingGroup | None, ...]


class ListLeadingGroups(Query, frozen=True, kw_only=True):
    """Ask for a page of the leading groups that there are on a day (default today), in id order."""

    page: Page = Page()
    as_of: date | None = None
    school: str | None = None
    of_district: bool | None = None
    kind: str | None = None


class LeadingGroupPage(msgspec.Struct, frozen=True, kw_only=True, tag="leading-group-page"):
    """A page of leading groups; `cursors` stand beside `items`; `total` counts all matches."""

    items: tuple[LeadingGroup, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class LeadingGroupChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A leading group's whole dated history: each entry holds from its date on, until `ends_on` of the card."""

    group: str
    version: int
    history: tuple[tuple[date, LeadingGroup], ...]


SET_UP_LEADING_GROUP = Endpoint(SERVICE, "set-up-leading-group", SetUpLeadingGroup, LeadingGroup | Refused, writes=True)
CORRECT_LEADING_GROUP = Endpoint(
    SERVICE, "correct-leading-group", CorrectLeadingGroup, LeadingGroup | Refused, writes=True
)
GET_LEADING_GROUPS = Endpoint(SERVICE, "get-leading-groups", GetLeadingGroups, LeadingGroups | Refused)
LIST_LEADING_GROUPS = Endpoint(SERVICE, "list-leading-groups", ListLeadingGroups, LeadingGroupPage | Refused)
LEADING_GROUP_CHANGED = Event(SERVICE, "leading-group-changed", LeadingGroupChanged)
