"""What a bar says: why a record may not be entered, or may be entered and earns nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from yanxiu_rulekit import Law

from yanxiu_puer.facts import Record


class Refusing(NamedTuple):
    """What makes a bar refuse the entry itself: code, fact, value found, and the remedy in Chinese and English."""

    code: str
    field: str
    value: Any
    remedy_zh: str
    remedy_en: str


class Barred(NamedTuple):
    """One reason: a name for the step, the clauses breached, a sentence in Chinese and in English."""

    name: str
    clauses: tuple[str, ...]
    zh: str
    en: str
    refusing: Refusing | None = None


Bar = Callable[[Record, Law], Barred | None]


def hold_bars(bars: Iterable[Bar], record: Record, law: Law) -> list[str]:
    """Try each bar, tell those that hold, and return the clauses breached, each once, in rule order.

    Every bar reads the law on its own page, so that a step claims only the readings that its own bar made.
    """
    clauses: list[str] = []
    for bar in bars:
        own = law.quiet()
        barred = bar(record, own)
        if barred is None:
            continue
        _tell(barred, own)
        law.steps += own.steps
        law.refusals += own.refusals
        clauses += [clause for clause in barred.clauses if clause not in clauses]
    return clauses


def _tell(barred: Barred, law: Law) -> None:
    zh, en = barred.zh.replace("{", "{{").replace("}", "}}"), barred.en.replace("{", "{{").replace("}", "}}")
    law.step(barred.name, None, zh=zh, en=en, clauses=barred.clauses)
    if barred.refusing is not None:
        why = barred.refusing
        law.refuse(
            why.code,
            field=why.field,
            value=why.value,
            clauses=barred.clauses,
            zh=zh,
            en=en,
            remedy=(why.remedy_zh, why.remedy_en),
        )
