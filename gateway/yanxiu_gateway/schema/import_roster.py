"""The roster import: lay rows ready, check them, apply them in one transaction, take an import back."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import roster_import

from yanxiu_gateway.errors import granted
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import AsOf
from yanxiu_gateway.schema.outcome import (
    IDEMPOTENCY_KEY,
    Payload,
    UserError,
    UserErrorRow,
    item_of,
    key_problem,
    settled,
)
from yanxiu_gateway.schema.semantic_null import NULL_IS_A_HOLE

ROSTER = "导入批次的编号，自己起，如一个 UUID。Id of the import, made by the client, such as a UUID."

ROWS = (
    "名册共有几行；暂存的行数不同即不写入（ROSTER_INCOMPLETE）。"
    "How many rows the roster has in all; where not as many lie ready nothing is entered (ROSTER_INCOMPLETE)."
)


@strawberry.input(name="RosterCellInput", description="一格：列与文字。A cell: its column and text.")
class RosterCellInput:
    """A cell."""

    column: str = strawberry.field(
        description="列的键，如 staff_number、name、school_code。"
        "The column's key, such as staff_number, name, school_code."
    )
    text: str = strawberry.field(description="格中文字，照原样。The text as it stands in the file.")


@strawberry.input(name="RosterRowInput", description="花名册的一行。A row of the roster.")
class RosterRowInput:
    """A row."""

    number: int = strawberry.field(description="在文件中的行号。Its number in the file.")
    cells: list[RosterCellInput] = strawberry.field(description="各格。Its cells.")


@strawberry.input(
    name="StageRosterInput",
    description="stageRoster 的输入；整个请求不超过 64 KB，约 200 行，可分多次。"
    "Input of stageRoster; the whole request is at most 64 KB, about 200 rows: call it several times.",
)
class StageRosterInput:
    """Rows to lay ready."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    roster_id: strawberry.ID = strawberry.field(description=ROSTER)
    rows: list[RosterRowInput] = strawberry.field(description="各行。The rows.")


@strawberry.input(name="ApplyRosterInput", description="applyRoster 的输入。Input of applyRoster.")
class ApplyRosterInput:
    """Which import to apply."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    roster_id: strawberry.ID = strawberry.field(description=ROSTER)
    as_of: date | None = strawberry.field(
        default=None, description="以哪一天为准，默认今天。As of which day; today by default."
    )
    rows: int | None = strawberry.field(default=None, description=ROWS)


@strawberry.input(name="UndoRosterInput", description="undoRoster 的输入。Input of undoRoster.")
class UndoRosterInput:
    """Which import to take back."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    roster_id: strawberry.ID = strawberry.field(description=ROSTER)


def row_error(root: strawberry.Parent[roster_import.RowError]) -> Any:
    """The cell's error in the form of all errors."""
    return UserErrorRow(root.item, root.column)


def roster_id(root: strawberry.Parent[Any]) -> strawberry.ID:
    """The import's id."""
    return strawberry.ID(root.roster)


@strawberry.type(name="RosterRowError", description="一格的问题。What is wrong with one cell.")
class RosterRowError:
    """A cell's error."""

    row: int = strawberry.field(description="文件中的行号。The row's number in the file.")
    column: str = strawberry.field(description="列。The column.")
    value: str = strawberry.field(description="格中文字，身份证号已遮盖。The text found; national ids are masked.")
    error: UserError = strawberry.field(resolver=row_error, description="原因与办法。The reason and what to do.")


@strawberry.type(name="RosterReport", description="导入将会或已经带来的变化。What an import would do, or did.")
class RosterReport:
    """A report."""

    roster_id: strawberry.ID = strawberry.field(resolver=roster_id, description=ROSTER)
    rows: int = strawberry.field(description="行数。How many rows.")
    created: int = strawberry.field(description="新增人数。Teachers entered.")
    corrected: int = strawberry.field(description="更正人数。Teachers corrected.")
    moved: int = strawberry.field(description="调动人数。Teachers moved.")
    unchanged: int = strawberry.field(description="无变化人数。Teachers unchanged.")
    errors: list[RosterRowError] = strawberry.field(description="前 200 处问题。The first 200 errors.")
    error_count: int = strawberry.field(description="问题总数。How many errors in all.")
    samples: list[str] = strawberry.field(description="变化举例。Examples of the changes.")
    applied: bool = strawberry.field(description="是否已经写入。Whether it was applied.")


