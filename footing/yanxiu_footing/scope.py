"""Whose district a request is about, and sets of roles. Pure."""

from __future__ import annotations

from yanxiu_wire.caller import PLATFORM, Caller, Role


def roles(*named: Role) -> frozenset[Role]:
    """Return the set of these roles."""
    return frozenset(named)


def at_home(caller: Caller, district: str) -> bool:
    """Say whether the caller belongs to the district of the subject (the platform's operator to every one)."""
    if caller.role == "platform-operator":
        return caller.district == PLATFORM
    return caller.district == district
