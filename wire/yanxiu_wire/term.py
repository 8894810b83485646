"""Messages of the terms of a district's school years."""

from __future__ import annotations

from datetime import date

import msgspec

from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.message import Command, Query
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import SERVICE


class Term(msgspec.Struct, frozen=True, kw_only=True, tag="term"):
    """A term of a school year; both days included. `id` is `<school_year>-<number>`, such as `2024-2025-1`."""

    id: str
    school_year: str
    number: int
    starts_on: date
    ends_on: date
    version: int = 1


class SetTerm(Command, frozen=True, kw_only=True):
    """Enter or correct a term; terms of a district never overlap."""

    school_year: str
    number: int
    starts_on: date
    ends_on: date


class ListTerms(Query, frozen=True, kw_only=True):
    """Ask for the district's terms, oldest first; as of a day, for those that had begun by then."""

    as_of: date | None = None


class Terms(msgspec.Struct, frozen=True, kw_only=True, tag="terms"):
    """The district's terms."""

    items: tuple[Term, ...]


class TermChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A term as it now stands."""

    term: Term


SET_TERM = Endpoint(SERVICE, "set-term", SetTerm, Term | Refused, writes=True)
LIST_TERMS = Endpoint(SERVICE, "list-terms", ListTerms, Terms | Refused)
TERM_CHANGED = Event(SERVICE, "term-changed", TermChanged)
