"""Draft a summary or report: the figures of a month or a term, and sentences made of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from yanxiu_footing.calendar import read_term
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.field_records import Figure
from yanxiu_wire.refusal import Refused
from yanxiu_wire.term import Term
from yanxiu_wire.term_work import Draft, DraftFigures

from yanxiu_visits import refusals as general
from yanxiu_visits.recording import refusals
from yanxiu_visits.reporting.assess_figures import Stretch, assess_figures
from yanxiu_visits.reporting.collect import collect
from yanxiu_visits.scope import OFFICERS, scope_of
from yanxiu_visits.service import Service

_WORDS = {
    "half_days": ("到校{days}天", "{days} days at schools"),
    "visits": ("下校{n}次", "{n} visits"),
    "lessons_commented": ("听评课{n}节", "{n} lessons observed and commented on"),
    "preparations": ("集体备课{n}次", "{n} collective preparations"),
    "themes": ("主题教研{n}次", "{n} themed activities"),
    "seminars": ("主题研讨{n}次", "{n} seminars"),
    "exchanges": ("经验交流会{n}次", "{n} exchange meetings"),
    "tasks": ("任务记录{n}条", "{n} entries of tasks"),
    "findings": ("发现问题{n}个", "{n} findings"),
    "findings_closed": ("销号{n}个", "{n} of them closed"),
}


async def draft_figures(service: Service, district: str, query: DraftFigures, _deadline: Deadline) -> Draft | Refused:
    """Return the draft as the records are now; only the researcher himself and officers have it."""
    scope = scope_of(query.caller)
    mine = scope.kind == "self" and scope.id == query.researcher
    if query.caller.role not in OFFICERS and not mine:
        return general.researcher_unknown(query.researcher)
    async with service.databases.read(district) as conn:
        term = await read_term(conn, district, query.term)
        if term is None:
            return general.term_unknown(query.term)
        within = stretch_of(term, query.month, query.school)
        if isinstance(within, Refused):
            return within
        figures = assess_figures(await collect(conn, district, query.researcher, term.id), within)
    zh, en = told(figures)
    return Draft(
        researcher=query.researcher,
        term=term.id,
        month=query.month,
        school=query.school,
        figures=figures,
        text_zh=zh,
        text_en=en,
    )


def stretch_of(term: Term, month: str | None, school: str | None) -> Stretch | Refused:
    """Return the days that a draft is of: the month's, within the term, or the whole term's."""
    if month is None:
        return Stretch(start=term.starts_on, end=term.ends_on, school=school)
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        return refusals.month_malformed(month, term.id)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if last < term.starts_on or first > term.ends_on:
        return refusals.month_malformed(month, term.id)
    return Stretch(start=max(first, term.starts_on), end=min(last, term.ends_on), school=school)


def told(figures: Sequence[Figure]) -> tuple[str, str]:
    """Return the figures as a Chinese and an English sentence; what is zero is left out."""
    kept = [(one, _WORDS[one.name]) for one in figures if one.value and one.name in _WORDS]
    if not kept:
        return "本期尚无记录。", "Nothing is recorded yet."
    zh = "，".join(words[0].format(n=one.value, days=_days(one.value)) for one, words in kept)
    en = ", ".join(words[1].format(n=one.value, days=_days(one.value)) for one, words in kept)
    return f"{zh}。", f"{en}."


def _days(half_days: int) -> str:
    whole, half = divmod(half_days, 2)
    return f"{whole}.5" if half else str(whole)
