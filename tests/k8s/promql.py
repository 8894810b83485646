"""As much of PromQL as our alert rules use, evaluated over the series of their test cases, as Prometheus documents it.

promtool is not on every machine, and no package index has it. The parser is Prometheus' own grammar (promql-parser);
what an expression comes to is reckoned here. Anything that is not used here raises: nothing is taken for zero.
"""

from __future__ import annotations

import itertools
import math
import operator
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Any

import promql_parser as ast

Labels = frozenset[tuple[str, str]]
Vector = dict[Labels, float]
Value = Vector | float
Samples = list[tuple[float, float]]
Series = dict[str, dict[Labels, Samples]]

LOOKBACK = 300.0
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul,
    "/": lambda a, b: a / b if b else math.nan if not a or math.isnan(a) else math.inf * a,
}  # fmt: skip
_COMPARED = {">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le, "==": operator.eq}
_FOLDED: dict[str, Callable[[list[float]], float]] = {
    "sum": math.fsum, "max": max, "min": min, "count": lambda them: float(len(them)),
}  # fmt: skip


def samples(values: str, interval: float) -> Samples:
    """The samples of `1 _x2 0+10x5`: a value, none, or one and so many more, each as much higher as the sign says."""
    found: list[float | None] = []
    for word in values.split():
        parts = re.fullmatch(r"(_|-?[\d.]+)(?:([+-][\d.]+))?(?:x(\d+))?", word)
        if parts is None:
            raise ValueError(f"not written as promtool reads it: {word}")
        first, step, more = parts[1], float(parts[2] or 0), int(parts[3] or 0)
        if first == "_":
            found += [None] * max(more, 1)
        else:
            found += [float(first) + step * number for number in range(more + 1)]
    return [(number * interval, value) for number, value in enumerate(found) if value is not None]


def labels_of(series: str) -> tuple[str, Labels]:
    """The name and labels of `name{a="b"}`."""
    selector = ast.parse(series)
    assert isinstance(selector, ast.VectorSelector)
    assert selector.name, series
    return selector.name, frozenset((one.name, one.value) for one in selector.matchers.matchers)


class At:
    """Evaluates expressions over series at a moment (seconds)."""

    def __init__(self, series: Series, at: float) -> None:
        self._series = series
        self._at = at

    def value(self, node: Any) -> Value:
        """What the expression comes to; raises NotImplementedError for what our rules do not use."""
        match node:
            case ast.NumberLiteral():
                return float(node.val)
            case ast.ParenExpr():
                return self.value(node.expr)
            case ast.VectorSelector():
                return {its: last for its, seen in self._window(node, LOOKBACK) if (last := seen[-1][1]) is not None}
            case ast.AggregateExpr():
                return self._aggregate(node)
            case ast.Call():
                return self._call(node)
            case ast.BinaryExpr():
                return self._binary(node)
        raise NotImplementedError(type(node).__name__)

    def _window(self, node: Any, seconds: float) -> Iterable[tuple[Labels, Samples]]:
        end = self._at - (node.offset.total_seconds() if node.offset else 0.0)
        for its, every in self._series.get(node.name, {}).items():
            seen = every[bisect_right(every, end - seconds, key=_at) : bisect_right(every, end, key=_at)]
            if seen and all(_matches(one, dict(its).get(one.name, "")) for one in node.matchers.matchers):
                yield its, seen

    def _aggregate(self, node: Any) -> Vector:
        by = set(node.modifier.labels) if node.modifier else set()
        if node.modifier is not None and node.modifier.type != ast.AggModifierType.By:
            raise NotImplementedError("without")
        groups: dict[Labels, list[float]] = {}
        for its, value in self._vector(node.expr).items():
            groups.setdefault(frozenset(one for one in its if one[0] in by), []).append(value)
        return {its: _FOLDED[str(node.op)](values) for its, values in groups.items()}

    def _call(self, node: Any) -> Value:
        name = node.func.name
        if name == "time":
            return self._at
        if name == "abs":
            return {its: abs(value) for its, value in self._vector(node.args[0]).items()}
        if name == "round":
            return {its: math.floor(value + 0.5) for its, value in self._vector(node.args[0]).items()}
        if name == "histogram_quantile":
            return _quantiles(node.args[0].val, self._vector(node.args[1]))
        if name not in ("rate", "increase", "delta"):
            raise NotImplementedError(name)
        selector, seconds = node.args[0].vector_selector, node.args[0].range.total_seconds()
        end = self._at - (selector.offset.total_seconds() if selector.offset else 0.0)
        found = self._window(selector, seconds)
        return {
            its: _grown(seen, end, seconds, counter=name != "delta") / (seconds if name == "rate" else 1.0)
            for its, seen in found
            if len(seen) > 1
        }

    def _vector(self, node: Any) -> Vector:
        found = self.value(node)
        assert isinstance(found, dict), "a vector is wanted"
        return found

    def _binary(self, node: Any) -> Value:
        op, left, right = str(node.op), self.value(node.lhs), self.value(node.rhs)
        if isinstance(left, dict) and isinstance(right, dict):
            return _between(op, left, right, node.modifier)
        if op in _COMPARED:
            if not isinstance(left, dict) or isinstance(right, dict):
                raise NotImplementedError("a number on the left")
            return {its: value for its, value in left.items() if _COMPARED[op](value, right)}
        reckon = _ARITHMETIC[op]
        if isinstance(left, dict):
            assert isinstance(right, float)
            return {its: reckon(value, right) for its, value in left.items()}
        if isinstance(right, dict):
            return {its: reckon(left, value) for its, value in right.items()}
        return reckon(left, right)


def _between(op: str, left: Vector, right: Vector, modifier: Any) -> Vector:
    matching = modifier.matching if modifier else None
    on = None if matching is None else set(matching.labels)

    def key(its: Labels) -> Labels:
        return its if on is None else frozenset(one for one in its if one[0] in on)

    others = {key(its): value for its, value in right.items()}
    if op == "and":
        return {its: value for its, value in left.items() if key(its) in others}
    if op == "unless":
        return {its: value for its, value in left.items() if key(its) not in others}
    if op == "or":
        mine = {key(its) for its in left}
        return left | {its: value for its, value in right.items() if key(its) not in mine}
    pairs = ((its, value, others[key(its)]) for its, value in left.items() if key(its) in others)
    if op in _COMPARED:
        return {its: value for its, value, other in pairs if _COMPARED[op](value, other)}
    return {its: _ARITHMETIC[op](value, other) for its, value, other in pairs}


def _at(sample: tuple[float, float]) -> float:
    return sample[0]


def _matches(matcher: Any, value: str) -> bool:
    whole = re.fullmatch(matcher.value, value) is not None
    return {
        "MatchOp.Equal": value == matcher.value, "MatchOp.NotEqual": value != matcher.value,
        "MatchOp.Re": whole, "MatchOp.NotRe": not whole,
    }[str(matcher.op)]  # fmt: skip


def _grown(seen: Samples, end: float, seconds: float, *, counter: bool) -> float:
    """How much it grew in the window, with what lies before the first and behind the last sample."""
    (first_at, first), (last_at, last) = seen[0], seen[-1]
    grown = last - first
    if counter:
        grown += sum(before for (_, before), (_, after) in itertools.pairwise(seen) if after < before)
    sampled = last_at - first_at
    between = sampled / (len(seen) - 1)
    before, behind = first_at - (end - seconds), end - last_at
    before = before if before < 1.1 * between else between / 2
    if counter and grown > 0 and first >= 0:
        before = min(before, sampled * first / grown)
    behind = behind if behind < 1.1 * between else between / 2
    return grown * (sampled + before + behind) / sampled


def _quantiles(quantile: float, buckets: Vector) -> Vector:
    groups: dict[Labels, list[tuple[float, float]]] = {}
    for its, value in buckets.items():
        rest = frozenset(one for one in its if one[0] != "le")
        groups.setdefault(rest, []).append((float(dict(its)["le"]), value))
    return {its: _quantile(quantile, sorted(found)) for its, found in groups.items()}


def _quantile(quantile: float, buckets: list[tuple[float, float]]) -> float:
    rank = quantile * buckets[-1][1]
    place = next(number for number, (_, count) in enumerate(buckets) if count >= rank)
    if place == len(buckets) - 1:
        return buckets[-2][0]
    start, below = buckets[place - 1] if place else (0.0, 0.0)
    end, count = buckets[place]
    return start + (end - start) * (rank - below) / (count - below)
