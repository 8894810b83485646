"""Which law governs a district on a day: its dated bindings, and the rule packs that are loaded."""

from __future__ import annotations

import contextlib
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from yanxiu_rulekit.errors import PackRefused, SettingRefused
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.plugins import Rulebook
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import District, PackBinding

from yanxiu_footing import refusals
from yanxiu_footing.pack_store import VersionMissing, release_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The pack that a district is bound to on a day, with its settings, whatever it judges.

    `settings` are plain values as they can be stored: parameter -> `{"value": ..., "decided_by": ...}`.
    """

    pack: RulePack
    settings: Mapping[str, Any]


class Elsewhere(Rulebook):
    """For a process that calls no pack itself: the cells of its districts do."""

    def __init__(self) -> None:
        super().__init__({}, {})

    def pack(self, jurisdiction: str) -> RulePack:
        """Raise RuntimeError: what judges belongs into the cell."""
        raise RuntimeError(f"{jurisdiction}: this process judges nothing; the cell of the district does")


class _With(Rulebook):
    """A rulebook with one pack in the place of its jurisdiction's."""

    def __init__(self, others: Rulebook, pack: RulePack) -> None:
        super().__init__({}, {})
        self._others = others
        self._own = pack
        self.packs: Mapping[str, RulePack] = ChainMap({pack.jurisdiction: pack}, others.packs)  # type: ignore[arg-type]  # is only read

    def pack(self, jurisdiction: str) -> RulePack:
        """Return the one pack, or another as the others have it."""
        return self._own if jurisdiction == self._own.jurisdiction else self._others.pack(jurisdiction)

    def release(self, jurisdiction: str, version: str) -> RulePack:
        """Return a version as the others have it: the one pack stands for what no binding names."""
        return release_of(self._others, jurisdiction, version)


class Laws:
    """The rule packs of this process, loaded once; a district whose pack is missing or broken is closed."""

    def __init__(self, rulebook: Rulebook, drafts: Mapping[str, RulePack] | None = None) -> None:
        self._rulebook = rulebook
        # Installed for previews only, by "name version"; no district is under one of them.
        self.drafts: Mapping[str, RulePack] = drafts or {}

    def with_pack(self, pack: RulePack) -> Self:
        """Return these laws with another pack in the place of its jurisdiction's, for a preview."""
        return type(self)(_With(self._rulebook, pack), self.drafts)

    def bound(self, district: District | None, on: date, *, field: str = "on") -> Bound | Refused:
        """Return the pack that governs `on`, or why there is none.

        Refuses with LAW_NOT_IN_FORCE, LAW_UNUSABLE or LAW_VERSION_MISSING.
        """
        binding = binding_on(district, on)
        if binding is None:
            first = min((one.since for one in district.bindings), default=None) if district else None
            return refusals.law_not_in_force(on, field=field, since=first)
        try:
            bound = self._bound(binding)
        except VersionMissing as missing:
            return refusals.law_version_missing(binding.pack, missing.version, missing.found, binding.since)
        except (PackRefused, SettingRefused):
            return refusals.law_unusable(binding.pack)
        if on < bound.pack.source.applies_from:
            return refusals.law_not_in_force(on, field=field, since=bound.pack.source.applies_from)
        return bound

    def jurisdictions(self) -> tuple[str, ...]:
        """Return the jurisdictions whose packs are installed, sorted; `pack_of` says which of them serve."""
        return self._rulebook.jurisdictions()

    def pack_of(self, jurisdiction: str, version: str | None = None) -> RulePack | None:
        """Return a loaded pack, or None when it is gone (a record it decided keeps its own sentences).

        The version is the one that is named where there is it, else the environment's.
        """
        if version is not None:
            with contextlib.suppress(PackRefused):
                return release_of(self._rulebook, jurisdiction, version)
        return self._rulebook.packs.get(jurisdiction)

    def why_unusable(self, bound: District | None) -> str | None:
        """Return why a law that the district is bound to cannot be used, for the log, or None."""
        if isinstance(self._rulebook, Elsewhere):
            return None
        for binding in bound.bindings if bound is not None else ():
            try:
                self._bound(binding)
            except (PackRefused, SettingRefused) as reason:
                return f"rule pack {binding.pack} since {binding.since}: {reason}"
        return None

    def _bound(self, binding: PackBinding) -> Bound:
        pack = release_of(self._rulebook, binding.pack, binding.version)
        settings = {name: _with_decision(value, binding.decided_by) for name, value in binding.settings.items()}
        pack.parameters.checked(settings)
        return Bound(pack=pack, settings=settings)


def binding_on(district: District | None, on: date) -> PackBinding | None:
    """Return the newest binding that had begun on the day, or None."""
    begun = [one for one in (district.bindings if district else ()) if one.since <= on]
    return max(begun, key=lambda one: one.since) if begun else None


def _with_decision(value: Any, decided_by: str | None) -> Any:
    if isinstance(value, Mapping) and "value" in value and value.keys() <= {"value", "decided_by"}:
        return dict(value)
    return {"value": value, "decided_by": decided_by}
