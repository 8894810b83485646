"""Whether a reviewer may judge a nomination: none of his own or his school's, none with a conflict. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import msgspec

Conflict = Literal["own-school", "himself", "registered", "declared"]


class Interests(msgspec.Struct, frozen=True, kw_only=True):
    """What a reviewer is bound to: himself, the schools he works or worked at in the year, and his conflicts."""

    person: str
    schools: frozenset[str]
    registered: frozenset[str]
    declared_schools: frozenset[str]
    declared_people: frozenset[str]


def conflict(interests: Interests, school: str, people: Collection[str]) -> Conflict | None:
    """Return why the reviewer may not judge a nomination of this school and these people, None where he may."""
    if interests.person in people:
        return "himself"
    if school in interests.schools:
        return "own-school"
    if school in interests.registered:
        return "registered"
    if school in interests.declared_schools or interests.declared_people & set(people):
        return "declared"
    return None
