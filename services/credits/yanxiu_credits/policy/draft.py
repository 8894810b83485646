"""A draft law beside the present one: what it changes, and on which day which of them governs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from yanxiu_footing.stored import simple
from yanxiu_rulekit.errors import ParameterRefused, SettingRefused
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.parameters import Parameter, overlaid
from yanxiu_wire.policy import DraftValue, PreviewPolicy
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import District, PackBinding

from yanxiu_credits.laws import InForce, Laws, binding_on
from yanxiu_credits.policy import refuse


class DraftLaws(Laws):
    """The draft from its day on, the present law before; asked in the same way as the laws of the service."""

    def __init__(self, present: Laws, district: District, draft: Laws, drafted: District, since: date) -> None:
        self._present = (present, district)
        self._draft = (draft, drafted)
        self._since = since
        self._rulebook = draft._rulebook  # noqa: SLF001 - one law with another pack in it
        self.drafts = present.drafts

    @property
    def key(self) -> dict[str, Any]:
        """Which law the draft comes to, as `law_of` says it."""
        return law_of(*self._draft, self._since)

    def in_force(self, district: District | None, on: date, *, field: str = "on") -> InForce | Refused:  # noqa: ARG002 - as its base
        """Return the law that would govern the day if the draft were bound; `district` is the one it was made for."""
        laws, known = self._present if on < self._since else self._draft
        return laws.in_force(known, on, field=field)


def drafted(laws: Laws, district: District, asked: PreviewPolicy) -> tuple[DraftLaws, PackBinding] | Refused:
    """Return the draft's laws and the binding that would put them in force.

    Refuses with LAW_NOT_IN_FORCE, DRAFT_UNKNOWN, DRAFT_VALUE_REFUSED or SETTING_REFUSED.
    """
    present = laws.in_force(district, asked.since, field="since")
    if isinstance(present, Refused):
        return present
    pack = _pack(laws, present, asked)
    if isinstance(pack, Refused):
        return pack
    bound = binding_on(district, asked.since)
    kept = bound.settings if bound is not None and bound.pack == pack.jurisdiction else {}
    settings = {**kept, **asked.settings}
    try:
        pack = pack.under(overlaid(pack.parameters, _entries(pack, asked.values), clauses=pack.source.clauses))
        pack.parameters.checked(settings)
    except ParameterRefused as refused:
        return refuse.value_refused(str(refused))
    except SettingRefused as refused:
        return refuse.setting_refused(refused.parameter, refused.value, refused.problem)
    binding = PackBinding(pack=pack.jurisdiction, since=asked.since, settings=settings, decided_by=asked.decided_by)
    others = tuple(one for one in district.bindings if one.since != asked.since)
    hypothetical = msgspec.structs.replace(district, bindings=(*others, binding))
    return DraftLaws(laws, district, laws.with_pack(pack), hypothetical, asked.since), binding


def _pack(laws: Laws, present: InForce, asked: PreviewPolicy) -> RulePack | Refused:
    if asked.release is not None:
        found = laws.drafts.get(asked.release) or _beside(laws, asked.pack or present.pack.jurisdiction, asked.release)
        return found or refuse.draft_unknown("release", asked.release, laws.drafts)
    if asked.pack is None or asked.pack == present.pack.jurisdiction:
        return present.pack
    return laws.pack_of(asked.pack) or refuse.draft_unknown("pack", asked.pack, ())


def _beside(laws: Laws, jurisdiction: str, release: str) -> RulePack | None:
    """Return a version of a pack, "name version", that stands beside the others and need not be bound by anybody."""
    found = laws.pack_of(jurisdiction, release.rpartition(" ")[2])
    return found if _release(found) == release else None


def _entries(pack: RulePack, values: tuple[DraftValue, ...]) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Return draft values in the form that a parameter file gives them, numbers as numbers where the pack has such."""
    return [
        (
            one.parameter,
            one.unit,
            {"since": one.since, "value": _typed(pack.parameters, one), "cite": one.cite},
        )
        for one in values
    ]


def _typed(parameters: Mapping[str, Parameter], one: DraftValue) -> Any:
    known = parameters[one.parameter].values[-1].value if one.parameter in list(parameters) else None
    value = one.value
    if isinstance(known, Mapping):
        if isinstance(value, str):
            value = _table(value)
        if isinstance(value, Mapping):
            return {key: _as(known.get(key), inner) for key, inner in value.items()}
        return value
    return _as(known, value)


def _table(text: str) -> Any:
    try:
        return msgspec.json.decode(text, strict=False)
    except msgspec.DecodeError:
        return text


def _as(known: Any, value: Any) -> Any:
    if isinstance(known, Decimal) and isinstance(value, str | int) and not isinstance(value, bool):
        try:
            return Decimal(str(value))
        except ArithmeticError:
            return value
    if isinstance(known, bool) and value in ("true", "false"):
        return value == "true"
    return value


def law_of(laws: Laws, district: District, since: date) -> dict[str, Any]:
    """Return which law a district has from a day on, in a form that two of them can be compared by.

    Bindings in the order of their days, the one in force on the day first, with the name and version of each pack.
    Who decided a setting is not part of it: the figures are.
    """
    first = binding_on(district, since)
    later = sorted((one for one in district.bindings if one.since > since), key=lambda one: one.since)
    return {
        "bindings": [
            {
                "pack": one.pack,
                "since": max(one.since, since).isoformat(),
                "settings": {name: simple(_value(value)) for name, value in sorted(one.settings.items())},
                "release": _release(laws.pack_of(one.pack, one.version)),
            }
            for one in ([first] if first is not None else []) + later
        ],
    }


def _value(setting: Any) -> Any:
    if isinstance(setting, Mapping) and "value" in setting and setting.keys() <= {"value", "decided_by"}:
        return _exact(setting["value"])
    return _exact(setting)


def _exact(value: Any) -> Any:
    """Return a number as a decimal however it was written, so that 40 and 40.0 are one setting."""
    if isinstance(value, Mapping):
        return {str(key): _exact(inner) for key, inner in value.items()}
    if isinstance(value, bool) or not isinstance(value, int | str):
        return value
    try:
        number = Decimal(value)
    except ArithmeticError:
        return value
    return number if number.is_finite() else value


def _release(pack: RulePack | None) -> str | None:
    return f"{pack.name} {pack.version}" if pack is not None else None
