"""Other words for one fact, as forms and offices write them: read as that fact, and returned where they differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from yanxiu_rulekit import Facts, FactsRefused, RecordFacts

Allocation = str | dict[str, Decimal]

# The other word, and the fact that it names.
OF_A_RECORD = {
    "start": "started_on",
    "start_date": "started_on",
    "end": "completed_on",
    "end_date": "completed_on",
    "hours_attended": "hours_completed",
    "days_completed": "days_attended",
    "hour_log": "hours_by_year",
    "module_hours": "module",
    "modules": "module",
    "module_allocation": "module",
    "department_approved": "approved",
    "provincial_recognised": "organiser_recognised",
    "qualified_institution": "institution_qualified",
    "county_consent": "consent",
    "signed": "registrar_signed",
    "evaluated_effective": "effective",
    "evaluation_effective": "effective",
    "evaluation": "effective",
    "studio_id": "studio",
    "work_id": "work",
    "year_index": "study_year",
}
OF_A_TEACHER = {"appointed_on": "hired_on"}
OF_A_FORM = {"module_credits": "modules"}
OF_A_SCHOOL = {"exception": "reasoned_exception"}

Evaluation = Literal["effective", "ineffective", "no_effect", "有成效", "取得成效", "无成效", "未取得成效"]
EVALUATED = {"effective": True, "有成效": True, "取得成效": True}


class SpelledRecord(RecordFacts, frozen=True, kw_only=True):
    """The other words for facts of a record, each of the type of the fact it names (`OF_A_RECORD`)."""

    start: dt.date | None = None
    start_date: dt.date | None = None
    end: dt.date | None = None
    end_date: dt.date | None = None
    hours_attended: Decimal | None = None
    days_completed: Decimal | None = None
    hour_log: dict[str, Decimal] | None = None
    module_hours: Allocation | None = None
    modules: Allocation | None = None
    module_allocation: Allocation | None = None
    department_approved: bool | None = None
    provincial_recognised: bool | None = None
    qualified_institution: bool | None = None
    county_consent: bool | None = None
    signed: bool | None = None
    evaluated_effective: bool | None = None
    evaluation_effective: bool | None = None
    evaluation: bool | Evaluation | None = None
    studio_id: str | None = None
    work_id: str | None = None
    year_index: int | None = None


def fold(facts: Facts, words: Mapping[str, str]) -> None:
    """Let each other word state its fact, where the fact itself is not stated.

    Only for the moment in which `facts` is made: it writes into the slot, since facts are frozen from then on.
    """
    for word, fact in words.items():
        said = _meant(word, getattr(facts, word))
        if said is not None and getattr(facts, fact) is None:
            getattr(type(facts), fact).__set__(facts, said)


def refuse_contradictions(facts: Facts, words: Mapping[str, str], path: str = "") -> None:
    """Raise `FactsRefused` for a word that says otherwise than the fact it names; `path` leads to the facts."""
    for word, fact in words.items():
        said, stated = _meant(word, getattr(facts, word)), getattr(facts, fact)
        if said is not None and said != stated:
            raise FactsRefused(
                field=f"{path}{word}",
                value=getattr(facts, word),
                problem=f"{word} and {fact} are one fact, and another of its words says {stated}; keep one",
            )


def word_for(facts: Facts, fact: str, words: Mapping[str, str]) -> str:
    """Return the word by which a fact was stated, for a refusal that must name what the writer wrote."""
    other = [word for word, named in words.items() if named == fact and getattr(facts, word) is not None]
    return other[0] if other else fact


def _meant(word: str, said: Any) -> Any:
    return EVALUATED.get(said, False) if word == "evaluation" and isinstance(said, str) else said
