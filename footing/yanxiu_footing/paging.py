"""Keyset pages: bounds of a request, and cursors that hold the key of the last row. Pure."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from datetime import date

from yanxiu_wire.message import Page
from yanxiu_wire.refusal import Refused

from yanxiu_footing import refusals

MOST_ROWS = 1000
MOST_TEACHERS = 1000
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def bounded(page: Page) -> Refused | None:
    """Return the refusal of a page that asks for too many rows, or none, else None."""
    if 1 <= page.first <= MOST_ROWS:
        return None
    return refusals.out_of_bounds("page.first", page.first, 1, MOST_ROWS)


def few_enough(field: str, ids: Sequence[str]) -> Refused | None:
    """Return the refusal of a list that is too long for one request, else None."""
    return refusals.out_of_bounds(field, len(ids), 0, MOST_TEACHERS) if len(ids) > MOST_TEACHERS else None


def cursor(*key: object) -> str:
    """Return the cursor of a row with that key."""
    # Not `urlsafe_b64encode`, which is three times as long at it: a page has a cursor for each of its rows.
    raw = binascii.b2a_base64("|".join(map(str, key)).encode(), newline=False)
    return raw.translate(_URL_SAFE, b"=").decode()


def cursors(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the cursors of rows whose keys have one part."""
    encode = binascii.b2a_base64
    return tuple([encode(key.encode(), newline=False).translate(_URL_SAFE, b"=").decode() for key in keys])


def key_of(given: str, parts: int) -> list[str] | Refused:
    """Return the key in a cursor, or CURSOR_MALFORMED."""
    try:
        raw = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)).decode()
    except (binascii.Error, ValueError):
        return refusals.cursor_malformed(given)
    key = raw.split("|")
    return key if len(key) == parts and all(key) else refusals.cursor_malformed(given)


def day_and_id(given: str | None) -> tuple[date, str] | Refused | None:
    """Return the (day, id) in a cursor of records, None for no cursor, or CURSOR_MALFORMED."""
    if given is None:
        return None
    key = key_of(given, 2)
    if isinstance(key, Refused):
        return key
    try:
        return date.fromisoformat(key[0]), key[1]
    except ValueError:
        return refusals.cursor_malformed(given)


def instant_and_id(given: str | None) -> tuple[int, str] | Refused | None:
    """Return the (microseconds, id) in a cursor of rows ordered by when they came, None for none, or the refusal."""
    if given is None:
        return None
    key = key_of(given, 2)
    if isinstance(key, Refused):
        return key
    return (int(key[0]), key[1]) if key[0].isascii() and key[0].isdigit() else refusals.cursor_malformed(given)


def id_in(given: str | None) -> str | Refused:
    """Return the id in a cursor of rows ordered by id, the empty text for no cursor, or CURSOR_MALFORMED."""
    if given is None:
        return ""
    key = key_of(given, 1)
    return key if isinstance(key, Refused) else key[0]


def number(given: str | None) -> int | Refused:
    """Return the sequence number in a cursor of entries, 0 for no cursor, or CURSOR_MALFORMED."""
    if given is None:
        return 0
    key = key_of(given, 1)
    if isinstance(key, Refused):
        return key
    return int(key[0]) if key[0].isascii() and key[0].isdigit() else refusals.cursor_malformed(given)
