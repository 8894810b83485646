"""The metrics that the platform's processes offer, as the page of the documentation that lists them."""

from __future__ import annotations

import importlib
from pathlib import Path

from yanxiu_wire.metrics import Declared, declared

PAGE = Path(__file__).resolve().parents[2] / "docs" / "metrics.md"
# By name, not by import: the command line knows no service, it only asks each what it counts.
_DECLARING = (
    "yanxiu_gateway.__main__",
    "yanxiu_registry.__main__",
    "yanxiu_credits.__main__",
    "yanxiu_visits.__main__",
    "yanxiu_wire.admission_metrics",
    "yanxiu_wire.serving_metrics",
    "yanxiu_wire.denied_metrics",
)
_HEAD = """# 指标一览 · Metrics

由 `yanxiu schema` 从代码写出，请勿手改。标签只有名称、代码与已开通的区县，没有个人数据；单位是基本单位。
Written from the code by `yanxiu schema`; do not edit. Labels are names, codes and the districts that were opened:
nothing personal, nothing that a caller wrote. How to use them: [observing](observing.md). Beside these every process
offers `process_*` and `python_*` of prometheus-client.

| name | kind | labels | 含义 | meaning |
|---|---|---|---|---|
"""


def every_metric() -> tuple[Declared, ...]:
    """The metrics of all processes by name."""
    for module in _DECLARING:
        importlib.import_module(module)
    # What a test or a tool declared beside them is none of the platform's.
    return tuple(one for one in declared() if one.name.startswith("yanxiu_"))


def listed() -> str:
    """The page."""
    rows = (
        f"| `{one.name}` | {one.kind} | {', '.join(f'`{label}`' for label in one.labels)} | {one.zh} | {one.en} |\n"
        for one in every_metric()
    )
    return _HEAD + "".join(rows)
