"""What each entry rests on as it stands now: its record and decision, its recognition, or why it reverses another."""

from __future__ import annotations

import functools
from typing import Any

import sqlalchemy as sa

from yanxiu_credits.books.kinds import RECOGNITION, REGISTRATION, REVERSAL_OF
from yanxiu_credits.books.tables import integrity_entry, recognition, reversal
from yanxiu_credits.ledger import Basis, Entry, evidence_of
from yanxiu_credits.tables import decision, ledger, record

_origin = ledger.alias("origin")
_RESTS_ON = ("teacher", "activity", "generation", "micro_hours", "micro_credits", "hours_unit", "credits_unit")


def _labelled(table: Any, prefix: str) -> tuple[sa.ColumnElement[Any], ...]:
    return tuple(column.label(f"{prefix}_{column.name}") for column in table.c)


# Every column of the rows that evidence is made of, told apart by a prefix.
RECORD = _labelled(record, "record")
DECISION = _labelled(decision, "decision")
EVIDENCE = (
    *RECORD,
    *DECISION,
    *_labelled(recognition, "recognition"),
    *_labelled(reversal, "reversal"),
    *_labelled(integrity_entry, "integrity"),
    *(_origin.c[name].label(f"origin_{name}") for name in ("seq", "kind", *_RESTS_ON)),
)

# An entry joined with all that it may rest on; of each kind of entry only its own is there.
_registers = ledger.c.kind == REGISTRATION
ENTRY_AND_EVIDENCE = (
    ledger.outerjoin(
        record, sa.and_(_registers, record.c.district == ledger.c.district, record.c.id == ledger.c.record)
    )
    .outerjoin(
        decision, sa.and_(_registers, decision.c.district == ledger.c.district, decision.c.record == ledger.c.record)
    )
    .outerjoin(
        recognition,
        sa.and_(
            ledger.c.kind == RECOGNITION,
            recognition.c.district == ledger.c.district,
            recognition.c.id == ledger.c.record,
        ),
    )
    .outerjoin(reversal, sa.and_(reversal.c.district == ledger.c.district, reversal.c.entry_id == ledger.c.entry_id))
    .outerjoin(
        integrity_entry,
        sa.and_(integrity_entry.c.district == reversal.c.district, integrity_entry.c.id == reversal.c.integrity),
    )
    .outerjoin(_origin, sa.and_(_origin.c.district == ledger.c.district, _origin.c.entry_id == ledger.c.reverses))
)


def evidence_now(row: Any, entry: Entry) -> str:
    """Return the digest of what an entry rests on, from a row of `ENTRY_AND_EVIDENCE`."""
    if entry.reverses is not None:
        return evidence_of(part_of(row, reversal, "reversal"), part_of(row, integrity_entry, "integrity"))
    if entry.kind == RECOGNITION:
        return evidence_of(part_of(row, recognition, "recognition"), {})
    return evidence_of(part_of(row, record, "record"), part_of(row, decision, "decision"))


def basis_now(row: Any, entry: Entry) -> Basis | None:
    """Return what an entry must say by what it rests on; None where that is missing or comes after it."""
    if entry.reverses is not None:
        return _basis_of_reversal(row, entry)
    if entry.kind == RECOGNITION and row["recognition_id"] is not None:
        activity = f"{row['recognition_period_kind']}:{row['recognition_label']}"
        return _basis(row, "recognition", kind=RECOGNITION, activity=activity)
    if entry.kind == REGISTRATION and row["record_id"] is not None:
        return _basis(row, "record", kind=REGISTRATION, activity=row["record_activity"])
    return None


def _basis_of_reversal(row: Any, entry: Entry) -> Basis | None:
    kind = REVERSAL_OF.get(row["origin_kind"])
    if kind is None or row["origin_seq"] >= entry.seq or row["reversal_reverses"] != entry.reverses:
        return None
    of_origin = _basis(row, "origin", kind=kind, activity=row["origin_activity"])
    return Basis(
        **{
            name: -value if name.startswith("micro_") else value
            for name, value in ((name, getattr(of_origin, name)) for name in Basis.__struct_fields__)
        }
    )


def _basis(row: Any, prefix: str, *, kind: str, activity: str) -> Basis:
    said = {name: row[f"{prefix}_{name}"] for name in _RESTS_ON if name != "activity"}
    return Basis(kind=kind, activity=activity, **said)


def part_of(row: Any, table: sa.Table, prefix: str) -> dict[str, Any]:
    """Return a joined row's own columns; nothing where the row is missing, which no digest was made of."""
    if row[f"{prefix}_district"] is None:
        return {}
    return {name: row[label] for name, label in _labels(table, prefix)}


@functools.cache
def _labels(table: sa.Table, prefix: str) -> tuple[tuple[str, str], ...]:
    """Each column's name and its name in the joined row: ten million rows ask for them."""
    return tuple((column.name, f"{prefix}_{column.name}") for column in table.c)
