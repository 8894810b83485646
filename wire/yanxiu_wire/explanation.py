"""Why a number is what it is: steps with their sentences, what each read, and the clauses with their words."""

from __future__ import annotations

from datetime import date

import msgspec


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter as it was read: value with unit, the day it came into force, its clause."""

    parameter: str
    label: str
    value: str
    unit: str
    since: date
    clause: str
    key: str | None = None
    decided_by: str | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a decision with its sentence in Chinese and English."""

    name: str
    value: str
    unit: str
    zh: str
    en: str
    clauses: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """A clause of a regulation: where it stands and its words.

    `note` says in Chinese how a passage is read whose published page lost characters; empty where there is nothing.
    """

    id: str
    heading: str
    quotation: str
    note: str = ""


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why a number is what it is: pack and version, the governing day, the steps, the clauses with quotations."""

    pack: str
    version: str
    on: date
    source: str
    steps: tuple[Step, ...]
    clauses: tuple[Clause, ...]
