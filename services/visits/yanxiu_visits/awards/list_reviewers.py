"""The reviewers of award years, with what they declared: all of them for officers, himself for a reviewer."""

from __future__ import annotations

from yanxiu_footing.refusals import out_of_bounds
from yanxiu_wire.awards import AwardReviewers, ListReviewers
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_visits.awards.review_store import read_reviewers
from yanxiu_visits.scope import OFFICERS
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import person_of

MOST_YEARS = 200


async def list_reviewers(
    service: Service, district: str, query: ListReviewers, _deadline: Deadline
) -> AwardReviewers | Refused:
    """Return the reviewers whom the caller may see, by year and id."""
    if len(query.years) > MOST_YEARS:
        return out_of_bounds("years", len(query.years), 0, MOST_YEARS)
    caller = query.caller
    async with service.databases.read(district) as conn:
        found = await read_reviewers(conn, district, *query.years)
    if caller.role not in OFFICERS | {"auditor"}:
        found = [one for one in found if one.id == person_of(caller)]
    return AwardReviewers(items=tuple(sorted(found, key=lambda one: (one.year, one.id))))
