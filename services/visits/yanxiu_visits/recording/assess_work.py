"""Whether what a record says can be kept, by itself: its texts, its ids, its figures. Pure."""

from __future__ import annotations

import re

from yanxiu_wire.field_records import (
    Content,
    Figure,
    Gathering,
    Observation,
    Paper,
    RecordWork,
    Report,
    Summary,
    TaskDone,
)
from yanxiu_wire.refusal import Refused
from yanxiu_wire.term import Term

from yanxiu_visits import refusals as general
from yanxiu_visits.recording import refusals
from yanxiu_visits.visiting.assess_note import assess_text

_DIGEST = re.compile(r"[0-9a-f]{64}")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
MOST_REPORT = 40_000
MOST_IDS = 2000

# What a summary or report counts. Each figure is as many as its records, but half days: a visit may have several.
COUNTS = (
    "visits",
    "lessons",
    "lessons_commented",
    "preparations",
    "themes",
    "seminars",
    "exchanges",
    "other_gatherings",
    "tasks",
    "papers",
    "findings",
    "findings_closed",
)
FIGURES = ("half_days", *COUNTS)


def assess_work(work: RecordWork) -> Refused | None:
    """Return why a record cannot be kept whoever asks and whatever else is known."""
    match work.content:
        case Observation() as seen:
            return _texts(("content.subject", seen.subject, 100), ("content.title", seen.title, 200)) or _optional(
                ("content.grade", seen.grade, 100), ("content.comment", seen.comment, 4000)
            )
        case Gathering() as held:
            return _texts(("content.title", held.title, 200)) or _optional(("content.subject", held.subject or "", 100))
        case TaskDone() as done:
            return _texts(("content.text", done.text, 4000))
        case Paper() as paper:
            malformed = None if _DIGEST.fullmatch(paper.digest) else refusals.digest_malformed(paper.digest)
            return _texts(("content.title", paper.title, 200)) or malformed
        case Summary() as summary:
            return _texts(("content.text", summary.text, MOST_REPORT)) or assess_figures(summary.figures)
        case Report() as report:
            return _texts(
                ("content.title", report.title, 200), ("content.text", report.text, MOST_REPORT)
            ) or assess_figures(report.figures)


def assess_month(content: Content, term: Term) -> Refused | None:
    """Return the refusal of a summary's month that the term has no day of."""
    if not isinstance(content, Summary):
        return None
    within = f"{term.starts_on:%Y-%m}" <= content.month <= f"{term.ends_on:%Y-%m}"
    return None if _MONTH.fullmatch(content.month) and within else refusals.month_malformed(content.month, term.id)


def assess_figures(figures: tuple[Figure, ...]) -> Refused | None:
    """Return the refusal of figures that no draft has."""
    names = [one.name for one in figures]
    if len(set(names)) != len(names):
        return refusals.figures_malformed("content.figures", "、".join(names))
    for place, one in enumerate(figures):
        path = f"content.figures[{place}]"
        if one.name not in FIGURES:
            return refusals.figures_malformed(f"{path}.name", one.name)
        if len(one.ids) > MOST_IDS:
            return general.out_of_bounds(f"{path}.ids", len(one.ids), 0, MOST_IDS)
        if len(set(one.ids)) != len(one.ids) or not _adds_up(one):
            return refusals.figures_malformed(f"{path}.value", one.value)
    return None


def _adds_up(one: Figure) -> bool:
    if one.name == "half_days":
        return one.value >= len(one.ids) and bool(one.value) == bool(one.ids)
    return one.value == len(one.ids)


def _texts(*texts: tuple[str, str, int]) -> Refused | None:
    return next((found for field, text, most in texts if (found := assess_text(field, text, most=most))), None)


def _optional(*texts: tuple[str, str, int]) -> Refused | None:
    found = (assess_text(field, text, most=most, empty=True) for field, text, most in texts)
    return next((one for one in found if one), None)
