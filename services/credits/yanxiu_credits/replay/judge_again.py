"""One stored decision judged again from what was stored with it: facts, day, settings, readings, pack. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

import msgspec
from yanxiu_footing.stored import canonical
from yanxiu_rulekit.errors import FactsRefused, ParameterRefused, RulekitError, RuleNotInForce, SettingRefused
from yanxiu_rulekit.outcome import Assessment
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.parameters import Parameters, overlaid
from yanxiu_wire.explanation import Reading, Step

from yanxiu_credits.assess import exact_micro
from yanxiu_credits.books.kinds import TRANSFERRED
from yanxiu_credits.explain import Decision, read_decision, write_decision
from yanxiu_credits.law_facts import read_values
from yanxiu_credits.policy.weigh_many import kept

_SHOWN = 300


class Differs(msgspec.Struct, frozen=True, kw_only=True):
    """Where a decision comes out otherwise: the place, what is stored there, and what came of it now."""

    place: str
    stored: str
    came: str


class Again(msgspec.Struct, frozen=True, kw_only=True):
    """What came of replaying one decision.

    `same`: to the letter, by the version of the pack that decided; `older`: the same figures by the installed version
    with the values that were read then; `elsewhere`: brought by a transfer, no decision on facts of this law;
    `differs`: `why` says in what.
    """

    outcome: Literal["same", "older", "elsewhere", "differs"]
    why: Differs | None = None


def judge_again(pack: RulePack | None, row: Mapping[str, Any]) -> Again:
    """Judge a stored record again and compare all that was stored of it, exactly.

    `row` holds the columns of the record and of its decision, those of the latter as `decision_...`.
    """
    if row["kind"] == TRANSFERRED:
        return Again(outcome="elsewhere")
    if pack is None or pack.name != row["decision_pack"]:
        installed = pack.name if pack is not None else ""
        return _differs("pack", row["decision_pack"], installed)
    older = pack.version != row["decision_version"]
    try:
        stored = read_decision(row["decision_body"])
        law = pack.under(_as_read(pack, stored.steps)) if older else pack
        facts = read_values(law, msgspec.json.decode(row["facts"]))
        settings = msgspec.json.decode(row["decision_settings"])
        found = law.assess(facts, on=row["decision_on"], settings=settings)
    except (msgspec.DecodeError, msgspec.ValidationError) as unreadable:
        return _differs("decision", "unreadable", str(unreadable))
    except (FactsRefused, ParameterRefused, RuleNotInForce, SettingRefused, RulekitError) as refused:
        return _differs("decision", row["status"], f"{type(refused).__name__}: {refused}")
    except Exception as fault:  # noqa: BLE001 - a formula is foreign code: that it fails now is the difference
        return _differs("decision", row["status"], f"{type(fault).__name__}: {fault}")
    why = next(_differences(row, stored, found, to_the_letter=not older), None)
    if why is not None:
        return Again(outcome="differs", why=why)
    return Again(outcome="older" if older else "same")


def _differs(place: str, stored: object, came: object) -> Again:
    return Again(outcome="differs", why=Differs(place=place, stored=_shown(stored), came=_shown(came)))


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else canonical(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _differences(
    row: Mapping[str, Any], stored: Decision, found: Assessment, *, to_the_letter: bool
) -> Iterator[Differs]:
    """Yield what is not the same: status and amounts first, then what later judging needs, then how it came."""
    refused = found.decided.refusals
    if refused:
        yield Differs(place="refused", stored=row["status"], came=_shown([one.code for one in refused]))
    came = {
        "status": found.status,
        "micro_hours": exact_micro(found.hours),
        "micro_credits": exact_micro(found.credits),
    }
    for name, value in came.items():
        if row[name] != value:
            yield Differs(place=name, stored=_shown(row[name]), came=_shown(value))
    attributes = canonical(found.attributes)
    if kept(row["attributes"]) != attributes:
        yield Differs(place="attributes", stored=_shown(kept(row["attributes"])), came=_shown(attributes))
    reasons = [str(one) for one in found.decided.result.get("reasons", ())]
    if msgspec.json.decode(row["reasons"]) != reasons:
        yield Differs(place="reasons", stored=_shown(row["reasons"]), came=_shown(reasons))
    body = write_decision(found)
    if body != row["decision_body"]:
        yield from _inside(stored, read_decision(body), to_the_letter=to_the_letter)


def _inside(stored: Decision, came: Decision, *, to_the_letter: bool) -> Iterator[Differs]:
    """Yield what differs inside a decision: its result, then its steps with what each read."""
    for name in ("kind", "status"):
        yield from _unlike(name, getattr(stored, name), getattr(came, name))
    for name in dict.fromkeys([*stored.result, *came.result]):
        yield from _unlike(f"result.{name}", stored.result.get(name), came.result.get(name))
    names = [[one.name for one in each.steps] for each in (stored, came)]
    yield from _unlike("steps", *names)
    for then, now in zip(stored.steps, came.steps, strict=False):
        yield from _step(then, now, to_the_letter=to_the_letter)


def _step(then: Step, now: Step, *, to_the_letter: bool) -> Iterator[Differs]:
    yield from _unlike(f"steps.{then.name}.value", then.value, now.value)
    names = [[(one.parameter, one.key) for one in each.readings] for each in (then, now)]
    yield from _unlike(f"steps.{then.name}.readings", *names)
    for old, new in zip(then.readings, now.readings, strict=False):
        place = f"steps.{then.name}.readings.{old.parameter}" + (f"[{old.key}]" if old.key is not None else "")
        yield from _unlike(f"{place}.value", old.value, new.value)
        if to_the_letter:
            yield from _unlike(place, msgspec.to_builtins(old), msgspec.to_builtins(new))
    for name in ("unit", "clauses", "zh", "en") if to_the_letter else ():
        yield from _unlike(f"steps.{then.name}.{name}", getattr(then, name), getattr(now, name))


def _unlike(place: str, stored: object, came: object) -> Iterator[Differs]:
    if stored != came:
        yield Differs(place=place, stored=_shown(stored), came=_shown(came))


def _as_read(pack: RulePack, steps: tuple[Step, ...]) -> Parameters:
    """Return the pack's parameters with the values that a decision read: those of another version stay out.

    What a district had set is no parameter of the pack's; the stored settings say it again.
    """
    rows: dict[str, tuple[Reading, dict[str, Any]]] = {}
    for reading in (one for step in steps for one in step.readings):
        known = pack.parameters.get(reading.parameter)
        if known is None or reading.decided_by is not None:
            continue
        now = known.values[-1].value
        if reading.key is None:
            rows[reading.parameter] = (reading, {"": _typed(now, reading.value)})
        elif isinstance(now, Mapping):
            own = rows.setdefault(reading.parameter, (reading, dict(now)))[1]
            own[reading.key] = _typed(now.get(reading.key), reading.value)
    entries = [
        (name, pack.parameters[name].unit, {"since": reading.since, "value": own.get("", own), "cite": reading.clause})
        for name, (reading, own) in rows.items()
    ]
    return overlaid(pack.parameters, entries, clauses=pack.source.clauses)


def _typed(now: Any, text: str) -> Any:
    if isinstance(now, bool):
        return text == "true"
    return Decimal(text) if isinstance(now, Decimal) else text
