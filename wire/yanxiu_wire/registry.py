"""Messages of the registry's ground: districts under their rule packs, schools, and telling all of it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.follow_up import Followed, FollowUp
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import Refused

Stage = Literal["kindergarten", "primary", "junior", "senior", "nine-year", "complete", "special", "vocational"]
Affiliation = Literal["county-school", "municipal-direct-school", "municipal-institution", "county-institution"]
TAUGHT_TOGETHER: Mapping[Stage, tuple[Stage, ...]] = {
    "nine-year": ("primary", "junior"),
    "complete": ("junior", "senior"),
}


def taught_in(stage: Stage) -> tuple[Stage, ...]:
    """The stages of schooling taught in a school of this stage: a nine-year school is both primary and junior."""
    return TAUGHT_TOGETHER.get(stage, (stage,))


# ---- views -----------------------------------------------------------------------------------------------------


class PackBinding(msgspec.Struct, frozen=True, kw_only=True):
    """From `since` on, the district is under this rule pack and these settings (parameter -> value, decided by).

    `version` is that of the pack; a binding made before versions were kept has none, and follows what is installed.
    """

    pack: str
    since: date
    settings: Mapping[str, Any] = {}
    decided_by: str | None = None
    version: str | None = None


class District(msgspec.Struct, frozen=True, kw_only=True, tag="district"):
    """A district with its dated rule-pack bindings, oldest first; `version` grows with every change."""

    id: str
    name_zh: str
    name_en: str
    bindings: tuple[PackBinding, ...] = ()
    synthetic: bool = False
    version: int = 1


class School(msgspec.Struct, frozen=True, kw_only=True, tag="school"):
    """A school as of a date; `weak` (薄弱学校) says that the decision `weak_decided_by` named it one."""

    id: str
    code: str
    name: str
    stage: Stage
    location: Literal["town", "rural"]
    ownership: Literal["public", "private"] = "public"
    affiliation: Affiliation = "county-school"
    area: str | None = None
    weak: bool = False
    weak_decided_by: str | None = None
    opened_on: date
    closed_on: date | None = None
    version: int = 1


# ---- district --------------------------------------------------------------------------------------------------


class CreateDistrict(Command, frozen=True, kw_only=True):
    """Open a district (platform operator)."""

    name_zh: str
    name_en: str
    synthetic: bool = False


class BindRulePack(Command, frozen=True, kw_only=True):
    """Put the district under a pack from a date on; a date before the newest binding is refused.

    Without `version` the one that is installed in the environment now is bound.
    """

    pack: str
    since: date
    settings: Mapping[str, Any] = {}
    decided_by: str | None = None
    version: str | None = None


class CancelRulePackBinding(Command, frozen=True, kw_only=True):
    """Take back a binding before its day: the district stays under the one before. `reason` is kept."""

    since: date
    reason: str


class CorrectDistrict(Command, frozen=True, kw_only=True):
    """Change the names of a district; a name not given stays as it is."""

    expected_version: int | None = None
    name_zh: str | None = None
    name_en: str | None = None


class ListDistricts(Query, frozen=True, kw_only=True):
    """Ask for a page of the platform's districts in id order (platform operator); asked of the district `platform`."""

    page: Page = Page()


