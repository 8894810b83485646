"""The trails of several services as one: newest first, and at one moment in the order of their names. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from yanxiu_wire.audit import AuditPage


def united(pages: Sequence[AuditPage], first: int) -> AuditPage:
    """One page of the services' pages from one place on, each of which has as many lines as it may hold."""
    lines = [line for page in pages for line in zip(page.items, page.cursors, strict=True)]
    lines.sort(key=lambda line: line[0].service)
    lines.sort(key=lambda line: line[0].at, reverse=True)
    return AuditPage(
        items=tuple(record for record, _ in lines[:first]),
        cursors=tuple(cursor for _, cursor in lines[:first]),
        has_next=len(lines) > first or any(page.has_next for page in pages),
        total=sum(page.total for page in pages),
    )
