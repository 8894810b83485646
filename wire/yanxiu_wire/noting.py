"""What every command of field work carries: when it happened by the sender's clock, whose work it is, and its effect.

Such commands come from phones on poor lines: late, twice, in any order. Each is kept once as a note; what a visit, a
record or a finding *is*, follows from all its notes in the order of (occurred_at, key), whatever order they came in.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from yanxiu_wire.endpoint import Event
from yanxiu_wire.message import Command, Query
from yanxiu_wire.refusal import RefusalItem

SERVICE = "visits"

Effect = Literal["applied", "waiting", "without-effect"]
About = Literal["visit", "record", "finding"]


class FieldCommand(Command, frozen=True, kw_only=True):
    """A command of field work. `occurred_at` is the instant of the thing itself, by the clock of who recorded it.

    `researcher` is whose work it is (a teacher's id); a researcher leaves it out, or names himself. An officer who
    types for him names him: author and typist are both kept.
    """

    occurred_at: datetime
    researcher: str | None = None


class NoteRow(msgspec.Struct, frozen=True, kw_only=True):
    """One accepted command: what it was, whose, who typed it, when it happened and when it came, and its effect now.

    `waiting` means that what it speaks of has not arrived; `reason` says why a note has no effect.
    """

    key: str
    kind: str
    author: str
    typist: str
    typist_role: str
    occurred_at: datetime
    recorded_at: datetime
    effect: Effect
    reason: RefusalItem | None = None


class ListNotes(Query, frozen=True, kw_only=True):
    """Ask for every note of one visit, record or finding, in the order in which they count."""

    about: About
    id: str


class Notes(msgspec.Struct, frozen=True, kw_only=True, tag="notes"):
    """The notes."""

    items: tuple[NoteRow, ...]


class FieldWorkChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A visit, a record of it, or a finding became another: whose work, at which school, and who answers for it."""

    about: About
    id: str
    researcher: str
    school: str | None = None
    owner: str | None = None


FIELD_WORK_CHANGED = Event(SERVICE, "field-work-changed", FieldWorkChanged)
