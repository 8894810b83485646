"""End reviewing and rank every category by the rules that were frozen before the first mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.awards import AwardRules, AwardYear, Nomination, RankAwards
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_visits.awards import refusals
from yanxiu_visits.awards.assess_conflict import may_judge
from yanxiu_visits.awards.assess_ranking import Marks, rank
from yanxiu_visits.awards.award_store import all_of, put_nomination, put_year, read_year
from yanxiu_visits.awards.review_store import read_interests, read_reviewers, read_scores
from yanxiu_visits.service import Service
from yanxiu_visits.supervising import lots


async def rank_awards(service: Service, district: str, command: RankAwards, deadline: Deadline) -> AwardYear | Refused:
    """Rank; UNDER_REVIEWED while a nomination has fewer reviews than the rules want. The lot's seed is revealed."""

    async def work(conn: AsyncConnection) -> AwardYear | Refused:
        found = await read_year(conn, district, command.year)
        if found is None:
            return refusals.award_year_unknown(command.year)
        year, seed = found
        if year.state != "scoring" or year.rules is None:
            return refusals.year_not_so(year.state, ["scoring"])
        everyone = [one for one in await all_of(conn, district, command.year) if one.state == "nominated"]
        reviews = await _reviews(service, conn, district, command.year, everyone)
        few = next((one for one in everyone if len(reviews.get(one.id, ())) < year.rules.reviews), None)
        if few is not None:
            count = len(reviews.get(few.id, ()))
            return refusals.under_reviewed(few.category, few.number or 0, count, year.rules.reviews)
        for category in year.categories:
            own = [one for one in everyone if one.category == category.name]
            for one in _ranked(own, reviews, year.rules, bytes.fromhex(seed)):
                await put_nomination(conn, district, one)
        made = msgspec.structs.replace(year, state="ranked", lot_seed=seed)
        await put_year(conn, district, made, seed)
        return made

    return await once(service.databases, district, command, AwardYear, deadline, work)


async def _reviews(
    service: Service, conn: AsyncConnection, district: str, year: int, everyone: Sequence[Nomination]
) -> dict[str, list[Marks]]:
    """Return the marks that count by nomination: of who is its reviewer still, and has no conflict by now."""
    scores = await read_scores(conn, district, year)
    reviews: dict[str, list[Marks]] = {one.id: [] for one in everyone}
    for reviewer in await read_reviewers(conn, district, year):
        interests = await read_interests(conn, district, reviewer, service.clock.today())
        for one in may_judge(interests, everyone):
            marks = scores.get(one.id, {}).get(reviewer.id)
            if marks is not None and one.category in reviewer.categories:
                reviews[one.id].append(marks)
    return reviews


def _ranked(
    own: Sequence[Nomination], reviews: Mapping[str, Sequence[Marks]], rules: AwardRules, seed: bytes
) -> list[Nomination]:
    """Return a category's nominations with their ranks; the lot draws by category and number."""
    by_number = {one.number or 0: one for one in own}
    word = own[0].category if own else ""
    drawn = lots.in_lot_order(seed, word, map(str, by_number))
    found = rank({number: reviews[one.id] for number, one in by_number.items()}, rules.tie, [int(one) for one in drawn])
    return [
        msgspec.structs.replace(
            by_number[one.number],
            rank=one.rank,
            mean=f"{one.mean.numerator}/{one.mean.denominator}",
            parted_by=one.parted_by,
            reviews=len(reviews[by_number[one.number].id]),
        )
        for one in found
    ]
