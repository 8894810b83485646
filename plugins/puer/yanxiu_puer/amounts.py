"""How many hours a course holds and how many were attended (articles 10 and 11)."""

from __future__ import annotations

from decimal import Decimal

from yanxiu_rulekit import Law

from yanxiu_puer.facts import Record, mode_of
from yanxiu_puer.spellings import OF_A_RECORD, word_for


def by_days(record: Record, law: Law) -> bool:
    """Return whether the course counts by the day: short centralised training does (PUER-10-16).

    Network research counts its actual hours (PUER-10-17); a project of a year or more is not short (PUER-6-3).
    """
    days = days_planned(record)
    if days is None or mode_of(record) == "network":
        return False
    hours = hours_stated(record)
    if mode_of(record) == "school":
        return hours is None
    return hours is None or days <= law.short_training_days


def days_planned(record: Record) -> Decimal | None:
    """Return the days of teaching planned; what was attended stands in where nothing was planned."""
    return record.days_planned if record.days_planned is not None else record.days_attended


def hours_stated(record: Record) -> Decimal | None:
    """Return the hours planned; what was attended stands in where nothing was planned."""
    for hours in (record.hours_planned, record.hours):
        if hours is not None:
            return hours
    return record.hours_completed


def planned(record: Record, law: Law) -> Decimal | None:
    """Return the course's hours: days times the hours of a day, or the hours stated; None where nothing is."""
    if by_days(record, law):
        days = days_planned(record)
        return None if days is None else days * law.hours_per_day
    return hours_stated(record)


def attended(record: Record, law: Law) -> Decimal | None:
    """Return the hours attended; a course counts as attended in full where the record does not say otherwise."""
    if by_days(record, law):
        days = record.days_attended
        return planned(record, law) if days is None else days * law.hours_per_day
    hours = record.hours_completed
    return planned(record, law) if hours is None else hours


def amount_fact(record: Record, law: Law) -> str:
    """Return the fact that states the amount to be counted, or should have."""
    if record.kind == "lecture":
        facts: tuple[str, ...] = ("class_hours", "hours")
    elif by_days(record, law):
        facts = ("days_planned", "days_attended")
    else:
        facts = ("hours_planned", "hours", "hours_completed")
    return next((fact for fact in facts if getattr(record, fact) is not None), facts[0])


def field_of(record: Record, fact: str) -> str:
    """Return the path of a fact by the word in which it was stated."""
    return f"record.{word_for(record, fact, OF_A_RECORD)}"