@strawberry.type(name="StagedRoster", description="已备好待导入的行。Rows that lie ready.")
class StagedRoster:
    """Staged rows."""

    roster_id: strawberry.ID = strawberry.field(resolver=roster_id, description=ROSTER)
    rows: int = strawberry.field(description="已备好的总行数。How many rows lie ready in all.")


@strawberry.type(name="UndoneRoster", description="已撤回的导入。An import taken back.")
class UndoneRoster:
    """An undone import."""

    roster_id: strawberry.ID = strawberry.field(resolver=roster_id, description=ROSTER)
    undone: int = strawberry.field(description="撤回的改动数。How many changes were taken back.")


@strawberry.type(name="StageRosterPayload", description="stageRoster 的结果。What stageRoster came to.")
class StageRosterPayload(Payload):
    """Staged rows or errors."""

    staged: StagedRoster | None = strawberry.field(resolver=item_of, description="已备好的行。The rows laid ready.")


@strawberry.type(name="ApplyRosterPayload", description="applyRoster 的结果。What applyRoster came to.")
class ApplyRosterPayload(Payload):
    """A report or errors."""

    report: RosterReport | None = strawberry.field(resolver=item_of, description="导入报告。The report.")


@strawberry.type(name="UndoRosterPayload", description="undoRoster 的结果。What undoRoster came to.")
class UndoRosterPayload(Payload):
    """What was undone, or errors."""

    undone: UndoneRoster | None = strawberry.field(resolver=item_of, description="已撤回的导入。What was taken back.")


async def stage_roster(
    info: Info,
    given: Annotated[StageRosterInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Lay rows ready."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    rows = tuple(
        roster_import.RosterRow(number=row.number, cells={cell.column: cell.text for cell in row.cells})
        for row in given.rows
    )
    command = roster_import.StageRoster(
        caller=context.caller, key=given.idempotency_key, roster=given.roster_id, rows=rows
    )
    return settled(await context.backend.stage_roster(command, deadline=context.deadline))


async def apply_roster(
    info: Info,
    given: Annotated[ApplyRosterInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Apply an import."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    command = roster_import.ApplyRoster(
        caller=context.caller,
        key=given.idempotency_key,
        roster=given.roster_id,
        as_of=given.as_of,
        rows=given.rows,
    )
    return settled(await context.backend.apply_roster(command, deadline=context.deadline))


async def undo_roster(
    info: Info,
    given: Annotated[UndoRosterInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Take an import back."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    command = roster_import.UndoRoster(caller=context.caller, key=given.idempotency_key, roster=given.roster_id)
    return settled(await context.backend.undo_roster(command, deadline=context.deadline))


RosterId = Annotated[strawberry.ID, strawberry.argument(description=ROSTER)]


RosterRows = Annotated[int | None, strawberry.argument(description=ROWS)]


async def check_roster(info: Info, roster_id: RosterId, as_of: AsOf = None, rows: RosterRows = None) -> Any:
    """What applying the import would do."""
    context = info.context
    query = roster_import.CheckRoster(caller=context.caller, roster=roster_id, as_of=as_of, rows=rows)
    return granted(await context.backend.check_roster(query, deadline=context.deadline))


@strawberry.type(description="花名册导入的查询。What can be asked about roster imports.")
class RosterQueries:
    """Root fields."""

    roster_check: RosterReport | None = strawberry.field(
        resolver=check_roster,
        metadata=NULL_IS_A_HOLE,
        description="试算一次导入，不写入。What an import would do; nothing is written.",
    )
