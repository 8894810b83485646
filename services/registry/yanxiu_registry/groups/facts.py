"""What changes about research groups and leading groups by date."""

from __future__ import annotations

from datetime import date

import msgspec
from yanxiu_wire.leading_group import LeadingMember


class GroupFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a group is from one day to the next, and when it was filed and archived as it is (报备, 存档)."""

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


class LeadingFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a leading group is from one day to the next; kind and school stay."""

    kind: str
    school: str | None = None
    members: tuple[LeadingMember, ...]
    remark: str | None = None
