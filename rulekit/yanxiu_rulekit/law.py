"""The law as a formula reads it: values in force on a day, every reading kept for the explanation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from yanxiu_rulekit.numbers import plain
from yanxiu_rulekit.outcome import Reading, Refusal, Step

if TYPE_CHECKING:
    from yanxiu_rulekit.parameters import Parameters

_WORD = re.compile(r"\{([a-z_]+)\}")


class Table(Mapping[str, Any]):
    """A parameter with rows; reading a row records it under its key."""

    def __init__(self, rows: Mapping[str, Any], note: Any) -> None:
        self._rows = rows
        self._note = note

    def __getitem__(self, key: str) -> Any:
        value = self._rows[key]
        self._note(key, value)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class Law:
    """Parameters in force on one day, read as attributes: `law.school_hours_cap`, `law.merit["优"]`.

    A parameter that the pack does not have raises AttributeError (the conformance check finds it before a user
    does); one with no value on that day raises `RuleNotInForce`. `today` is the day on which the question is asked,
    None where it does not matter (a case file).
    """

    def __init__(
        self,
        parameters: Parameters,
        on: date,
        settings: Mapping[str, Any] | None = None,
        *,
        today: date | None = None,
    ) -> None:
        self.on = on
        self.today = today
        self.steps: list[Step] = []
        self.refusals: list[Refusal] = []
        self._parameters = parameters
        self._settings = settings or {}
        self._unsaid: list[Reading] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            found = self._parameters.value(name, self.on, self._settings)
        except KeyError as error:
            raise AttributeError(error.args[0]) from None
        if isinstance(found.value, Mapping):
            return Table(found.value, lambda key, value: self._note(found.reading(value, key)))
        self._note(found.reading(found.value))
        return found.value

    def _note(self, reading: Reading) -> None:
        if reading not in self._unsaid:
            self._unsaid.append(reading)

    def at(self, on: date) -> Law:
        """Return the same law on another day, writing into the same explanation."""
        other = Law(self._parameters, on, self._settings, today=self.today)
        other.steps, other.refusals, other._unsaid = self.steps, self.refusals, self._unsaid
        return other

    def quiet(self, on: date | None = None) -> Law:
        """Return the same law with an explanation of its own, for an inner question whose steps are not told."""
        return Law(self._parameters, on or self.on, self._settings, today=self.today)

    def step(
        self,
        name: str,
        value: Any,
        *,
        zh: str,
        en: str,
        clauses: tuple[str, ...] = (),
        unit: str = "",
        readings: tuple[Reading, ...] = (),
        **words: Any,
    ) -> Any:
        """Say what was just computed and return `value`; `{words}` and `{value}` are filled into both sentences.

        The readings made since the last step belong to this one, after `readings` (those of a finding, say).
        """
        said = {**words, "value": value}
        self.steps.append(
            Step(
                name=name,
                value=value,
                unit=unit,
                zh=_filled(zh, said),
                en=_filled(en, said),
                clauses=clauses,
                readings=readings + self.take_readings(),
            )
        )
        return value

    def take_readings(self) -> tuple[Reading, ...]:
        """Return the readings that no step has claimed yet, and forget them."""
        taken = tuple(self._unsaid)
        self._unsaid.clear()
        return taken

    def refuse(
        self,
        code: str,
        *,
        field: str,
        value: Any,
        clauses: tuple[str, ...],
        zh: str,
        en: str,
        remedy: tuple[str, str],
        **words: Any,
    ) -> None:
        """Refuse the entry itself; `{words}` and `{value}` are filled into both sentences.

        `remedy` is what to do, in Chinese and in English.
        """
        said = {**words, "value": value}
        self.refusals.append(
            Refusal(
                code=code,
                field=field,
                value=value,
                clauses=clauses,
                zh=_filled(zh, said),
                en=_filled(en, said),
                remedy_zh=remedy[0],
                remedy_en=remedy[1],
            )
        )


def _filled(sentence: str, words: Mapping[str, Any]) -> str:
    """Fill `{words}` in; braces that name no word stay, since a fact's own text may stand in the sentence."""
    return _WORD.sub(lambda found: _word(words[found[1]]) if found[1] in words else found[0], sentence)


def _word(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)
