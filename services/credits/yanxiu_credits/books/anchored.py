"""Which rows beside the entries a signed head answers for, by what key each is known, and the digest of each.

A row is known by a key of its own and covered by the next head, where there are few of a kind; what there is much of is
covered by the day: all that was entered of one session, or told by one process, on one day that is over.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import CHINA, from_us, to_us
from yanxiu_footing.stored import canonical

from yanxiu_credits.attendance.tables import (
    attendance_flag,
    attendance_settlement,
    attended_record,
    check_in,
    check_out,
)
from yanxiu_credits.books.redacted import NONE, Redactions
from yanxiu_credits.books.tables import anchor, lock_event
from yanxiu_credits.erasing.tables import redaction
from yanxiu_credits.ledger import digest
from yanxiu_credits.tables import project, record
from yanxiu_credits.transfer.tables import transfer, transfer_decision, transfer_item
from yanxiu_credits.workflow.signing import Signed, seal
from yanxiu_credits.workflow.tables import delegation, notice, objection, publicity, signature

Place = tuple[str, str]
_PART = 500
_RAISED = ("id", "process", "teacher", "record", "text", "raised_by", "raised_on")
_SETTLED = ("id", "state", "reason", "settled_by", "settled_on", "reversed_entry")
_GIVEN = tuple(column.name for column in delegation.c if not column.name.startswith("ended_"))
_APPROVED = ("id", "approved_on", "approved_by", "approval_document", "proposed_by", "proposed_on")
_ENDED = ("id", "ended_on", "ended_by")


def _row_digest(row: Mapping[str, Any]) -> str:
    return digest(canonical(dict(row)))


def _signature_digest(row: Mapping[str, Any]) -> str:
    """The hash that the row gives now, not the one that stands in it."""
    return seal(Signed(**{name: row[name] for name in Signed.__struct_fields__}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """Rows that a head answers for one by one: `columns` are digested, `key` (a text in SQL) tells one from another."""

    zh: str
    en: str
    table: sa.Table
    key: sa.ColumnElement[str]
    columns: tuple[str, ...] = ()
    where: sa.ColumnElement[bool] | None = None
    digest: Callable[[Mapping[str, Any]], str] = _row_digest

    def rows(self, what: str, district: str, most: int | None = None) -> sa.Select[Any]:
        """Return the statement for the district's rows, or for at most so many of those that no head answers for."""
        wanted = [self.table.c[name] for name in self.columns] or list(self.table.c)
        found = sa.select(self.key.label("its_key"), *wanted).where(self.table.c.district == district)
        if self.where is not None:
            found = found.where(self.where)
        if most is not None:
            known = sa.exists().where(anchor.c.district == district, anchor.c.what == what, anchor.c.key == self.key)
            found = found.where(~known).limit(most)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """Rows that a head answers for by the day: all of one `group` that are `at` the same day."""

    zh: str
    en: str
    table: sa.Table
    group: str
    at: sa.ColumnElement[Any]
    of: sa.FromClause | None = None

    def rows(self, district: str, since: date | None, until: date | None) -> sa.Select[Any]:
        """Return the statement for the rows of days from `since` on and before `until`, in the order of their keys."""
        found = sa.select(self.at.label("its_at"), *self.table.c)
        if self.of is not None:
            found = found.select_from(self.of)
        if since is not None:
            found = found.where(self.at >= self._begin(since))
        if until is not None:
            found = found.where(self.at < self._begin(until))
        return found.where(self.table.c.district == district).order_by(*self.table.primary_key)

    def digest(self, row: Mapping[str, Any]) -> str:
        """Return the digest of one row; that of the day is over all of them."""
        return _row_digest(row)

    def key_of(self, row: Mapping[Any, Any]) -> str:
        """Return the key under which a head answers for the row's group on its day."""
        at = row["its_at"]
        day = at if isinstance(at, date) else from_us(at).astimezone(CHINA).date()
        return f"{row[self.group]}@{day.isoformat()}"

    def _begin(self, day: date) -> Any:
        return day if isinstance(self.at.type, sa.Date) else to_us(datetime.combine(day, time(), CHINA))


def _numbered(first: sa.ColumnElement[str], number: sa.ColumnElement[int]) -> sa.ColumnElement[str]:
    return first + ":" + sa.cast(number, sa.Text)


