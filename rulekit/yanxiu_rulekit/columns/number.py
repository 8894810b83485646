"""Exact numbers by the column: integers over one denominator, with the operators of a decimal."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from yanxiu_rulekit.formula import Varied
from yanxiu_rulekit.numbers import ROUNDING

Bools = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.integer[Any]]

MICRO = 1_000_000
_MOST = 2**63 - 1
# Beyond it a sum of two such numbers may need more digits than the exact context of a single decision has.
_FINEST = 2**50


class ColumnOverflow(Exception):
    """A number that 64 bits do not hold; the rows in question are judged one at a time instead."""


class Mask(Varied):
    """One truth for each row."""

    __slots__ = ("values",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, values: Bools) -> None:
        self.values = values

    def __and__(self, other: Mask | bool) -> Mask:
        return Mask(self.values & _truth(other))

    def __or__(self, other: Mask | bool) -> Mask:
        return Mask(self.values | _truth(other))

    __rand__ = __and__
    __ror__ = __or__

    def __invert__(self) -> Mask:
        return Mask(~self.values)

    def __bool__(self) -> bool:
        raise TypeError("a column has no single truth; say it with choose")

    def between(self, chosen: Any, otherwise: Any, /) -> Any:
        """Return by row `chosen` where it holds, else `otherwise`; None makes the number unknown there."""
        if chosen is None:
            return otherwise.unknown_where(self)
        if isinstance(chosen, Mask | bool) and isinstance(otherwise, Mask | bool):
            return Mask(np.where(self.values, _truth(chosen), _truth(otherwise)))
        one, other, den = _aligned(chosen, otherwise)
        return Column(np.where(self.values, one, other), den)


def _truth(value: Mask | bool) -> Any:
    return value.values if isinstance(value, Mask) else value


class Column(Varied):
    """One exact number for each row: `values` over the common denominator `den`.

    `unknown` marks the rows without a number, such as a share of nothing. Raises `ColumnOverflow` where a result does
    not fit; nothing is ever rounded but by a function that says so.
    """

    __slots__ = ("den", "unknown", "values")
    __array_ufunc__ = None
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, values: Whole, den: int = 1, unknown: Bools | None = None) -> None:
        if den > _FINEST:
            raise ColumnOverflow(f"a denominator of {den}")
        self.values = values
        self.den = den
        self.unknown = unknown

    def __len__(self) -> int:
        return len(self.values)

    def __str__(self) -> str:
        return f"{len(self)} numbers"

    def unknown_where(self, mask: Mask) -> Column:
        """Return the same numbers, unknown in some rows."""
        return Column(self.values, self.den, mask.values)

    def fraction(self, row: int) -> Fraction | None:
        """Return the number of a row, None where it is unknown."""
        if self.unknown is not None and self.unknown[row]:
            return None
        return Fraction(int(self.values[row]), self.den)

    def decimal(self, row: int) -> Decimal | None:
        """Return the number of a row as a decimal, None where it is unknown; it ends in every case that can be."""
        if self.unknown is not None and self.unknown[row]:
            return None
        return _decimal(int(self.values[row]), self.den)

    def micro(self) -> Whole:
        """Return millionths; raises `ColumnOverflow` where they do not hold the number exactly."""
        values, exact = self.in_micro()
        if not exact.all():
            raise ColumnOverflow("finer than millionths")
        return values

    def in_micro(self) -> tuple[Whole, Bools]:
        """Return millionths, cut where they do not hold the number exactly, and where they do."""
        common = math.gcd(self.den, MICRO)
        values, rest = times(self.values, MICRO // common), self.den // common
        below, over = np.divmod(values, rest) if rest != 1 else (values, np.zeros(len(values), dtype=np.int64))
        return below, over == 0

    # ---- arithmetic ---------------------------------------------------------------------------------------------

    def __add__(self, other: Any) -> Column:
        one, two, den = _aligned(self, other)
        return Column(_checked(one, two, np.add), den)

    def __sub__(self, other: Any) -> Column:
        one, two, den = _aligned(self, other)
        return Column(_checked(one, two, np.subtract), den)

    def __rsub__(self, other: Any) -> Column:
        one, two, den = _aligned(other, self)
        return Column(_checked(one, two, np.subtract), den)

    def __mul__(self, other: Any) -> Column:
        if isinstance(other, Column):
            if top(self.values) * top(other.values) > _MOST:
                raise ColumnOverflow("a product")
            return Column(self.values * other.values, self.den * other.den)
        factor = Fraction(other)
        common = math.gcd(factor.numerator, self.den) or 1
        return Column(times(self.values, factor.numerator // common), self.den // common * factor.denominator)

    __radd__ = __add__
    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Column:
        if isinstance(other, Column):
            return quotient(self, other)
        return self * (1 / Fraction(other))

    def __rtruediv__(self, other: Any) -> Column:
        return quotient(constant(other, len(self)), self)

    def __mod__(self, other: Any) -> Column:
        # As a decimal does it: the remainder has the sign of what is divided.
        one, two, den = _aligned(self, other)
        return Column(np.fmod(one, two), den)

    def __neg__(self) -> Column:
        return Column(-self.values, self.den)

    def __pos__(self) -> Column:
        return self

    def __abs__(self) -> Column:
        return Column(np.abs(self.values), self.den)

    # ---- comparison ---------------------------------------------------------------------------------------------

    def __lt__(self, other: Any) -> Mask:
        return self._compared(other, np.less)

    def __le__(self, other: Any) -> Mask:
        return self._compared(other, np.less_equal)

    def __gt__(self, other: Any) -> Mask:
        return self._compared(other, np.greater)

    def __ge__(self, other: Any) -> Mask:
        return self._compared(other, np.greater_equal)

    def __eq__(self, other: object) -> Any:
        return self._compared(other, np.equal)

    def __ne__(self, other: object) -> Any:
        return self._compared(other, np.not_equal)

    def __bool__(self) -> bool:
        raise TypeError("a column has no single truth; say it with choose")

    def _compared(self, other: Any, how: Callable[..., Any]) -> Mask:
        one, two, _den = _aligned(self, other)
        return Mask(np.asarray(how(one, two)))

    # ---- rounding, on purpose -----------------------------------------------------------------------------------

    def to_integral_value(self, rounding: str | None = None, context: Any = None) -> Column:
        """Return whole numbers, as a decimal's method of this name."""
        return self.quantize(Decimal(1), rounding=rounding, context=context)

    def quantize(self, exp: Decimal, rounding: str | None = None, context: Any = None) -> Column:
        """Return the numbers at the places of `exp`, as a decimal's method of this name."""
        how = rounding or (context.rounding if context is not None else ROUND_HALF_EVEN)
        places = -int(exp.as_tuple().exponent)
        unit = 10 ** max(places, 0)
        if places < 0:
            raise ColumnOverflow("tens and hundreds are not rounded to")
        return Column(rounded(times(self.values, unit), self.den, how), unit)


