"""Pages of findings that one message does not hold together are asked for again, each as it would come alone."""

from __future__ import annotations

import asyncio
from typing import Any

from yanxiu_gateway.backend import Backend
from yanxiu_gateway.field_reads import FieldReads
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.findings import LIST_FINDINGS_BY_SOURCE, FindingPage, FindingsBySource, ListFindingsBySource
from yanxiu_wire.message import Page

CALLER = Caller(subject="synthetic", role="district-officer", district="puer")
SOURCES = ("a", "b", "c", "d", "e")


async def test_the_pages_that_did_not_fit_are_asked_for_again() -> None:
    asked: list[tuple[str, ...]] = []

    async def call(endpoint: Any, request: ListFindingsBySource, **_named: Any) -> FindingsBySource:
        assert endpoint is LIST_FINDINGS_BY_SOURCE
        asked.append(request.sources)
        # Two pages are as many as fit; the total tells whose page it is.
        whole = [FindingPage(items=(), cursors=(), has_next=False, total=ord(one)) for one in request.sources]
        return FindingsBySource(pages=tuple(whole[:2]))

    reads = FieldReads(Backend(call), CALLER, Deadline.after(5), lambda _rows: None)
    pages = await asyncio.gather(*(reads.findings_of(one, Page(first=10)) for one in SOURCES))
    assert [chr(page.total) for page in pages] == list(SOURCES)
    assert asked == [SOURCES, SOURCES[2:], SOURCES[4:]]
