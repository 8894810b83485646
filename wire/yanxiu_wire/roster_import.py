"""Messages of a roster's import: rows laid ready, compared with the register, entered at once, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Command, Query
from yanxiu_wire.refusal import RefusalItem, Refused
from yanxiu_wire.registry import SERVICE


class RosterRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row as it stands in the file: its number there and each known column's text."""

    number: int
    cells: Mapping[str, str]


class StageRoster(Command, frozen=True, kw_only=True):
    """Lay rows of a roster ready under an import id (at most 1,000 a message); nothing is entered yet."""

    roster: str
    rows: tuple[RosterRow, ...]


class RosterStaged(msgspec.Struct, frozen=True, kw_only=True, tag="roster-staged"):
    """How many rows lie ready in all."""

    roster: str
    rows: int


class RowError(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with one cell: row number, column, value (national ids masked) and remedy."""

    row: int
    column: str
    value: str
    item: RefusalItem


class CheckRoster(Query, frozen=True, kw_only=True):
    """Compare the staged rows with the register as of a date (dry run); `rows` is how many the whole file has."""

    roster: str
    as_of: date | None = None
    rows: int | None = None


class ApplyRoster(Command, frozen=True, kw_only=True):
    """Enter every staged row in one transaction; refused while any row has an error, or if there are not `rows`."""

    roster: str
    as_of: date | None = None
    rows: int | None = None


class RosterReport(msgspec.Struct, frozen=True, kw_only=True, tag="roster-report"):
    """What the import would do, or did: counts, the errors (first 200, `error_count` in all), samples of the diff."""

    roster: str
    rows: int
    created: int
    corrected: int
    moved: int
    unchanged: int
    errors: tuple[RowError, ...] = ()
    error_count: int = 0
    samples: tuple[str, ...] = ()
    applied: bool = False


class UndoRoster(Command, frozen=True, kw_only=True):
    """Take an applied import back, where nothing has been changed since; refused otherwise, naming the rows."""

    roster: str


class RosterUndone(msgspec.Struct, frozen=True, kw_only=True, tag="roster-undone"):
    """How many changes were taken back."""

    roster: str
    undone: int


STAGE_ROSTER = Endpoint(SERVICE, "stage-roster", StageRoster, RosterStaged | Refused, writes=True)
CHECK_ROSTER = Endpoint(SERVICE, "check-roster", CheckRoster, RosterReport | Refused, seconds=60)
APPLY_ROSTER = Endpoint(SERVICE, "apply-roster", ApplyRoster, RosterReport | Refused, writes=True, seconds=120)
UNDO_ROSTER = Endpoint(SERVICE, "undo-roster", UndoRoster, RosterUndone | Refused, writes=True, seconds=120)
