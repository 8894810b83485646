"""Research themes (1+x): schools' themes of a school year, what the law answers, declaring and filing them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import strawberry
from yanxiu_wire import themes as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.named_rows import named_school
from yanxiu_gateway.schema.nodes import (
    After,
    AsOf,
    Connection,
    First,
    asked_page,
    global_id,
    page_rows,
    plain_id,
)
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, carried_out, item_of
from yanxiu_gateway.schema.ruling import Ruling
from yanxiu_gateway.schema.school import School

INPUT = "输入。The input."
SCHOOL_YEAR = "学年，如 2024-2025。The school year, such as 2024-2025."
SEEN = (
    "所见的版本，尚未登记的为 0；已有更新的一版则不予办理。The version that was seen, 0 for none; refused where newer."
)
Row = strawberry.Parent[wire.SchoolThemes]


school_of = named_school("school")


def groups_of(root: Row) -> list[strawberry.ID]:
    """Global ids of its groups."""
    return [global_id("ResearchGroup", one) for one in root.groups]


def without_of(root: Row) -> list[strawberry.ID]:
    """Global ids of those without a theme."""
    return [global_id("ResearchGroup", one) for one in root.without_own]


def group_of(root: strawberry.Parent[wire.GroupTheme]) -> strawberry.ID:
    """The group's global id."""
    return global_id("ResearchGroup", root.group)


@strawberry.type(name="GroupTheme", description="一个教研组的个性主题。A theme of a research group's own.")
class GroupTheme:
    """A theme."""

    group_id: strawberry.ID = strawberry.field(resolver=group_of, description="教研组。The group.")
    title: str = strawberry.field(description="主题。The theme.")


@strawberry.type(name="ThemesDeclared", description="登记的一版研修主题。A version of a school's themes.")
class ThemesDeclared:
    """A version."""

    version: int = strawberry.field(description="第几版，自1起。Which version, from 1.")
    common: list[str] = strawberry.field(description="学校共性主题。The themes that all have in common.")
    own: list[GroupTheme] = strawberry.field(description="各教研组的个性主题。The groups' own.")
    declared_by: str = strawberry.field(description="登记人。Who set this version down.")
    declared_at: datetime = strawberry.field(description="登记时刻。When it was set down.")
    filed_on: date | None = strawberry.field(
        description="报备日期；改动后须重新报备，未报备为空。The day it was filed; null where it is not as it stands."
    )


@strawberry.type(
    name="SchoolThemes", description="一所学校一学年的研修主题（1+x）。A school's research themes of a year."
)
class SchoolThemes:
    """A row."""

    school: School | None = strawberry.field(resolver=school_of, description="学校。The school.")
    school_year: str = strawberry.field(description="学年。The school year.")
    themes: ThemesDeclared | None = strawberry.field(description="主题；未登记为空。Its themes; null where none are.")
    group_ids: list[strawberry.ID] = strawberry.field(resolver=groups_of, description="教研组。Its research groups.")
    without_own_ids: list[strawberry.ID] = strawberry.field(
        resolver=without_of, description="没有个性主题的教研组。Those without a theme of their own."
    )
    failed: list[str] = strawberry.field(description="违反的条款。Clauses breached.")
    warned: list[str] = strawberry.field(description="提示的条款。Clauses warned of.")
    rulings: list[Ruling] = strawberry.field(description="规定的答复及理由。What the law answers, and why.")


InYear = Annotated[str, strawberry.argument(name="schoolYear", description=SCHOOL_YEAR)]
Failing = Annotated[bool, strawberry.argument(description="只要有违反的。Only those with a clause breached.")]
Filed = Annotated[
    bool | None, strawberry.argument(description="只要已报备（或未报备）的。Only those filed as they stand, or not.")
]


async def list_themes(
    info: Info,
    school_year: InYear,
    as_of: AsOf = None,
    failing: Failing = False,
    filed: Filed = None,
    first: First = 50,
    after: After = None,
) -> Any:
    """A page of schools."""
    page = await info.context.loaders.programme.themes(
        school_year=school_year, as_of=as_of, failing=failing, filed=filed, page=asked_page(first, after)
    )
    return page_rows(page, after)


