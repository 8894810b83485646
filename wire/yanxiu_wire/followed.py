"""Who follows whom: the events of each service that another one keeps a copy of, and the places kept in the streams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from yanxiu_wire import registry
from yanxiu_wire.area import AREA_CHANGED
from yanxiu_wire.calendar_year import CALENDAR_CHANGED
from yanxiu_wire.endpoint import Event
from yanxiu_wire.erasure import ERASURE_BEGUN
from yanxiu_wire.leading_group import LEADING_GROUP_CHANGED
from yanxiu_wire.research_group import RESEARCH_GROUP_CHANGED
from yanxiu_wire.researcher import RESEARCHER_CHANGED
from yanxiu_wire.standings import SCHOOL_RATIO_ANNOUNCED
from yanxiu_wire.studio import STUDIO_CHANGED
from yanxiu_wire.teacher import TEACHER_CHANGED
from yanxiu_wire.term import TERM_CHANGED

_BOTH = (
    registry.DISTRICT_CHANGED,
    registry.SCHOOL_CHANGED,
    TEACHER_CHANGED,
    TERM_CHANGED,
    CALENDAR_CHANGED,
    ERASURE_BEGUN,
)
# Every event that the nouns of a service's copy name; a test holds the two to each other.
FOLLOWED: Mapping[str, tuple[Event[Any], ...]] = {
    "credits": _BOTH,
    "visits": (
        *_BOTH,
        AREA_CHANGED,
        RESEARCHER_CHANGED,
        RESEARCH_GROUP_CHANGED,
        LEADING_GROUP_CHANGED,
        STUDIO_CHANGED,
        SCHOOL_RATIO_ANNOUNCED,
    ),
}


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """The place that `follower` keeps in the stream of the service `of`, and the events it is given there."""

    follower: str
    of: str
    events: tuple[Event[Any], ...]

    @property
    def durable(self) -> str:
        """The consumer's name, which the follower's processes share."""
        return durable_name(self.follower, self.of)


def durable_name(follower: str, of: str) -> str:
    """The name of the place that a service keeps in another's stream."""
    return f"{follower}-{of}"


def places(follower: str) -> tuple[Place, ...]:
    """Every place that a service keeps, one for each service that it follows."""
    events = FOLLOWED.get(follower, ())
    followed = dict.fromkeys(event.service for event in events)
    return tuple(
        Place(follower=follower, of=of, events=tuple(event for event in events if event.service == of))
        for of in followed
    )
