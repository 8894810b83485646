"""Facts that remember what was done with them: a decision run once with them tells how it answers all like them.

A traced number or day behaves as the plain one that it holds. What is computed from it is an expression over the facts,
and every comparison is a guard: the path that the decision took is taken by all records whose facts keep its guards.
What has no expression (a hash, a whole part, a month) fixes the fact to its value. Text made of it is taken for
explanation and fixes nothing.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Context, Decimal, Inexact, getcontext
from fractions import Fraction
from typing import Any

# ("fact", name), ("number", Fraction), (operator, left, right), ("round", of, places, how)
Node = tuple[Any, ...]
# (operator, left, right): what was compared; "ends" asks whether left / right is a decimal that ends.
Guard = tuple[str, Node, Node]


class Trace:
    """The guards of one run, each once, with the outcome that it had."""

    def __init__(self) -> None:
        self.guards: dict[Guard, bool] = {}

    def number(self, name: str, value: Decimal) -> TracedDecimal:
        """Return a fact as a traced number."""
        return _number(value, ("fact", name), self)

    def day(self, name: str, value: date) -> TracedDate:
        """Return a fact as a traced day; its expression counts days as ordinals do."""
        return _day(value, ("fact", name), self)

    def hold(self, symbol: str, left: Node, right: Node, *, outcome: bool) -> bool:
        """Remember a comparison and return its outcome."""
        if left[0] != "number" or right[0] != "number":
            self.guards.setdefault((symbol, left, right), outcome)
        return outcome


def node_of(value: Any) -> Node:
    """Return the expression of a value: its own, or a constant."""
    if isinstance(value, TracedDecimal | TracedDate):
        return value.node
    return ("number", Fraction(value.toordinal() if isinstance(value, date) else value))


class TracedDecimal(Decimal):
    """A decimal that remembers where it comes from."""

    __slots__ = ("node", "trace")
    node: Node
    trace: Trace

    def __hash__(self) -> int:
        return hash(self.fixed())

    def __bool__(self) -> bool:
        plain = Decimal.__bool__(self)
        return not self.trace.hold("==", self.node, _ZERO, outcome=not plain)

    def __truediv__(self, other: Any) -> Any:
        return _divided(self, other, self.trace)

    def __rtruediv__(self, other: Any) -> Any:
        return _divided(other, self, self.trace)

    def __neg__(self, context: Context | None = None) -> Any:
        return _number(-self.plain(), ("-", _ZERO, self.node), self.trace)

    def __pos__(self, context: Context | None = None) -> Any:
        return _number(+self.plain(), self.node, self.trace)

    def __abs__(self, *_args: Any) -> Any:
        return self if self >= 0 else -self

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, memo: Any, /) -> Any:
        return self

    def quantize(self, exp: Any, rounding: str | None = None, context: Context | None = None) -> Any:
        """Round, as a decimal does; where rounding is an error it is one for every record."""
        found = self.plain().quantize(Decimal(exp), rounding, context)
        how = rounding or (context or getcontext()).rounding
        made = _number(found, ("round", self.node, -int(Decimal(exp).as_tuple().exponent), how), self.trace)
        if (context or getcontext()).traps[Inexact]:
            self.trace.hold("==", made.node, self.node, outcome=True)
        return made

    def to_integral_value(self, rounding: str | None = None, context: Context | None = None) -> Any:
        """Round to a whole number, as a decimal does."""
        found = self.plain().to_integral_value(rounding, context)
        return _number(found, ("round", self.node, 0, rounding or (context or getcontext()).rounding), self.trace)

    def is_finite(self) -> bool:
        """Say that it is a number: no other fact is traced."""
        return True

    def plain(self) -> Decimal:
        """Return the value alone."""
        return Decimal(self)

    def fixed(self) -> Decimal:
        """Return the value, for records that have the same."""
        self.trace.hold("==", self.node, ("number", Fraction(self.plain())), outcome=True)
        return self.plain()


_ZERO: Node = ("number", Fraction(0))


def _number(value: Decimal, node: Node, trace: Trace) -> TracedDecimal:
    made = TracedDecimal(value)
    made.node, made.trace = node, trace
    return made


def _divided(one: Any, two: Any, trace: Trace) -> Any:
    if not isinstance(one, Decimal | int) or not isinstance(two, Decimal | int):
        return NotImplemented
    found = _bare(one) / _bare(two)
    trace.hold("ends", node_of(one), node_of(two), outcome=True)
    return _number(found, ("/", node_of(one), node_of(two)), trace)


def _bare(value: Any) -> Any:
    return value.plain() if isinstance(value, TracedDecimal) else value


def _arithmetic(symbol: str, name: str, *, reflected: bool) -> Callable[[Any, Any], Any]:
    plain: Callable[[Any, Any], Any] = getattr(Decimal, name)

    def computed(self: TracedDecimal, other: Any) -> Any:
        found = plain(self, _bare(other))
        if found is NotImplemented:
            return found
        sides = (node_of(other), self.node) if reflected else (self.node, node_of(other))
        return _number(found, (symbol, *sides), self.trace)

    return computed


def _comparison(symbol: str, name: str) -> Callable[[Any, Any], Any]:
    plain: Callable[[Any, Any], Any] = getattr(Decimal, name)

    def compared(self: TracedDecimal, other: Any) -> Any:
        found = plain(self, _bare(other))
        if found is NotImplemented:
            return found
        return self.trace.hold(symbol, self.node, node_of(other), outcome=found)

    return compared


def _fixing(kind: type[Any], name: str) -> Callable[..., Any]:
    plain: Callable[..., Any] = getattr(kind, name)

    def fixed(self: Any, *args: Any, **named: Any) -> Any:
        return plain(self.fixed(), *args, **named)

    return fixed


COMPARED = {"__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">=", "__eq__": "==", "__ne__": "!="}
for _name, _symbol in (("add", "+"), ("sub", "-"), ("mul", "*"), ("mod", "%")):
    setattr(TracedDecimal, f"__{_name}__", _arithmetic(_symbol, f"__{_name}__", reflected=False))
    setattr(TracedDecimal, f"__r{_name}__", _arithmetic(_symbol, f"__r{_name}__", reflected=True))
for _name, _symbol in COMPARED.items():
    setattr(TracedDecimal, _name, _comparison(_symbol, _name))

_PARTS = "__int__ __float__ __complex__ __floor__ __ceil__ __trunc__ __round__ __floordiv__ __rfloordiv__ __divmod__"
_PARTS += " __rdivmod__ __pow__ __rpow__ __reduce__"
_OWN = set(vars(TracedDecimal)) | {"from_float", "real", "imag"}
for _name in (*_PARTS.split(), *(one for one in dir(Decimal) if not one.startswith("_"))):
    if _name not in _OWN:
        setattr(TracedDecimal, _name, _fixing(Decimal, _name))


class TracedDate(date):
    """A day that remembers where it comes from."""

    node: Node
    trace: Trace

    def __hash__(self) -> int:
        return hash(self.fixed())

    @property
    def year(self) -> int:
        """The year, for all days in it."""
        plain = self.plain()
        self._within(plain.replace(month=1, day=1), plain.replace(month=12, day=31))
        return plain.year

    @property
    def month(self) -> int:
        """The month, for all days in it."""
        plain = self.plain()
        first = plain.replace(day=1)
        later = first + timedelta(days=31)
        self._within(first, later.replace(day=1) - timedelta(days=1))
        return plain.month

    @property
    def day(self) -> int:
        """The day of the month, for this day only."""
        return self.fixed().day

    def __add__(self, other: Any) -> Any:
        if not isinstance(other, timedelta):
            return NotImplemented
        return _day(self.plain() + other, ("+", self.node, node_of(other.days)), self.trace)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, timedelta):
            return _day(self.plain() - other, ("-", self.node, node_of(other.days)), self.trace)
        return NotImplemented if not isinstance(other, date) else self.fixed() - _fixed_day(other)

    def __rsub__(self, other: Any) -> Any:
        return NotImplemented if not isinstance(other, date) else _fixed_day(other) - self.fixed()

    def __str__(self) -> str:
        return str(self.plain())

    def __format__(self, fmt: str, /) -> str:
        return format(self.plain(), fmt)

    def strftime(self, format: str) -> str:  # noqa: A002 - the name that a date gives it
        """Write the day out: an explanation."""
        return self.plain().strftime(format)

    def _within(self, first: date, last: date) -> None:
        self.trace.hold("<=", node_of(first), self.node, outcome=True)
        self.trace.hold("<=", self.node, node_of(last), outcome=True)

    def plain(self) -> date:
        """Return the day alone."""
        return date.fromordinal(date.toordinal(self))

    def fixed(self) -> date:
        """Return the day, for records that have the same."""
        self.trace.hold("==", self.node, node_of(self.plain()), outcome=True)
        return self.plain()


def _day(value: date, node: Node, trace: Trace) -> TracedDate:
    made = TracedDate.fromordinal(value.toordinal())
    made.node, made.trace = node, trace
    return made


def _fixed_day(value: date) -> date:
    return value.fixed() if isinstance(value, TracedDate) else value


def _day_comparison(symbol: str, how: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
    def compared(self: TracedDate, other: Any) -> Any:
        if not isinstance(other, date):
            return NotImplemented
        outcome = how(self.plain(), other.plain() if isinstance(other, TracedDate) else other)
        return self.trace.hold(symbol, self.node, node_of(other), outcome=outcome)

    return compared


for _name, _symbol in COMPARED.items():
    setattr(TracedDate, _name, _day_comparison(_symbol, getattr(operator, _name)))
for _name in ("toordinal", "weekday", "isoweekday", "isocalendar", "isoformat", "timetuple", "replace", "__reduce__"):
    setattr(TracedDate, _name, _fixing(date, _name))
