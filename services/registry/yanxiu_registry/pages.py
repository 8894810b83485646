"""Limits of a request, the fault of a page that does not keep to them, and cursors, which hold the key of a row."""

from __future__ import annotations

from collections.abc import Iterable

from yanxiu_footing.paging import cursor, cursors, key_of
from yanxiu_footing.refusals import cursor_malformed
from yanxiu_wire.message import Page
from yanxiu_wire.refusal import Refused

from yanxiu_registry.assess_text import text_fault
from yanxiu_registry.refusals import refused, value_invalid

MOST_ROWS = 500  # a page of teachers of this length stays far below the largest message
MOST_IDS = 1000
MOST_SCHOOLS = 200


def page_fault(page: Page, search: str | None) -> Refused | None:
    """The refusal of a page of no or too many rows, of a cursor that none gave out, or of an impossible search."""
    if page.after is not None and isinstance(_opened(page.after), Refused):
        return cursor_malformed(page.after)
    faults = []
    if not 1 <= page.first <= MOST_ROWS:
        zh, en = f"1 至 {MOST_ROWS} 的整数", f"a number from 1 to {MOST_ROWS}"
        faults.append(value_invalid("page.first", page.first, zh, en))
    if search and (fault := text_fault("search", search)):
        faults.append(fault)
    return refused(*faults) if faults else None


def cursor_of(key: str) -> str:
    """The cursor of a row with that key."""
    return cursor(f"={key}")


def cursors_of(keys: Iterable[str]) -> tuple[str, ...]:
    """The cursors of rows with these keys."""
    return cursors([f"={key}" for key in keys])


def after_of(page: Page) -> str | None:
    """The key to go on behind, of a page without fault."""
    opened = _opened(page.after) if page.after is not None else None
    return None if opened is None or isinstance(opened, Refused) else opened


def _opened(given: str) -> str | Refused:
    key = key_of(given, 1)
    return key[0][1:] if not isinstance(key, Refused) and key[0].startswith("=") else cursor_malformed(given)
