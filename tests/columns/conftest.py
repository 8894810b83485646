"""Records and lines of every installed pack, made from the facts of its own cases."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from yanxiu_rulekit import RulePack, load_packs, to_micro
from yanxiu_rulekit.casefile import read_cases
from yanxiu_rulekit.columns.records import varying_facts
from yanxiu_rulekit.errors import FactsRefused, RuleNotInForce
from yanxiu_rulekit.setting import Allowed

PACKS = {name: pack for name, pack in load_packs().packs.items() if pack.credit is not None}

# On and beside every border of a regulation that cases know of, and some that no border is near.
NUMBERS = ("0", "-1", "0.5", "1", "2", "3", "7.5", "8", "10", "12", "24", "24.0", "30", "48", "59.5", "60", "69.999999")
NUMBERS += ("70", "80", "89.5", "90", "100", "100.5", "120", "0.333333", "10950", "10951", "20000")
# Not what columns take: each is answered by the scalar decision, and must be answered alike.
STRANGE = ("1e3", "0.0000001", "12345678901234", "abc", "", 1.5, True, "１０")

Record = tuple[date, dict[str, Any]]


@dataclass(frozen=True, repr=False)
class Shown:
    """What a pack's cases show of records: their facts with the day and the settings under which they are asked."""

    pack: RulePack
    records: tuple[tuple[date, dict[str, Any], dict[str, Any]], ...]

    @property
    def settings(self) -> list[dict[str, Any]]:
        """Every set of settings under which a case asks, each once."""
        found: list[dict[str, Any]] = []
        for _on, _facts, settings in self.records:
            if settings not in found:
                found.append(settings)
        return found


def shown_by(pack: RulePack) -> Shown:
    """Collect the records of a pack's cases: of its record question, and those that a year or a cycle is asked with."""
    assert pack.credit is not None
    found = []
    for case in (case for file in pack.case_files() for case in read_cases(file)):
        records = [*case.given.get("records", ()), case.given.get("record")]
        for record in records:
            if isinstance(record, Mapping):
                on = _day(case.on or record.get("date") or record.get("completed_on"), pack.source.applies_from)
                found.append((on, dict(record), dict(case.settings)))
    return Shown(pack, tuple(found))


def _day(said: Any, otherwise: date) -> date:
    try:
        return said if isinstance(said, date) else date.fromisoformat(said) if said else otherwise
    except ValueError:
        return otherwise


def varied(shown: Shown, chance: random.Random) -> Record:
    """Return a record like one of the cases': numbers and days moved, a fact dropped or taken from another record."""
    numbers, days = varying_facts(shown.pack)
    on, facts, _settings = chance.choice(shown.records)
    on, facts = on + timedelta(days=chance.choice((0, 0, 0, 1, -1, 40, 400))), dict(facts)
    for name in list(facts):
        if name in numbers and chance.random() < 0.5:
            facts[name] = chance.choice(NUMBERS) if chance.random() < 0.95 else chance.choice(STRANGE)
        elif name in days and chance.random() < 0.5:
            facts[name] = (on + timedelta(days=chance.choice((-366, -31, -1, 0, 1, 29)))).isoformat()
        elif chance.random() < 0.04:
            del facts[name]
        elif isinstance(facts[name], bool) and chance.random() < 0.1:
            facts[name] = not facts[name]
    if chance.random() < 0.3:
        other = chance.choice(shown.records)[1]
        for name in chance.sample(sorted(other), min(2, len(other))):
            facts[name] = other[name]
    return on, facts


def some_settings(pack: RulePack, chance: random.Random) -> dict[str, Any]:
    """Return settings that a district may have: a few of what the regulation leaves open, anywhere in its range."""
    made = {}
    for name, parameter in pack.parameters.items():
        if parameter.allowed is None or chance.random() > 0.25:
            continue
        rows = parameter.values[0].value
        if isinstance(rows, Mapping):
            made[name] = {row: _setting(parameter.allowed, chance) for row in rows if chance.random() < 0.3}
        else:
            made[name] = _setting(parameter.allowed, chance)
    return made


def _setting(allowed: Allowed, chance: random.Random) -> Any:
    if allowed.one_of and (allowed.min is None or chance.random() < 0.3):
        found = chance.choice(allowed.one_of)
        return found if isinstance(found, bool) else str(found)
    assert allowed.min is not None
    assert allowed.max is not None
    return str(allowed.min + (allowed.max - allowed.min) * Decimal(chance.randint(0, 20)) / 20)


@dataclass(frozen=True)
class Line:
    """A credited line to draw from: amounts in millionths and what the pack keeps of it."""

    micro_hours: int
    micro_credits: int
    attributes: Mapping[str, Any]


def lines_shown(shown: Shown, chance: random.Random) -> list[Line]:
    """Return what counted records leave in the ledger: those of the cases and many like them."""
    lines = []
    given = [(on, facts) for on, facts, _settings in shown.records]
    for on, facts in [*given, *(varied(shown, chance) for _ in range(1500))]:
        try:
            assessed = shown.pack.assess(facts, on=on)
            amounts = to_micro(assessed.hours), to_micro(assessed.credits)
        except (FactsRefused, RuleNotInForce, ValueError):
            continue
        if assessed.status == "COUNTED":
            lines.append(Line(*amounts, assessed.attributes))
    return lines


@pytest.fixture(scope="session", params=sorted(PACKS))
def shown(request: pytest.FixtureRequest) -> Shown:
    """Each installed pack with credit rules, and the records that its cases show."""
    return shown_by(PACKS[request.param])


@pytest.fixture(scope="session")
def vary() -> Callable[[Shown, random.Random], Record]:
    return varied


@pytest.fixture(scope="session")
def settle() -> Callable[[RulePack, random.Random], dict[str, Any]]:
    return some_settings


class Pool(Sequence[Line]):
    """Lines to draw from; a failing example does not write them all out."""

    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines

    def __getitem__(self, place: Any) -> Any:
        return self._lines[place]

    def __len__(self) -> int:
        return len(self._lines)


@pytest.fixture(scope="session")
def pool(shown: Shown) -> Pool:
    """Lines of the pack to draw teachers' years from."""
    return Pool(lines_shown(shown, random.Random(7)))
