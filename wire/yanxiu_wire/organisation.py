"""Messages of how schools are organised for research: their groups' filing (报备), and their leading groups, by law."""

from __future__ import annotations

from datetime import date

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Page, Query
from yanxiu_wire.noting import SERVICE
from yanxiu_wire.refusal import Refused
from yanxiu_wire.ruling import Ruling


class SchoolOrganisation(msgspec.Struct, frozen=True, kw_only=True):
    """A school's groups and leading group as of a day, and what the law answers; `led`: it has a leading group.

    `groups` are ids of its research groups, `unfiled` those that are not filed as they stand, late or not yet;
    `outside` are its teachers of minor subjects (小学科) who are in no group of an area.
    """

    school: str
    groups: tuple[str, ...]
    unfiled: tuple[str, ...]
    led: bool
    failed: tuple[str, ...]
    warned: tuple[str, ...]
    rulings: tuple[Ruling, ...]
    outside: tuple[str, ...] = ()


class ListSchoolOrganisations(Query, frozen=True, kw_only=True):
    """Ask for a page of schools, by id, as of a day (default today); `failing`: only those with a clause breached."""

    page: Page = Page()
    as_of: date | None = None
    failing: bool = False


class SchoolOrganisationPage(msgspec.Struct, frozen=True, kw_only=True, tag="school-organisation-page"):
    """A page; `district` is what the law answers of the whole: its leading group, where one is on file, the groups of
    its areas, whether each school is in one area, and its studios. `area_groups` are those groups, `area_unfiled`
    those not filed.

    `filing_days`: within how many days a group is to be filed, None where the law sets none.
    """

    items: tuple[SchoolOrganisation, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int
    as_of: date
    filing_days: int | None
    district: tuple[Ruling, ...]
    area_groups: tuple[str, ...] = ()
    area_unfiled: tuple[str, ...] = ()


LIST_SCHOOL_ORGANISATIONS = Endpoint(
    SERVICE, "list-school-organisations", ListSchoolOrganisations, SchoolOrganisationPage | Refused
)
