"""What the credits service brings up besides records: attendance, a move, a forged record, a school's verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import Forgery, Law, Moved, SchoolRule, choose

from yanxiu_puer.people import TransferQuestion, transfer
from yanxiu_puer.wording import NOTHING


def attended_facts(given: Mapping[str, Any], planned: Decimal, attended: Decimal, law: Law) -> Mapping[str, Any]:
    """Return the hours of a project as its sessions were held and attended (PUER-F2-3-3: all of it, or nothing).

    A short centralised project counts by the day (PUER-10-16): whole days attended, all of them when every hour was.
    """
    days = given.get("days_planned")
    if days is not None and given.get("hours_planned") is None and given.get("mode") != "network":
        daily, in_full = law.hours_per_day, Decimal(days)
        whole = (attended - attended % daily) / daily
        return {"days_attended": choose((attended >= planned, in_full), otherwise=min(whole, in_full - 1))}
    said = {"hours_completed": attended}
    return said if given.get("hours_planned") is not None else {"hours_planned": planned, **said}


def move(moved: Moved, law: Law) -> Mapping[str, Any]:
    """PUER-F2-5-2: inside the city and the same stage a record moves along; else an official reviews it (G-P44).

    What another law counts in other units is reviewed too: the text knows no rate between them.
    """
    ours = moved.hours_unit == "学时" and moved.credits_unit == "学分"
    question = TransferQuestion(
        within_city=moved.within_city and ours, same_stage=moved.same_stage, credits=moved.credits
    )
    accepted = transfer.answer(question, law)["status"] == "AUTO"
    return {
        "recognised": True if accepted else None,
        "hours": moved.hours if accepted else NOTHING,
        "credits": moved.credits if accepted else NOTHING,
        "reasons": () if accepted else ("PUER-F2-5-2",),
    }


def forgery_facts(forgery: Forgery) -> Mapping[str, Any]:
    """Return what the decision `fraud` asks."""
    return {
        "actor": forgery.actor,
        "record_credits": forgery.credits,
        "record_hours": forgery.hours,
        "serious": forgery.serious,
    }


def ratio_facts(verdicts: Mapping[str, int], law: Law) -> Mapping[str, Any]:
    """Return what the decision `school_ratio` asks: who failed, of all who stood on the roster (G-P41)."""
    roster = sum(verdicts.values())
    exempt = verdicts.get("EXEMPT", 0)
    return {
        "roster": choose((law.first_year_in_denominator, roster), otherwise=roster - exempt),
        "not_completed": verdicts.get("FAIL", 0),
    }


# PUER-F2-5-3: 原则上, so that a decision with its reason may depart from it.
SCHOOL_RULE = SchoolRule(kind="school_ratio", period="year", facts=ratio_facts, excepted_by="exception_reason")
