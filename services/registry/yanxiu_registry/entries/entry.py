"""An entry of the register: on file from one day to another, with the dated facts that begin with it."""

from __future__ import annotations

from datetime import date
from typing import Generic, TypeVar

import msgspec

from yanxiu_registry.history import History, in_force, spans

F = TypeVar("F", bound=msgspec.Struct)


class Entry(msgspec.Struct, Generic[F], frozen=True, kw_only=True):
    """Something on file from `begins_on` to `ends_on` (both included, None = goes on), whose facts begin with it."""

    id: str
    begins_on: date
    ends_on: date | None = None
    version: int = 1
    facts: History[F] = ()

    def on(self, day: date) -> F | None:
        """The facts that hold on a day; None before the first. After the last day they stay as they were then."""
        return in_force(self.facts, day)

    def there_on(self, day: date) -> bool:
        """Whether the entry holds on the day."""
        return self.begins_on <= day and (self.ends_on is None or self.ends_on >= day)

    def meets(self, other: Entry[F]) -> bool:
        """Whether there is a day on which both hold."""
        return self.begins_on <= (other.ends_on or date.max) and other.begins_on <= (self.ends_on or date.max)


def begun(entry_id: str, begins_on: date, facts: F) -> Entry[F]:
    """A new entry with its first facts."""
    return Entry(id=entry_id, begins_on=begins_on, facts=spans([(begins_on, facts)]))
