"""Whether every other service has cleared what names a person, by the very words that stand announced. Pure."""

from __future__ import annotations

from yanxiu_wire.erasure import CLEARS, ConfirmErasure, Erasure
from yanxiu_wire.refusal import RefusalItem

from yanxiu_registry.erasing import refusals

_OTHERS = frozenset(endpoint.service for endpoint in CLEARS)


def not_cleared(command: ConfirmErasure, one: Erasure, digest: str) -> RefusalItem | None:
    """Return why the register is not cleared yet; `digest` is that of the words as they are now.

    A service that names no words is of a version that does not hold to what was announced; where none is named at all
    it is the caller who is, for he did not ask. Other words than now: he has another name since, or was begun anew.
    """
    lacking = _OTHERS if one.begun_at is None else _OTHERS - set(command.cleared)
    if lacking:
        return refusals.not_cleared(", ".join(sorted(lacking)))
    if old := sorted(name for name in _OTHERS if not command.by.get(name)):
        return refusals.outdated(", ".join(old) if command.by else "gateway")
    if other := sorted(name for name in _OTHERS if command.by[name] != digest):
        return refusals.not_cleared(", ".join(other))
    return None
