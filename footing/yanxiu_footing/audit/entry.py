"""What one line of the trail says, drawn from request and answer: ids, counts and codes, never a text of anybody's."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from yanxiu_wire.audit import Kind, Outcome
from yanxiu_wire.caller import Caller

# More persons than these at one look are a list: it is recorded as the question with its count.
MOST_SEEN = 20
MOST_DONE = 100
# So many values of a request are looked through for ids.
MOST_VALUES = 5_000
GIVEN = "…"
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# A year, a day, a school year or a term of one: nothing that a person is known by.
_TIME = re.compile(r"\d{4}(?:-\d{2,4}){0,2}(?:[./:-]\d)?")
_LONG_NUMBER = re.compile(r"\d{5,}")
_ID_LENGTH = 36
_LISTS = frozenset({tuple, list})
_NO_ID = frozenset({type(None), bool, int, Decimal, date, datetime})
# Who asks, and what is asked beside it: follow-up questions have lines of their own.
_APART = frozenset({"caller", "key", "then"})
# `columns` says how an answer is laid out and not what is asked.
_NO_FILTER = frozenset({"caller", "key", "page", "reason", "ids", "teachers", "columns", "then"})


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A line before it has its place in the chain; `at_us` is when it was answered, in microseconds since 1970."""

    at_us: int
    kind: Kind
    action: str
    caller: Caller
    policies: tuple[str, ...]
    outcome: Outcome
    code: str | None = None
    fault_id: str | None = None
    trace: str | None = None
    key: str | None = None
    objects: tuple[str, ...] = ()
    total: int = 0
    question: Mapping[str, str] = {}


def ids_in(value: Any) -> list[str]:
    """Return every id within a message, in order; what has another shape than an id's is passed over."""
    found: list[str] = []
    _collect((value,), found, MOST_VALUES)
    return found


def _collect(values: Iterable[Any], found: list[str], left: int) -> int:
    """Add the ids within these values, of which so many are still looked through; return how many are left then."""
    for value in values:
        left -= 1
        if left < 0:
            break
        if isinstance(value, str):
            if len(value) == _ID_LENGTH and _ID.fullmatch(value):
                found.append(value)
        elif type(value) not in _NO_ID:
            left = _collect(_within(value), found, left)
    return left


def _values(message: msgspec.Struct) -> Iterator[Any]:
    return (getattr(message, name) for name in message.__struct_fields__ if name not in _APART)


def _within(value: Any) -> Iterable[Any]:
    if isinstance(value, msgspec.Struct):
        return _values(value)
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, tuple | list | frozenset) else ()


def acted_on(request: Any, answer: Any) -> tuple[tuple[str, ...], int]:
    """Return the ids that a command names and the one that it made, at most `MOST_DONE`, and how many there were."""
    found = dict.fromkeys(ids_in(request))
    made = getattr(answer, "id", None)
    found.update(dict.fromkeys(ids_in(made) if isinstance(made, str) else ()))
    return tuple(found)[:MOST_DONE], len(found)


def looked_at(request: Any, answer: Any, shows: str) -> tuple[tuple[str, ...], int]:
    """Return whom a read was about and showed, nobody by id where they are a list, and how many rows it was."""
    shown = _along(answer, shows.split(".")) if shows else []
    asked = max((len(one) for one in _values(request) if isinstance(one, tuple)), default=0)
    if max(asked, len(shown)) > MOST_SEEN:
        return (), len(shown) or asked
    found = dict.fromkeys([*ids_in(request), *(one for one in shown if _ID.fullmatch(one))])
    return (tuple(found) if len(found) <= MOST_SEEN else ()), len(shown) or _rows(answer, len(found))


def _rows(answer: Any, otherwise: int) -> int:
    """How many rows an answer has: as a list, or as a table with the counts of its pages."""
    rows, counts = getattr(answer, "items", None), getattr(answer, "counts", None)
    if isinstance(counts, tuple):
        return sum(counts)
    return sum(one is not None for one in rows) if isinstance(rows, tuple) else otherwise


def question_of(request: Any) -> dict[str, str]:
    """Return the filters of a read that were given: a text that could be anybody's is told as given, not repeated."""
    told = {}
    for name, default, safe in _filters(type(request)):
        value = getattr(request, name)
        if value is not None and value != default:
            told[name] = _told(value, safe=safe)
    page = getattr(request, "page", None)
    return told | ({"first": str(page.first)} if page is not None else {})


def told_key(key: str) -> str:
    """Return a command's key if it is an id; of any other, which a client may have made of anything, its digest."""
    return key if _ID.fullmatch(key) else f"sha256:{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def told_operation(name: str | None) -> str | None:
    """Return the name of an operation, without numbers so long that they could be somebody's."""
    return None if name is None else _LONG_NUMBER.sub(GIVEN, name[:100])


def _along(value: Any, names: list[str]) -> list[Any]:
    """What lies at the end of a path, of all rows of every list on the way: step by step, not row by row."""
    found = _flat([value])
    for name in names:
        found = _flat([getattr(one, name, None) for one in found])
    return found


def _flat(values: list[Any]) -> list[Any]:
    """The values that are there, those in lists laid one after the other."""
    # Asked of their types, so that Python makes no step for each of many that are no lists.
    while not _LISTS.isdisjoint(map(type, values)):
        values = [inner for one in values for inner in (one if type(one) in _LISTS else (one,))]
    return [one for one in values if one is not None]


@functools.cache
def _filters(kind: type) -> tuple[tuple[str, Any, bool], ...]:
    """The fields of a query that are its filters: name, default, and whether its texts come from a closed list."""
    hints = get_type_hints(kind)
    fields = {one.name: one.default for one in msgspec.structs.fields(kind)}
    return tuple((name, default, _closed(hints[name])) for name, default in fields.items() if name not in _NO_FILTER)


def _closed(hint: Any) -> bool:
    """Whether a type has no free text in it."""
    if get_origin(hint) is Literal:
        return True
    return hint is not str and all(_closed(one) for one in get_args(hint) if one is not Ellipsis)


def _told(value: Any, *, safe: bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, str):
        return value if safe or _ID.fullmatch(value) or _TIME.fullmatch(value) else GIVEN
    if isinstance(value, tuple | list | frozenset | Mapping):
        return f"[{len(value)}]"
    return GIVEN