@strawberry.type(description="研修主题的查询。What can be asked about research themes.")
class SchoolThemesQueries:
    """Root fields."""

    school_themes: Connection[SchoolThemes] | None = strawberry.field(
        resolver=list_themes,
        description="各校一学年的研修主题（1+x）：是否登记、报备、合规；学校见本校的。"
        "Schools' research themes of a year: declared or not, filed or not, and what the law answers.",
    )


@strawberry.type(name="SchoolThemesPayload", description="研修主题写操作的结果。What a change of themes came to.")
class SchoolThemesPayload(Payload):
    """The themes or errors."""

    school_themes: SchoolThemes | None = strawberry.field(
        resolver=item_of, description="学校的主题与规定的答复。The school's themes, and what the law answers."
    )


@strawberry.input(name="GroupThemeInput", description="一个教研组的个性主题。A theme of a research group's own.")
class GroupThemeInput:
    """A theme."""

    group_id: strawberry.ID = strawberry.field(description="教研组。The group.")
    title: str = strawberry.field(description="主题。The theme.")


@strawberry.input(name="DeclareThemesInput", description="declareThemes 的输入。Input of declareThemes.")
class DeclareThemesInput:
    """All themes of a school."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    school_id: strawberry.ID = strawberry.field(description="学校。The school.")
    school_year: str = strawberry.field(description=SCHOOL_YEAR)
    common: list[str] = strawberry.field(description="学校共性主题。The themes that all have in common.")
    own: list[GroupThemeInput] = strawberry.field(description="各教研组的个性主题，整列填写。The groups' own, all.")
    expected_version: int = strawberry.field(default=0, description=SEEN)


@strawberry.input(name="FileThemesInput", description="fileThemes 的输入。Input of fileThemes.")
class FileThemesInput:
    """When they were filed."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    school_id: strawberry.ID = strawberry.field(description="学校。The school.")
    school_year: str = strawberry.field(description=SCHOOL_YEAR)
    filed_on: date = strawberry.field(description="报备日期，不晚于今天。The day of the filing, today at the latest.")
    expected_version: int = strawberry.field(description=SEEN)


_NAMES = {"own.group": "groupId"}


async def declare_themes(
    info: Info, given: Annotated[DeclareThemesInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Set a school's themes down."""
    own = (wire.GroupTheme(group=plain_id("ResearchGroup", one.group_id), title=one.title) for one in given.own)
    command = wire.DeclareThemes(
        caller=info.context.caller,
        key=given.idempotency_key,
        school=plain_id("School", given.school_id),
        school_year=given.school_year,
        common=tuple(given.common),
        own=tuple(own),
        expected_version=given.expected_version,
    )
    return await carried_out(info, info.context.backend.declare_themes, command, _NAMES)


async def file_themes(
    info: Info, given: Annotated[FileThemesInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """File a school's themes."""
    command = wire.FileThemes(
        caller=info.context.caller,
        key=given.idempotency_key,
        school=plain_id("School", given.school_id),
        school_year=given.school_year,
        filed_on=given.filed_on,
        expected_version=given.expected_version,
    )
    return await carried_out(info, info.context.backend.file_themes, command, _NAMES)


@strawberry.type(description="研修主题的写操作。What can be done about research themes.")
class SchoolThemesMutations:
    """Root fields."""

    declare_themes: SchoolThemesPayload | None = strawberry.mutation(
        resolver=declare_themes,
        description="登记一校一学年的研修主题；不合规的也登记，答复说明哪条。改动后须重新报备。"
        "Set a school's themes down, whatever the law says of them; the answer tells. Changed, they are filed anew.",
    )
    file_themes: SchoolThemesPayload | None = strawberry.mutation(
        resolver=file_themes,
        description="将现有的研修主题报备；报备即告知，无须批准。"
        "File the themes as they stand with the district: a notice, nobody approves it.",
    )
