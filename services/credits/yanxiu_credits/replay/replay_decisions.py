"""The job `replay`: judge every stored decision of a district again, and name the first that comes out otherwise."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire import log

from yanxiu_credits.books.redacted import NONE, RECORD, Redactions, read_redactions
from yanxiu_credits.jobs.tables import job_part
from yanxiu_credits.jobs.work import Work
from yanxiu_credits.laws import Laws
from yanxiu_credits.ledger import evidence_of
from yanxiu_credits.replay.judge_again import judge_again
from yanxiu_credits.service import Service
from yanxiu_credits.store.evidence import DECISION
from yanxiu_credits.tables import decision, ledger, record

KIND = "replay"
# Decisions of one part: about a second of work; the progress is told by parts.
_STRETCH = 2_000
_ROWS = 500
_COUNTED = ("decisions", "same", "older", "elsewhere", "differs", "loose")
_log = log.logger()

Part = Mapping[str, Any]
_STORED = (
    sa.select(*record.c, *DECISION, ledger.c.evidence.label("entry_evidence"))
    .outerjoin(decision, sa.and_(decision.c.district == record.c.district, decision.c.record == record.c.id))
    .outerjoin(ledger, sa.and_(ledger.c.district == record.c.district, ledger.c.seq == record.c.entry))
    .where(record.c.district == sa.bindparam("of"), record.c.id > sa.bindparam("after"))
    .order_by(record.c.id)
    .limit(_ROWS)
)


async def plan_replay(
    _service: Service, conn: AsyncConnection, district: str
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the parts of the job: stretches of records in the order in which they were entered."""
    place = sa.func.row_number().over(order_by=record.c.id)
    numbered = sa.select(record.c.id, place.label("place")).where(record.c.district == district).subquery()
    borders = sa.select(numbered.c.id).where(numbered.c.place % _STRETCH == 0).order_by(numbered.c.id)
    found = [*(await conn.execute(borders)).scalars(), None]
    return [{"after": after, "until": until} for after, until in zip(["", *found[:-1]], found, strict=True)], {
        "replay": True
    }


async def replay_stretch(service: Service, district: str, part: Part) -> dict[str, Any]:
    """Judge the decisions of a part again; the judging runs in a thread, so that others are answered meanwhile."""
    after, until = part["after"], part["until"]
    counts: Counter[str] = Counter()
    first: dict[str, Any] | None = None
    while True:
        async with service.databases.read(district) as conn:
            rows = (await conn.execute(_STORED, {"of": district, "after": after})).mappings().all()
            redacted = await read_redactions(conn, district, service.signer.keys)
        mine = [row for row in rows if until is None or row["id"] <= until]
        found, differs = await asyncio.to_thread(replay_rows, service.laws, mine, redacted)
        counts.update(found)
        first = first or differs
        if len(rows) < _ROWS or len(mine) < len(rows):
            break
        after = rows[-1]["id"]
    if first is not None:
        _log.error("decision-differs", district=district, record=first["record"], place=first["place"])
    return {**{name: counts[name] for name in _COUNTED}, "first": first}


def replay_rows(
    laws: Laws, rows: Iterable[Mapping[str, Any]], redacted: Redactions = NONE
) -> tuple[Counter[str], dict[str, Any] | None]:
    """Judge rows again: how many came out how, and the first that differs, with its place and both values.

    What no formula reads (the version that decided, the day, a setting or a fact beside) comes to the same when it was
    changed: therefore every row is held against the digest in its entry of the ledger, which is chained; `loose` counts
    those without an entry, held against the digest beside them. `altered` says whether the rows are what was sealed:
    where they are, the law is another.
    """
    counts: Counter[str] = Counter()
    first: dict[str, Any] | None = None
    for row in rows:
        counts["decisions"] += 1
        counts["loose"] += row.get("entry_evidence") is None
        altered = _altered(row, redacted)
        if row["decision_pack"] is None:
            why = {"place": "decision", "stored": "", "came": "missing"}
            counts["differs"] += 1
        else:
            again = judge_again(laws.pack_of(row["decision_jurisdiction"], row["decision_version"]), row)
            why = msgspec.structs.asdict(again.why) if again.why is not None else altered
            counts["differs" if altered else again.outcome] += 1
        if why is not None and first is None:
            law = {"pack": row["decision_pack"], "version": row["decision_version"]}
            first = {"record": row["id"], "seq": row["entry"], **law, **why, "altered": altered is not None}
    return counts, first


def _altered(row: Mapping[str, Any], redacted: Redactions) -> dict[str, Any] | None:
    """Return the digest that was kept and the one of now where a record or its decision is not what it was."""
    mine = {column.name: row[column.name] for column in record.c}
    its = {column.name: row[f"decision_{column.name}"] for column in decision.c}
    now = redacted.original(RECORD, row["id"], evidence_of(mine, its if its["record"] is not None else {}))
    kept = (row["evidence"], row.get("entry_evidence") or row["evidence"])
    other = next((one for one in kept if one != now), None)
    return None if other is None else {"place": "evidence", "stored": other, "came": now}


async def keep(
    _service: Service, _district: str, _part: Part, _conn: AsyncConnection, found: dict[str, Any]
) -> dict[str, Any]:
    """Remember what came of a part; nothing else is written."""
    return found


async def conclude(_service: Service, district: str, part: Part, conn: AsyncConnection) -> dict[str, Any]:
    """Add the parts up; the first that differs is that of the earliest part."""
    of_the_job = sa.select(job_part.c.result).where(
        job_part.c.district == district, job_part.c.job == part["job"], job_part.c.result.is_not(None)
    )
    found = [msgspec.json.decode(one) for one in (await conn.execute(of_the_job.order_by(job_part.c.no))).scalars()]
    return {name: sum(one[name] for one in found) for name in _COUNTED} | {"first": _first(found)}


def _first(parts: Sequence[Mapping[str, Any]]) -> Any:
    return next((one["first"] for one in parts if one["first"] is not None), None)


WORKS = {KIND: Work(gather=replay_stretch, write=keep), f"{KIND}-end": Work(write=conclude)}