@lru_cache(maxsize=1 << 15)
def _decimal(number: int, den: int) -> Decimal:
    """Return a quotient as a decimal; thousands of teachers have the same."""
    exact = Fraction(number, den)
    return ROUNDING.divide(Decimal(exact.numerator), Decimal(exact.denominator))


def rounded(values: Whole, den: int, how: str) -> Whole:
    """Return `values / den` as whole numbers, rounded as the decimal module calls it."""
    below, rest = np.divmod(values, den)
    if how == ROUND_FLOOR:
        return below
    if den > _MOST // 2:
        raise ColumnOverflow("a denominator too large to round by")
    twice = rest * 2
    if how == ROUND_HALF_UP:
        # Away from zero, and `rest` is never negative.
        return below + np.where(values >= 0, twice >= den, twice > den)
    if how == ROUND_HALF_EVEN:
        return below + ((twice > den) | ((twice == den) & (below % 2 != 0)))
    raise ColumnOverflow(f"{how} is not known by the column")


def constant(value: Any, rows: int) -> Column:
    """Return one number in every row."""
    exact = Fraction(value)
    if abs(exact.numerator) > _MOST:
        raise ColumnOverflow("a constant")
    return Column(np.full(rows, exact.numerator, dtype=np.int64), exact.denominator)


def top(values: Whole) -> int:
    """Return the largest magnitude."""
    return max(-int(values.min()), int(values.max())) if len(values) else 0


def times(values: Whole, factor: int) -> Whole:
    """Return values times a whole number; raises `ColumnOverflow`."""
    if factor == 1:
        return values
    if abs(factor) > _MOST or top(values) * abs(factor) > _MOST:
        raise ColumnOverflow("a product")
    return values * factor


def ends(one: Column, two: Column) -> Bools:
    """Return where `one / two` is a decimal that ends; a division by zero is none."""
    num, den = _ratio(one, two)
    odd = np.abs(den) // np.maximum(np.gcd(num, den), 1)
    odd = np.maximum(odd, 1)
    odd //= odd & -odd
    return (den != 0) & (5**27 % odd == 0)


def quotient(one: Column, two: Column) -> Column:
    """Return `one / two` where one unit of a power of ten holds every row; raises `ColumnOverflow` where none does."""
    num, den = _ratio(one, two)
    if (den == 0).any():
        raise ColumnOverflow("a division by zero")
    for unit in (1, 10**3, 10**6, 10**9, 10**12):
        scaled = times(num, unit)
        if not (scaled % den).any():
            return Column(scaled // den, unit)
    raise ColumnOverflow("a quotient")


def _ratio(one: Column, two: Column) -> tuple[Whole, Whole]:
    common = math.gcd(one.den, two.den)
    return times(one.values, two.den // common), times(two.values, one.den // common)


def _aligned(one: Any, two: Any) -> tuple[Any, Any, int]:
    """Return both as integers (an array, or one number for all rows) over their common denominator."""
    one, two = _parts(one), _parts(two)
    den = math.lcm(one[1], two[1])
    return _raised(one[0], den // one[1]), _raised(two[0], den // two[1]), den


def _parts(value: Any) -> tuple[Any, int]:
    if isinstance(value, Column):
        return value.values, value.den
    exact = Fraction(value)
    return exact.numerator, exact.denominator


def _raised(values: Any, factor: int) -> Any:
    if isinstance(values, int):
        if abs(values * factor) > _MOST:
            raise ColumnOverflow("a number beside a column")
        return np.int64(values * factor)
    return times(values, factor)


def _checked(one: Any, two: Any, how: Callable[..., Any]) -> Any:
    high = sum(top(x) if isinstance(x, np.ndarray) else abs(int(x)) for x in (one, two))
    if high > _MOST:
        raise ColumnOverflow("a sum")
    return how(one, two)
