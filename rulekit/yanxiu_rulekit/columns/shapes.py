"""What lines say, told apart only where it matters: the amounts among their attributes aside, few shapes are left."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import numpy.typing as npt

from yanxiu_rulekit.columns.lines import Attributes
from yanxiu_rulekit.facts import CreditLine
from yanxiu_rulekit.numbers import to_micro

# Stands where attributes do not say an amount, or say one finer than millionths.
NO_AMOUNT = -1


class Shapes:
    """The distinct attributes without their amounts, by code; each is read by the pack once.

    `of_code[code]` is the shape of a code, `amounts[name][code]` the amount in millionths, `NO_AMOUNT` where there is
    none. What a rule asks of a shape is asked once and remembered under a key.
    """

    def __init__(self, attributes: Attributes, amounts: Sequence[str], read: Callable[[CreditLine], Any]) -> None:
        codes: dict[Hashable, int] = {}
        of_code = np.zeros(len(attributes), dtype=np.int32)
        self.amounts = {name: np.full(len(attributes), NO_AMOUNT, dtype=np.int64) for name in amounts}
        self.lines: list[Any] = []
        for code in range(len(attributes)):
            said = attributes[code]
            shape = {name: value for name, value in said.items() if name not in amounts}
            place = codes.setdefault(_key(shape), len(codes))
            of_code[code] = place
            if place == len(self.lines):
                self.lines.append(read(_bare(shape)))
            for name in amounts:
                self.amounts[name][code] = _micro(said.get(name))
        self.of_code = of_code
        self._answers: dict[Hashable, Any] = {}

    def unasked(self) -> Shapes:
        """Return the same shapes with no answer remembered, for another law or other settings."""
        other = object.__new__(Shapes)
        other.of_code, other.amounts, other.lines, other._answers = self.of_code, self.amounts, self.lines, {}
        return other

    def __len__(self) -> int:
        return len(self.lines)

    def answers(self, key: Hashable, question: Callable[[Any], Any]) -> list[Any]:
        """Return the answer of every shape; `key` names the question and the law under which it is asked."""
        return self.remembered(key, lambda: [question(line) for line in self.lines])

    def remembered(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return what was made of the shapes under a key; it is made when it is first asked for."""
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = make()
        return found

    def truths(self, key: Hashable, question: Callable[[Any], bool]) -> npt.NDArray[np.bool_]:
        """Return the answers of a yes-or-no question."""
        return np.array([bool(one) for one in self.answers(key, question)], dtype=np.bool_)


def shapes_of(attributes: Attributes, amounts: Sequence[str], read: Callable[[CreditLine], Any]) -> Shapes:
    """Return the shapes of attributes; they are read once for as long as the attributes are held."""
    key = (tuple(amounts), read)
    found = attributes.kept.get(key)
    if found is None:
        found = attributes.kept[key] = Shapes(attributes, amounts, read)
    return found.unasked()


def _bare(shape: Mapping[str, Any]) -> CreditLine:
    return CreditLine(id="", on=date.min, hours=Decimal(0), credits=Decimal(0), attributes=shape)


def _key(value: Any) -> Hashable:
    if isinstance(value, Mapping):
        return tuple(sorted((str(name), _key(inner)) for name, inner in value.items()))
    if isinstance(value, list | tuple):
        return tuple(map(_key, value))
    # 1, 1.0 and True are equal to Python and need not be to a rule.
    return type(value).__name__, str(value)


def _micro(value: Any) -> int:
    if value is None:
        return NO_AMOUNT
    try:
        amount = to_micro(value if isinstance(value, Decimal) else Decimal(str(value)))
    except (ValueError, InvalidOperation):
        return NO_AMOUNT
    return amount if 0 <= amount < 2**53 else NO_AMOUNT
