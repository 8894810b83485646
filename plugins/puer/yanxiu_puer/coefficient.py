"""The project credit per hour: stated, by default, or fixed by art. 13, and the range it must keep to."""

from __future__ import annotations

from decimal import Decimal

from yanxiu_rulekit import Law

from yanxiu_puer.facts import COURSES, Record, certified_level, mode_of

SUB_ID = {
    "network": "PUER-11-1N",
    "school": "PUER-11-1S",
    "county": "PUER-11-1C",
    "municipal": "PUER-11-1M",
    "provincial": "PUER-11-1P",
    "national": "PUER-11-1G",
}
FIXED_CLAUSE = {
    "studio": "PUER-13-1L",
    "lecture": "PUER-13-2",
    "contest": "PUER-13-3",
    "research": "PUER-13-4L",
    "degree": "PUER-13-5",
}


def row_of(record: Record) -> str | None:
    """Return the row of the ranges that binds a course: its mode, or for centralised training its level."""
    mode = mode_of(record)
    return record.level if mode == "central" else mode


def range_of(record: Record, law: Law) -> tuple[Decimal, Decimal] | None:
    """Return the closed range of a course's coefficient, None where no range exists for it.

    Where a district lets notices change the network coefficient, the range of the project's level applies.
    """
    row = row_of(record)
    if row == "network" and law.network_coefficient_overridable and record.level in law.coefficient_most:
        row = record.level
    if row not in law.coefficient_most or (mode_of(record) == "central" and row == "school"):
        return None
    return law.coefficient_least[row], law.coefficient_most[row]


def coefficient_of(record: Record, law: Law) -> Decimal | None:
    """Return the coefficient that counts: of a course the stated one or the default, of art. 13 the fixed one.

    None where nothing is fixed: a school-based project whose coefficient the institute has not set (PUER-F3-6-4b).
    """
    if record.kind not in COURSES:
        return fixed_coefficient(record, law)
    if record.project_credit is not None:
        return record.project_credit
    if mode_of(record) == "network":
        return law.coefficient_least["network"]
    if mode_of(record) == "school":
        default = law.school_coefficient_default
        return default if isinstance(default, Decimal) else None
    return law.unspecified_central_coefficient


def fixed_coefficient(record: Record, law: Law) -> Decimal | None:
    """Return what art. 13 fixes for the record's level, None where the level has no row or is not stated."""
    if record.kind == "degree":
        return law.degree_coefficient
    tables = {
        "studio": "studio_coefficient",
        "lecture": "lecture_coefficient",
        "contest": "contest_coefficient",
        "research": "research_coefficient",
    }
    level = certified_level(record)
    if record.kind not in tables or level is None:
        return None
    table = getattr(law, tables[record.kind])
    return table.get(level)
