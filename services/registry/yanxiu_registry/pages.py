"""Limits of a request, and the fault of a page that does not keep to them."""

from __future__ import annotations

from yanxiu_wire.message import Page
from yanxiu_wire.refusal import Refused

from yanxiu_registry.assess_text import text_fault
from yanxiu_registry.refusals import refused, value_invalid

MOST_ROWS = 500  # a page of teachers of this length stays far below the largest message
MOST_IDS = 1000
MOST_SCHOOLS = 200


def page_fault(page: Page, search: str | None) -> Refused | None:
    """The refusal of a page of no or too many rows, or of a search text that cannot be one."""
    faults = []
    if not 1 <= page.first <= MOST_ROWS:
        zh, en = f"1 至 {MOST_ROWS} 的整数", f"a number from 1 to {MOST_ROWS}"
        faults.append(value_invalid("page.first", page.first, zh, en))
    if search and (fault := text_fault("search", search)):
        faults.append(fault)
    return refused(*faults) if faults else None
