"""Messages of research themes (1+x) of a school year: a school's common one, its groups' own, and their filing."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import Refused
from yanxiu_wire.ruling import Ruling

_SERVICE = "visits"


class GroupTheme(msgspec.Struct, frozen=True, kw_only=True):
    """A theme of one research group's own."""

    group: str
    title: str


class ThemesDeclared(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a school's themes of a school year; versions count from 1, and each says who set it down.

    `filed_on` is the day on which this version was filed with the district (报备), None where it is not.
    """

    version: int
    common: tuple[str, ...]
    own: tuple[GroupTheme, ...]
    declared_by: str
    declared_at: datetime
    filed_on: date | None = None


class SchoolThemes(msgspec.Struct, frozen=True, kw_only=True, tag="school-themes"):
    """A school's themes as of a day, its groups, those without a theme of their own, and what the law answers.

    `themes` is None where it declared none.
    """

    school: str
    school_year: str
    themes: ThemesDeclared | None
    groups: tuple[str, ...]
    without_own: tuple[str, ...]
    failed: tuple[str, ...]
    warned: tuple[str, ...]
    rulings: tuple[Ruling, ...]
    replayed: bool = False


class DeclareThemes(Command, frozen=True, kw_only=True):
    """Set a school's themes of a school year down, all of them; `expected_version` is the one seen, 0 for none."""

    school: str
    school_year: str
    common: tuple[str, ...]
    own: tuple[GroupTheme, ...]
    expected_version: int = 0


class FileThemes(Command, frozen=True, kw_only=True):
    """File the themes as they stand with the district on a day, today at the latest: a notice, nobody approves it."""

    school: str
    school_year: str
    filed_on: date
    expected_version: int


class ListSchoolThemes(Query, frozen=True, kw_only=True):
    """Ask for a page of schools, by id, of a school year as of a day (default today).

    `failing`: only those with a clause breached; `filed`: only those filed as they stand, or only those not.
    """

    page: Page = Page()
    school_year: str
    as_of: date | None = None
    failing: bool = False
    filed: bool | None = None


class SchoolThemesPage(msgspec.Struct, frozen=True, kw_only=True, tag="school-themes-page"):
    """A page of schools."""

    items: tuple[SchoolThemes, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int
    as_of: date


DECLARE_THEMES = Endpoint(_SERVICE, "declare-themes", DeclareThemes, SchoolThemes | Refused, writes=True)
FILE_THEMES = Endpoint(_SERVICE, "file-themes", FileThemes, SchoolThemes | Refused, writes=True)
LIST_SCHOOL_THEMES = Endpoint(_SERVICE, "list-school-themes", ListSchoolThemes, SchoolThemesPage | Refused)
