"""Fill in the columns of a district's own assessment sheet from a researcher's terms; none is made up here. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from yanxiu_wire.field_records import Figure
from yanxiu_wire.minima import TermMinima
from yanxiu_wire.refusal import Refused
from yanxiu_wire.work_assessment import SheetColumn

from yanxiu_visits import refusals

MOST_COLUMNS = 100
MOST_HEADING = 100


def assess_columns(
    columns: Sequence[SheetColumn], measures: Collection[str], figures: Collection[str]
) -> Refused | None:
    """Return why a sheet cannot be filled in: too many columns, no heading, or of something that there is not."""
    if len(columns) > MOST_COLUMNS:
        return refusals.out_of_bounds("columns", len(columns), 0, MOST_COLUMNS)
    known: Mapping[str, Collection[str]] = {"earned": measures, "shortfall": measures, "figure": figures}
    for place, one in enumerate(columns):
        if not 1 <= len(one.heading.strip()) <= MOST_HEADING:
            return refusals.text_malformed(f"columns[{place}].heading", one.heading, MOST_HEADING)
        allowed = known.get(one.kind, ("",))
        if one.of not in allowed:
            return refusals.not_one_of(f"columns[{place}].of", one.of, sorted(filter(None, allowed)))
    return None


def fill_in(
    columns: Sequence[SheetColumn],
    terms: Mapping[int, TermMinima],
    figures: Mapping[int, Sequence[Figure]],
) -> tuple[str, ...]:
    """Return the value of each column; both mappings are by the term's number, and empty is what has no value."""
    return tuple(_value(one, terms, figures) for one in columns)


def _value(column: SheetColumn, terms: Mapping[int, TermMinima], figures: Mapping[int, Sequence[Figure]]) -> str:
    wanted = [number for number in terms if column.term in (None, number)]
    if not wanted:
        return ""
    judged = [terms[number] for number in wanted]
    match column.kind:
        case "failed":
            return "、".join(dict.fromkeys(clause for one in judged for clause in one.failed))
        case "missed":
            return str(sum(1 for one in judged for minimum in one.minima if minimum.state == "missed"))
        case "figure":
            return str(sum(one.value for number in wanted for one in figures[number] if one.name == column.of))
        case "earned" | "shortfall":
            found = [
                getattr(minimum, column.kind)
                for one in judged
                for minimum in one.minima
                if minimum.measure == column.of
            ]
            stated = [value for value in found if value is not None]
            return f"{sum(stated, Decimal(0)).normalize():f}" if stated else ""
