"""The GraphQL contract as text, and what a change of it would do to its readers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from graphql import build_schema as read_schema
from graphql import find_breaking_changes, find_dangerous_changes

from yanxiu_gateway.schema.build import build_schema
from yanxiu_gateway.schema.deprecations import deprecation_problems

SNAPSHOT = Path(__file__).resolve().parents[2] / "schema.graphql"


@dataclass(frozen=True, slots=True)
class SchemaDifference:
    """How the code differs from a snapshot: changes that break clients, that may surprise them, and any at all.

    `hasty` is what goes against the policy of deprecation, in what changed or in the code itself.
    """

    breaking: tuple[str, ...]
    dangerous: tuple[str, ...]
    changed: bool
    hasty: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.changed

    def lines(self, below: Callable[[str], Iterable[str]] = lambda _change: ()) -> list[str]:
        """The changes, one a line, worst first; `below` gives the lines that belong to a change."""
        found: list[str] = []
        for text in self.breaking:
            found += [f"破坏 breaking: {text}", *below(text)]
        found += [f"弃用 deprecation: {text}" for text in self.hasty]
        for text in self.dangerous:
            found += [f"危险 dangerous: {text}", *below(text)]
        if self.changed and not found:
            found.append("兼容 compatible: only additions, descriptions or order changed")
        return found


def schema_text() -> str:
    """The schema in GraphQL's own language, ending with a newline."""
    return build_schema().as_str().rstrip() + "\n"


def compare_schema(snapshot: str) -> SchemaDifference:
    """What changed from `snapshot` to the code."""
    now = schema_text()
    before, after = read_schema(snapshot), read_schema(now)
    return SchemaDifference(
        breaking=tuple(f"{one.type.name} {one.description}" for one in find_breaking_changes(before, after)),
        dangerous=tuple(f"{one.type.name} {one.description}" for one in find_dangerous_changes(before, after)),
        changed=snapshot != now,
        hasty=tuple(deprecation_problems(before, after, datetime.now(UTC).date())),
    )
