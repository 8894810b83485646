"""Terms by their names: `2024-2025-1` is the first term of the school year 2024-2025; order and distance follow."""

from __future__ import annotations

import re

from yanxiu_rulekit import FactsRefused, Law

_NAME = re.compile(r"([0-9]{4})-([0-9]{4})-([0-9])")


def place_of(field: str, name: str, law: Law) -> int:
    """Return the place of a term in the row of all terms; neighbours differ by one. Refuses a name of no term."""
    read = _NAME.fullmatch(name)
    if read is not None:
        first, last, number = map(int, read.groups())
        if last == first + 1 and 1 <= number <= law.terms_a_year:
            return place_in(first, number, law)
    raise FactsRefused(field=field, value=name, problem="no term; name it by school year and number, as 2024-2025-1")


def place_in(first: int, number: int, law: Law) -> int:
    """Return the place of a school year's term, by the year in which the school year begins and the term's number."""
    return first * int(law.terms_a_year) + number - 1


def name_of(place: int, law: Law) -> str:
    """Return the name of a term from its place."""
    first, before = divmod(place, int(law.terms_a_year))
    return f"{first}-{first + 1}-{before + 1}"


def year_of_term(place: int, law: Law) -> int:
    """Return the calendar year in which a term begins: the first in autumn, the next in the spring that follows."""
    first, before = divmod(place, int(law.terms_a_year))
    return first + min(before, 1)
