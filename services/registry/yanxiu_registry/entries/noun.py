"""A kind of entry as the use cases handle it: kept, shown on a day, told to others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import announce
from yanxiu_wire.caller import Caller
from yanxiu_wire.endpoint import Event

from yanxiu_registry.context import Registry
from yanxiu_registry.entries.entry import Entry, F
from yanxiu_registry.store.entries import Shelf

V = TypeVar("V")


@dataclass(frozen=True)
class Noun(Generic[F, V]):
    """`shown(entry, facts, day)` makes the card of a day, `told(entry, history)` the body of the event."""

    shelf: Shelf[F]
    shown: Callable[[Entry[F], F, date], V]
    event: Event[Any]
    told: Callable[[Entry[F], tuple[tuple[date, V], ...]], Any]

    def card(self, registry: Registry, entry: Entry[F], as_of: date | None) -> V | None:
        """The entry on the day asked for, by default today or its first day to come; None before its first day."""
        day = as_of or max(registry.today(), entry.begins_on)
        facts = entry.on(day)
        return None if facts is None else self.shown(entry, facts, day)

    def cards(
        self, registry: Registry, found: Mapping[str, Entry[F]], ids: Iterable[str], as_of: date | None
    ) -> tuple[V | None, ...]:
        """The cards of these ids in their order; None where there is no such entry, or not yet."""
        return tuple(self.card(registry, found[one], as_of) if one in found else None for one in ids)

    def news(self, entry: Entry[F]) -> tuple[Event[Any], Any]:
        """The event that tells the entry's whole history, with every day on file whether it has come or not."""
        history = tuple((span.since, self.shown(entry, span.value, date.max)) for span in entry.facts)
        return self.event, self.told(entry, history)

    async def keep(
        self,
        registry: Registry,
        conn: AsyncConnection,
        district: str,
        before: Entry[F] | None,
        after: Entry[F],
        caller: Caller,
        since: date,
    ) -> V:
        """Save and announce the entry unless nothing differs; the answer is its card on the first day that shows it."""
        if before is not None and after != before:
            after = msgspec.structs.replace(after, version=before.version + 1)
        if after != before:
            await self.shelf.save(conn, district, before, after, registry.stamp(caller))
            event, body = self.news(after)
            await announce(conn, event, district, body)
        day = max(since, registry.today(), after.begins_on)
        facts = after.on(day)
        assert facts is not None, "an entry has facts from its first day on"  # noqa: S101 - the facts begin with it
        return self.shown(after, facts, day)
