"""Which records a change of law leaves alone: those of a closed day, whichever school's recognition closed it."""

from __future__ import annotations

from datetime import date

from yanxiu_credits.books.locks import Lock
from yanxiu_credits.policy.snapshot import closing

YEAR = Lock(
    id="lock",
    school="old",
    kind="year",
    label="2024",
    starts_on=date(2024, 1, 1),
    ends_on=date(2024, 12, 31),
    reason="recognised",
    put_by="synthetic:officer",
    role="institute-officer",
    recorded_us=0,
)
RECOGNISED = frozenset({("moved", "year", "2024", "old")})
DAY = date(2024, 6, 1)


def test_a_recognised_teachers_record_of_another_school_is_closed_too() -> None:
    assert closing([YEAR], RECOGNISED, teacher="moved", school="new", on=DAY) == "year 2024 old"
    assert closing([YEAR], RECOGNISED, teacher="moved", school="new", on=date(2025, 1, 1)) is None


def test_a_colleague_who_was_not_recognised_there_is_open() -> None:
    assert closing([YEAR], RECOGNISED, teacher="colleague", school="new", on=DAY) is None
    assert closing([YEAR], frozenset(), teacher="colleague", school="old", on=DAY) == "year 2024 old"
