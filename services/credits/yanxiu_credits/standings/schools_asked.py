"""Which schools a question about many may be about: the one named, as far as the caller's scope reaches. Pure."""

from __future__ import annotations

from yanxiu_wire.caller import Caller

from yanxiu_credits.scope import scope_of


def schools_asked(caller: Caller, *named: str) -> frozenset[str] | None:
    """Return the schools to look at: None for all of the district, empty where what is named is out of scope."""
    scope = scope_of(caller)
    wanted = frozenset(named)
    if scope.kind == "district":
        return wanted or None
    if scope.kind == "school" and (not wanted or scope.id in wanted):
        return frozenset({scope.id})
    return frozenset()
