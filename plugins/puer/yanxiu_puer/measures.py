"""What a year and a cycle add up, as lists: each figure with its amount and the lines that count."""

from __future__ import annotations

from collections.abc import Callable

from yanxiu_rulekit import Cap, Law, Measure, Portion, every_line

from yanxiu_puer.counted import Counted, chosen_by_self, is_county_above, spread_of
from yanxiu_puer.wording import MODES, MODULES, NOTHING


def has_mode(line: Counted, _law: Law) -> bool:
    """Return whether a line is of any mode: induction is registered apart (PUER-10-4c)."""
    return line.mode is not None


def of_mode(mode: str) -> Callable[[Counted, Law], bool]:
    """Return the condition that a line is of a mode."""

    def counts(line: Counted, _law: Law) -> bool:
        return line.mode == mode

    return counts


def _both(prefix: str, counts: Callable[[Counted, Law], bool]) -> tuple[Measure, Measure]:
    return (
        Measure(name=f"{prefix}hours", amount="hours", counts=counts),
        Measure(name=f"{prefix}credits", amount="credits", counts=counts),
    )


IN_SCHOOL = of_mode("school")

# PUER-F3-3-2: school-based hours count up to a yearly cap.
SCHOOL_CAP = Cap(counts=IN_SCHOOL, most="school_hours_cap", order="cap_order", places="portion_places")

# Before the cap.
REGISTERED = (Measure(name="school_hours_registered", amount="hours", counts=IN_SCHOOL),)

# After the cap: in all, by mode, and of county level and above (PUER-10-2, 10-3, 10-6, 10-7, 10-8, 10-9).
YEAR_MEASURES: tuple[Measure, ...] = (
    *_both("", every_line),
    *(one for mode in MODES for one in _both(f"{mode}_", of_mode(mode))),
    *_both("county_above_", is_county_above),
)


def share_basis(law: Law) -> str:
    """Return which credits the self-chosen share is taken of (G-P10)."""
    return "basic" if law.self_chosen_basis == "basic_credits" else "credits"


def _in_module(module: str) -> Callable[[Counted, Law], bool | Portion]:
    """Return which portion of a line's credits a module gets: hours by module are its weights (PUER-6-1)."""

    def counts(line: Counted, law: Law) -> bool | Portion:
        spread = spread_of(line, law)
        if module not in spread:
            return False
        if len(spread) == 1:
            return True
        names = list(spread)
        before = sum((spread[name] for name in names[: names.index(module)]), NOTHING)
        whole = sum(spread.values(), NOTHING)
        if not whole:
            return False
        return Portion(before=before, upto=before + spread[module], whole=whole, places=int(law.portion_places))

    return counts


def of_head_teachers(line: Counted, _law: Law) -> bool:
    """Return whether a line is training for head teachers (PUER-F2-3-2)."""
    return line.head_teacher_topic


# Over what the years recognise: as in a year, for head teachers, self-chosen (PUER-8-3), by module (PUER-10-11 ff.).
CYCLE_MEASURES: tuple[Measure, ...] = (
    *YEAR_MEASURES,
    Measure(name="head_teacher_hours", amount="hours", counts=of_head_teachers),
    Measure(name="self_chosen_credits", amount=share_basis, counts=chosen_by_self),
    Measure(name="share_basis_credits", amount=share_basis, counts=every_line),
    *(Measure(name=module, amount="credits", counts=_in_module(module)) for module in MODULES),
)
