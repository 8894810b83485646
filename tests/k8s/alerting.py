"""Alert rules tried on the cases of promtool's format: which alarm at a moment, with which labels and texts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import promql_parser as ast

from tests.k8s.promql import At, Series, labels_of, samples

Alert = tuple[dict[str, str], dict[str, str]]
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


def seconds(text: str) -> float:
    """Seconds of `1h30m`."""
    return sum(int(number) * _UNITS[unit] for number, unit in re.findall(r"(\d+)([smhd])", text))


def series_of(case: dict[str, Any]) -> Series:
    """The input of a case."""
    found: Series = {}
    for one in case["input_series"]:
        name, its = labels_of(one["series"])
        found.setdefault(name, {})[its] = samples(str(one["values"]), seconds(case["interval"]))
    return found


def alarms(rule: dict[str, Any], series: Series, at: float, interval: float) -> Iterator[Alert]:
    """Labels and annotations of what the rule alarms about at a moment: what held at every evaluation of its `for`."""
    expression, held = ast.parse(rule["expr"]), seconds(rule.get("for", "0m"))
    evaluated = [At(series, at - back * interval).value(expression) for back in range(int(held // interval) + 1)]
    if held > at:
        return
    now = evaluated[0]
    assert isinstance(now, dict)
    for its, value in now.items():
        if all(isinstance(one, dict) and its in one for one in evaluated):
            labels = dict(its)
            texts = {name: _filled(text, labels, value) for name, text in rule["annotations"].items()}
            yield labels | rule["labels"], texts


def _filled(text: str, labels: dict[str, str], value: float) -> str:
    def one(found: re.Match[str]) -> str:
        what = found[1]
        if what.startswith("$labels."):
            return labels.get(what.removeprefix("$labels."), "")
        return {"$value": f"{value:g}"}.get(what) or _HUMANIZED[what.partition("| ")[2]](value)

    return re.sub(r"\{\{ (.+?) \}\}", one, text)


def _humanize(value: float) -> str:
    if value == 0 or not math.isfinite(value):
        return f"{value:.4g}"
    power = min(max(0, int(math.log10(abs(value)) // 3)), 5)
    return f"{value / 1000**power:.4g}{('', 'k', 'M', 'G', 'T', 'P')[power]}"


def _duration(value: float) -> str:
    if value < 60:
        return f"{value:.4g}s"
    whole = int(value)
    days, hours, minutes = whole // 86_400, whole // 3600 % 24, whole // 60 % 60
    if days:
        return f"{days}d {hours}h {minutes}m {whole % 60}s"
    return f"{hours}h {minutes}m {whole % 60}s" if hours else f"{minutes}m {whole % 60}s"


_HUMANIZED = {
    "humanize": _humanize, "humanizeDuration": _duration, "humanizePercentage": lambda value: f"{value * 100:.4g}%",
}  # fmt: skip