class DistrictPage(msgspec.Struct, frozen=True, kw_only=True, tag="district-page"):
    """A page of districts; `cursors` stand beside `items`; `total` counts all."""

    items: tuple[District, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class GetDistrict(Query, frozen=True, kw_only=True):
    """Ask for the caller's own district."""


# ---- school ----------------------------------------------------------------------------------------------------


class CreateSchool(Command, frozen=True, kw_only=True):
    """Enter a school; `code` is unique in the district; of a weak one, the decision that named it so."""

    code: str
    name: str
    stage: Stage
    location: Literal["town", "rural"]
    ownership: Literal["public", "private"] = "public"
    affiliation: Affiliation = "county-school"
    area: str | None = None
    weak_decided_by: str | None = None
    opened_on: date


class CorrectSchool(Command, frozen=True, kw_only=True):
    """Change the named fields of a school from a date on; earlier days keep the earlier values.

    `weak_decided_by` names the decision by which the school is weak from that day on; null, that it no longer is.
    """

    school: str
    since: date
    expected_version: int | None = None
    changes: Mapping[str, Any]


class GetSchools(Query, frozen=True, kw_only=True, omit_defaults=True):
    """Ask for schools by id, as of a date (default today); the answer keeps the order, None where unknown.

    `then` brings follow-up questions, here and with the other lists that have it.
    """

    ids: tuple[str, ...]
    as_of: date | None = None
    then: tuple[FollowUp, ...] = ()


class Schools(msgspec.Struct, frozen=True, kw_only=True, tag="schools", omit_defaults=True):
    """Schools in the order asked for; `followed` stands beside the question's `then`."""

    items: tuple[School | None, ...]
    followed: Followed = ()


class ListSchools(Query, frozen=True, kw_only=True, omit_defaults=True):
    """Ask for a page of schools as of a date; `teaches` finds a nine-year school for both its stages.

    They come by code, by name (in the order of Unicode), or those first that were entered last.
    """

    page: Page = Page()
    as_of: date | None = None
    stage: Stage | None = None
    teaches: Stage | None = None
    area: str | None = None
    weak: bool | None = None
    search: str | None = None
    order: Literal["code", "name", "newest"] = "code"
    then: tuple[FollowUp, ...] = ()


class SchoolPage(msgspec.Struct, frozen=True, kw_only=True, tag="school-page", omit_defaults=True):
    """A page of schools; `cursors` stand beside `items`; `total` counts all matches."""

    items: tuple[School, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int
    followed: Followed = ()


class Republish(Command, frozen=True, kw_only=True):
    """Announce everything on the register again (for a consumer that rebuilds its projection)."""


class Republished(msgspec.Struct, frozen=True, kw_only=True, tag="republished"):
    """How many announcements were queued."""

    events: int


# ---- endpoints and events --------------------------------------------------------------------------------------

SERVICE = "registry"

CREATE_DISTRICT = Endpoint(SERVICE, "create-district", CreateDistrict, District | Refused, writes=True)
CORRECT_DISTRICT = Endpoint(SERVICE, "correct-district", CorrectDistrict, District | Refused, writes=True)
LIST_DISTRICTS = Endpoint(SERVICE, "list-districts", ListDistricts, DistrictPage | Refused)
BIND_RULE_PACK = Endpoint(SERVICE, "bind-rule-pack", BindRulePack, District | Refused, writes=True)
CANCEL_RULE_PACK_BINDING = Endpoint(
    SERVICE, "cancel-rule-pack-binding", CancelRulePackBinding, District | Refused, writes=True
)
GET_DISTRICT = Endpoint(SERVICE, "get-district", GetDistrict, District | Refused)
CREATE_SCHOOL = Endpoint(SERVICE, "create-school", CreateSchool, School | Refused, writes=True)
CORRECT_SCHOOL = Endpoint(SERVICE, "correct-school", CorrectSchool, School | Refused, writes=True)
GET_SCHOOLS = Endpoint(SERVICE, "get-schools", GetSchools, Schools | Refused)
LIST_SCHOOLS = Endpoint(SERVICE, "list-schools", ListSchools, SchoolPage | Refused)
REPUBLISH = Endpoint(SERVICE, "republish", Republish, Republished | Refused, writes=True, seconds=60)


class DistrictChanged(msgspec.Struct, frozen=True, kw_only=True):
    """The district as it now stands, with all bindings."""

    district: District


class SchoolChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A school's whole dated history: each entry holds from its date on."""

    school: str
    version: int
    history: tuple[tuple[date, School], ...]


DISTRICT_CHANGED = Event(SERVICE, "district-changed", DistrictChanged)
SCHOOL_CHANGED = Event(SERVICE, "school-changed", SchoolChanged)