SINGLES: Mapping[str, Single] = {
    "signature": Single(
        zh="签名",
        en="signature",
        table=signature,
        key=_numbered(signature.c.process, signature.c.seq),
        digest=_signature_digest,
    ),
    "lock": Single(zh="锁定或开锁", en="lock or opening", table=lock_event, key=lock_event.c.id),
    "publicity": Single(
        zh="公示名单",
        en="public list",
        table=publicity,
        key=_numbered(publicity.c.process, publicity.c.round),
        columns=("digest",),
        digest=lambda row: row["digest"],
    ),
    "objection": Single(zh="异议", en="objection", table=objection, key=objection.c.id, columns=_RAISED),
    "objection-settled": Single(
        zh="异议的处理",
        en="settling of objection",
        table=objection,
        key=objection.c.id,
        columns=_SETTLED,
        where=objection.c.state != "open",
    ),
    "delegation": Single(zh="委托", en="delegation", table=delegation, key=delegation.c.id, columns=_GIVEN),
    "delegation-ended": Single(
        zh="委托的终止",
        en="end of delegation",
        table=delegation,
        key=delegation.c.id,
        columns=_ENDED,
        where=delegation.c.ended_on.is_not(None),
    ),
    # What it fixes may still be set anew in its process; each record keeps the facts by which it was judged.
    "approval": Single(
        zh="项目的批准",
        en="approval of project",
        table=project,
        key=project.c.id,
        columns=_APPROVED,
        where=project.c.state == "approved",
    ),
    "transfer": Single(
        zh="转入的学分证明",
        en="transfer",
        table=transfer,
        key=transfer.c.id,
        # The document is known by its digest.
        columns=tuple(column.name for column in transfer.c if column.name != "document"),
    ),
    "transfer-item": Single(
        zh="转入的记录",
        en="item of a transfer",
        table=transfer_item,
        key=_numbered(transfer_item.c.transfer, transfer_item.c.number),
    ),
    "transfer-decision": Single(
        zh="对转入记录的核定",
        en="decision on an item of a transfer",
        table=transfer_decision,
        key=_numbered(transfer_decision.c.transfer, transfer_decision.c.number),
    ),
    "redaction": Single(zh="抹去文字的记载", en="redaction", table=redaction, key=redaction.c.id),
}

DAILY: Mapping[str, Daily] = {
    "check-in": Daily(zh="签到", en="check-ins", table=check_in, group="session", at=check_in.c.recorded_us),
    "check-out": Daily(zh="签退", en="check-outs", table=check_out, group="session", at=check_out.c.recorded_us),
    "attendance-flag": Daily(
        zh="出勤存疑标记",
        en="flags on attendance",
        table=attendance_flag,
        group="session",
        at=attendance_flag.c.recorded_us,
    ),
    "attendance-settlement": Daily(
        zh="出勤核定",
        en="settlements of attendance",
        table=attendance_settlement,
        group="session",
        at=attendance_settlement.c.recorded_us,
    ),
    "attended-record": Daily(
        zh="记录所依据的出勤",
        en="attendance of records",
        table=attended_record,
        group="session",
        at=record.c.recorded_us,
        of=attended_record.join(
            record, sa.and_(record.c.district == attended_record.c.district, record.c.id == attended_record.c.record)
        ),
    ),
    "notice": Daily(zh="反馈通知", en="notices", table=notice, group="process", at=notice.c.told_on),
}


def told(what: str) -> tuple[str, str]:
    """Return how a kind of row is called, in Chinese and English."""
    kind = SINGLES[what] if what in SINGLES else DAILY.get(what)
    return (kind.zh, kind.en) if kind is not None else (what, what)


def daily_key(kind: Daily, row: Mapping[str, Any]) -> str:
    """Return by what a redaction names one row of those that are covered by the day."""
    return ":".join(str(row[column.name]) for column in kind.table.primary_key if column.name != "district")


def _unchecked() -> None:
    """Let the work go on."""


async def _parts(
    conn: AsyncConnection, rows: sa.Select[Any], check: Callable[[], None]
) -> AsyncIterator[Sequence[RowMapping]]:
    async with conn.stream(rows) as result:
        try:
            async for part in result.mappings().partitions(_PART):
                check()
                yield part
        finally:
            # A stream whose reading is broken off is not closed with its block.
            await result.close()


async def read_singles(
    conn: AsyncConnection,
    district: str,
    *,
    most: int | None = None,
    check: Callable[[], None] = _unchecked,
    redacted: Redactions = NONE,
) -> dict[Place, str]:
    """Return the digest of every row that is covered one by one; with `most`, of those that no head answers for yet.

    Of these at most so many of a kind; of a row whose text was erased, the digest of before. `check` is called before
    each part, and ends the work by what it raises.
    """
    found: dict[Place, str] = {}
    for what, kind in SINGLES.items():
        async for part in _parts(conn, kind.rows(what, district, most), check):
            for row in part:
                its = {name: value for name, value in row.items() if name != "its_key"}
                found[what, row["its_key"]] = redacted.original(what, row["its_key"], kind.digest(its))
    return found


async def read_days(
    conn: AsyncConnection,
    district: str,
    since: date | None = None,
    until: date | None = None,
    check: Callable[[], None] = _unchecked,
    redacted: Redactions = NONE,
) -> dict[Place, str]:
    """Return the digest of what is covered by the day, of the days from `since` on and before `until`."""
    found: dict[Place, Any] = {}
    for what, kind in DAILY.items():
        async for part in _parts(conn, kind.rows(district, since, until), check):
            for row in part:
                its = {name: value for name, value in row.items() if name != "its_at"}
                whole = found.setdefault((what, kind.key_of(row)), hashlib.sha256())
                whole.update(bytes.fromhex(redacted.original(what, daily_key(kind, its), kind.digest(its))))
    return {place: whole.hexdigest() for place, whole in found.items()}
