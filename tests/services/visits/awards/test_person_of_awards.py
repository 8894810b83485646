"""What a person's export tells of awards: nothing that would open a blind review, or that is not public yet."""

from __future__ import annotations

from typing import Any

from yanxiu_wire import awards as wire
from yanxiu_wire.personal import GET_PERSON_OF_VISITS, GetPerson

from tests.services.visits.awards.test_awards import CASE, YEAR, appoint, done, listed, name, opened, score, set_day
from tests.services.visits.awards.test_blind_review import cases_of, start
from tests.services.visits.awards.test_nominations import LEADER, group_of

__all__ = ["set_day"]


async def exported(house: Any, teacher: str) -> dict[str, tuple[Any, ...]]:
    """By table, what a teacher is told of himself."""
    asked = GetPerson(caller=house.caller("teacher", teacher=teacher), teacher=teacher)
    return {one.table: one.rows for one in (await house.call(GET_PERSON_OF_VISITS, asked)).tables}


async def test_a_reviewer_is_not_told_whose_a_number_is_while_he_judges_or_later(ouhai: Any) -> None:
    await opened(ouhai)
    await cases_of(ouhai, "s1", "s2")
    await appoint(ouhai, "r1", categories=(CASE,))
    await start(ouhai)
    await score(ouhai, "r1", CASE, 1, 81)
    told = await exported(ouhai, "r1")
    numbers = told["award_review_number"]
    assert numbers == ({"year": YEAR, "category": CASE, "number": 1}, {"year": YEAR, "category": CASE, "number": 2})
    assert len(told["award_score"]) == 1
    assert not [one.id for one in await listed(ouhai) if one.id in repr(told)]


async def test_a_nominee_is_not_told_his_number_and_rank_before_everybody_is(ouhai: Any) -> None:
    await opened(ouhai)
    await group_of(ouhai)
    await name(ouhai, LEADER, "t1")
    await appoint(ouhai, "r1", categories=(LEADER,))
    await start(ouhai)
    await score(ouhai, "r1", LEADER, 1, 81)
    await done(ouhai, wire.RANK_AWARDS, wire.RankAwards, year=YEAR)
    (before,) = (await exported(ouhai, "t1"))["award_nomination"]
    assert (before["category"], before["state"], before["public"]) == (LEADER, "nominated", False)
    assert (before["number"], before["rank"], before["body"]) == (None, None, None)
    await done(ouhai, wire.PUBLISH_AWARDS, wire.PublishAwards, year=YEAR, category=LEADER)
    (after,) = (await exported(ouhai, "t1"))["award_nomination"]
    assert (after["rank"], after["body"]["mean"]) == (1, "81/1")
