"""Pu'er beyond records: attendance becomes facts, credits move along or wait, forgery and the fifth have their say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from yanxiu_rulekit import Forgery, Moved, load_packs

PUER = load_packs().pack("puer")
DAY = date(2024, 11, 8)
APPROVED = {"kind": "training", "project_approved_on": "2024-09-01", "completed_on": "2024-11-08", "score": "85"}


def registered(given: dict[str, Any], planned: str, attended: str) -> dict[str, Any]:
    """Assess what attendance makes of a project's facts, as the credits service does."""
    found = PUER.attended(given, Decimal(planned), Decimal(attended), on=DAY)
    assessed = PUER.assess({**given, **APPROVED, **found}, on=DAY)
    return {"status": assessed.status, "hours": assessed.hours}


@pytest.mark.parametrize(
    ("given", "planned", "attended", "status", "hours"),
    [
        ({"mode": "network", "level": "county", "hours_planned": "24"}, "24", "24", "COUNTED", "24"),
        ({"mode": "network", "level": "county"}, "24", "24", "COUNTED", "24"),
        ({"mode": "network", "level": "county"}, "24", "23.5", "ZERO", "0"),
        ({"mode": "central", "level": "county", "days_planned": "4"}, "24", "24", "COUNTED", "24"),
        ({"mode": "central", "level": "county", "days_planned": "4"}, "24", "23", "ZERO", "0"),
        ({"mode": "central", "level": "county", "days_planned": "4"}, "28", "28", "COUNTED", "24"),
        ({"mode": "central", "level": "county", "days_planned": "4"}, "28", "27", "ZERO", "0"),
    ],
)
def test_a_project_counts_when_every_hour_of_it_was_attended_and_not_at_all_else(
    given: dict[str, Any], planned: str, attended: str, status: str, hours: str
) -> None:
    assert registered(given, planned, attended) == {"status": status, "hours": Decimal(hours)}


def moved(**changed: Any) -> Moved:
    said = {
        "jurisdiction": "puer",
        "on": DAY,
        "record": {},
        "hours": Decimal(24),
        "credits": Decimal(28),
        "hours_unit": "学时",
        "credits_unit": "学分",
        "within_city": True,
        "same_stage": True,
    }
    return Moved(**{**said, **changed})


def test_credits_move_along_inside_the_city_and_the_stage() -> None:
    found = PUER.transferred(moved(), on=DAY)
    assert found.result == {"recognised": True, "hours": Decimal(24), "credits": Decimal(28), "reasons": ()}
    assert found.steps[0].clauses == ("PUER-F2-5-2",)


@pytest.mark.parametrize("beyond", [{"within_city": False}, {"same_stage": False}, {"hours_unit": "课时"}])
def test_what_the_text_does_not_settle_waits_for_an_official_and_says_why(beyond: dict[str, Any]) -> None:
    found = PUER.transferred(moved(**beyond), on=DAY)
    assert found.result["recognised"] is None
    assert (found.result["hours"], found.result["credits"]) == (0, 0)
    assert found.result["reasons"] == ("PUER-F2-5-2",)
    assert "逐案核定" in found.steps[0].zh


def test_a_forged_record_is_void_and_a_teachers_own_act_enters_the_integrity_file() -> None:
    own = Forgery(actor="teacher", hours=Decimal(24), credits=Decimal(24), serious=False)
    assert PUER.forged(own, on=DAY).result["integrity_file_entries"] == 1
    clerk = PUER.forged(Forgery(actor="registrar", hours=Decimal(24), credits=Decimal(24), serious=True), on=DAY)
    assert clerk.result["integrity_file_entries"] == 0
    assert clerk.result["discipline"] == ["registrar", "applicant"]


@pytest.mark.parametrize(
    ("verdicts", "settings", "barred"),
    [
        ({"PASS": 8, "FAIL": 2}, {}, True),
        ({"PASS": 17, "FAIL": 4}, {}, False),
        ({"PASS": 7, "FAIL": 2, "EXEMPT": 2}, {}, False),
        ({"PASS": 7, "FAIL": 2, "EXEMPT": 2}, {"first_year_in_denominator": False}, True),
        ({}, {}, False),
    ],
)
def test_from_a_fifth_of_the_roster_on_the_school_is_out(
    verdicts: dict[str, int], settings: dict[str, Any], barred: bool
) -> None:
    found = PUER.school_ruled(verdicts, on=date(2024, 12, 31), settings=settings)
    assert found.result["disqualified"] is barred
