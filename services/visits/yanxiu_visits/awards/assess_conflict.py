"""Whether a reviewer may judge a nomination: no rival's, none of his own, none with a conflict. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

import msgspec
from yanxiu_wire.awards import Nomination

Conflict = Literal["own-school", "himself", "guided", "registered", "declared"]


class Interests(msgspec.Struct, frozen=True, kw_only=True):
    """What a reviewer is bound to: himself, schools he works at or `guided`, and his conflicts.

    Both are those of any day from the first of the award year until its last, or until today where that is later.
    """

    person: str
    schools: frozenset[str]
    guided: frozenset[str] = frozenset()
    registered: frozenset[str]
    declared_schools: frozenset[str]
    declared_people: frozenset[str]


def conflict(interests: Interests, school: str, people: Collection[str]) -> Conflict | None:
    """Return why the reviewer may not judge a nomination of this school and these people, None where he may."""
    if interests.person in people:
        return "himself"
    if school in interests.schools:
        return "own-school"
    if school in interests.guided:
        return "guided"
    if school in interests.registered:
        return "registered"
    if school in interests.declared_schools or interests.declared_people & set(people):
        return "declared"
    return None


def may_judge(interests: Interests, nominated: Sequence[Nomination]) -> list[Nomination]:
    """Return which of a year's nominations the reviewer may judge.

    Where he, or a school of his, is nominated himself, he judges no rival: nothing of that category.
    """
    found = [(one, conflict(interests, one.school, one.people)) for one in nominated]
    rivals = {one.category for one, why in found if why in ("himself", "own-school")}
    return [one for one, why in found if why is None and one.category not in rivals]
