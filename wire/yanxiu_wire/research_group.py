"""Messages of research groups (教研组) and of their filing with the district (报备), a notice without approval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import SERVICE


class ResearchGroup(msgspec.Struct, frozen=True, kw_only=True, tag="research-group"):
    """A research group as of a date, of one school or of one area; `leader` and `members` are teachers' ids.

    `kind` is a word of the district's law (学科教研组, 片区教研组, 项目教研组). `filed_on` is the day by `as_of`
    on which the group was filed as it stands, None when it was changed since or never filed; `archived_on` the day on
    which the district put that filing away. Of the leader: whether he is a backbone teacher (骨干教师; None: not
    stated), the paper by which he was chosen or the reason for choosing another, and who appointed him.
    """

    id: str
    kind: str
    name: str
    subject: str | None = None
    school: str | None = None
    area: str | None = None
    leader: str
    members: tuple[str, ...] = ()
    leader_backbone: bool | None = None
    leader_grounds: str | None = None
    appointed_by: str | None = None
    filed_on: date | None = None
    archived_on: date | None = None
    formed_on: date
    dissolved_on: date | None = None
    version: int = 1


class FormResearchGroup(Command, frozen=True, kw_only=True):
    """Enter a group of a school or an area; with `filed_on` it is filed at once."""

    kind: str
    name: str
    subject: str | None = None
    school: str | None = None
    area: str | None = None
    leader: str
    members: tuple[str, ...] = ()
    leader_backbone: bool | None = None
    leader_grounds: str | None = None
    appointed_by: str | None = None
    formed_on: date
    filed_on: date | None = None


class CorrectResearchGroup(Command, frozen=True, kw_only=True):
    """Change the named fields from a date on: kind, name, subject, leader and what is stated of him, members.

    Or formed_on and dissolved_on of the group as such. What is changed from a day on is to be filed anew; of a new
    leader nothing is stated but what the change says.
    """

    group: str
    since: date
    expected_version: int | None = None
    changes: Mapping[str, Any]


class FileResearchGroup(Command, frozen=True, kw_only=True):
    """File the group as it stands with the district (报备): a notice, nobody approves it."""

    group: str
    filed_on: date
    expected_version: int | None = None


class ArchiveResearchGroup(Command, frozen=True, kw_only=True):
    """Put a filing away in the district's archive (存档)."""

    group: str
    archived_on: date
    expected_version: int | None = None


class GetResearchGroups(Query, frozen=True, kw_only=True):
    """Ask for groups by id, as of a date (default today); the answer keeps the order, None where unknown."""

    ids: tuple[str, ...]
    as_of: date | None = None


class ResearchGroups(msgspec.Struct, frozen=True, kw_only=True, tag="research-groups"):
    """Research groups in the order asked for."""

    items: tuple[ResearchGroup | None, ...]


class ListResearchGroups(Query, frozen=True, kw_only=True):
    """Ask for a page of the groups that there are on a day (default today), in id order.

    `member` finds those that a teacher leads or belongs to; `filed` those filed as they stand, or (False) not.
    """

    page: Page = Page()
    as_of: date | None = None
    school: str | None = None
    area: str | None = None
    kind: str | None = None
    subject: str | None = None
    member: str | None = None
    filed: bool | None = None


class ResearchGroupPage(msgspec.Struct, frozen=True, kw_only=True, tag="research-group-page"):
    """A page of research groups; `cursors` stand beside `items`; `total` counts all matches."""

    items: tuple[ResearchGroup, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class ResearchGroupChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A group's whole dated history: each entry holds from its date on, until `dissolved_on` of the card.

    A card says on which day its composition was filed, also where that day lies after the entry's date.
    """

    group: str
    version: int
    history: tuple[tuple[date, ResearchGroup], ...]


FORM_RESEARCH_GROUP = Endpoint(SERVICE, "form-research-group", FormResearchGroup, ResearchGroup | Refused, writes=True)
CORRECT_RESEARCH_GROUP = Endpoint(
    SERVICE, "correct-research-group", CorrectResearchGroup, ResearchGroup | Refused, writes=True
)
FILE_RESEARCH_GROUP = Endpoint(SERVICE, "file-research-group", FileResearchGroup, ResearchGroup | Refused, writes=True)
ARCHIVE_RESEARCH_GROUP = Endpoint(
    SERVICE, "archive-research-group", ArchiveResearchGroup, ResearchGroup | Refused, writes=True
)
GET_RESEARCH_GROUPS = Endpoint(SERVICE, "get-research-groups", GetResearchGroups, ResearchGroups | Refused)
LIST_RESEARCH_GROUPS = Endpoint(SERVICE, "list-research-groups", ListResearchGroups, ResearchGroupPage | Refused)
RESEARCH_GROUP_CHANGED = Event(SERVICE, "research-group-changed", ResearchGroupChanged)
