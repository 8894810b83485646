"""Give marks to numbers of the reviewer's own, behind which nobody sees a school."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.clock import to_us
from yanxiu_wire import awards as wire
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_visits.awards import refusals
from yanxiu_visits.awards.award_store import all_of, put_year, read_year
from yanxiu_visits.awards.review_numbers import read_numbers
from yanxiu_visits.awards.review_store import add_score, read_reviewer, read_scores
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import person_of


async def list_review_items(
    service: Service, district: str, query: wire.ListReviewItems, _deadline: Deadline
) -> wire.ReviewItems | Refused:
    """Return numbers and statements that the caller is to review, with his own marks and nobody else's."""
    me = person_of(query.caller)
    async with service.databases.read(district) as conn:
        found = await _mine(conn, district, query.year, me, query.category)
        if isinstance(found, Refused):
            return found
        scores = await read_scores(conn, district, query.year)
    items = [_item(one, scores.get(one.id, {}).get(me, {})) for one in found]
    return wire.ReviewItems(items=tuple(sorted(items, key=lambda one: (one.category, one.number))))


async def score_nomination(
    service: Service, district: str, command: wire.ScoreNomination, deadline: Deadline
) -> wire.NominationScored | Refused:
    """Keep the marks of a number on the caller's list; the first marks of a year freeze its rules."""
    me = person_of(command.caller)

    async def work(conn: AsyncConnection) -> wire.NominationScored | Refused:
        found = await read_year(conn, district, command.year)
        mine = await _mine(conn, district, command.year, me, command.category)
        if found is None or isinstance(mine, Refused):
            return mine if isinstance(mine, Refused) else refusals.award_year_unknown(command.year)
        year, seed = found
        one = next((each for each in mine if each.number == command.number), None)
        if one is None:
            return refusals.review_item_unknown(command.number)
        wrong = _wrong_marks(year, command)
        if wrong is not None:
            return wrong
        at = to_us(service.clock.now())
        await add_score(conn, district, command.year, one.id, me, command.marks, at)
        if not year.rules_frozen:
            await put_year(conn, district, msgspec.structs.replace(year, rules_frozen=True), seed)
        return wire.NominationScored(item=_item(one, command.marks))

    return await once(service.databases, district, command, wire.NominationScored, deadline, work)


async def _mine(
    conn: AsyncConnection, district: str, number: int, me: str, category: str | None
) -> list[wire.Nomination] | Refused:
    """Return what is on a reviewer's list while the year is scored, each nomination under his own number."""
    found = await read_year(conn, district, number)
    if found is None:
        return refusals.award_year_unknown(number)
    year, _ = found
    if year.state != "scoring":
        return refusals.year_not_so(year.state, ["scoring"])
    reviewer = await read_reviewer(conn, district, number, me)
    if reviewer is None or (category is not None and category not in reviewer.categories):
        return refusals.not_a_reviewer(me)
    numbers = await read_numbers(conn, district, number, me)
    return [
        msgspec.structs.replace(one, number=numbers[one.id][1])
        for one in await all_of(conn, district, number, category)
        if one.state == "nominated" and one.category in reviewer.categories and one.id in numbers
    ]


def _item(one: wire.Nomination, marks: object) -> wire.ReviewItem:
    return wire.ReviewItem(
        category=one.category,
        number=one.number or 0,
        statement=one.statement,
        marks=dict(marks),  # type: ignore[call-overload]
    )


def _wrong_marks(year: wire.AwardYear, command: wire.ScoreNomination) -> Refused | None:
    most = {one.name: one.most for one in (year.rules.criteria if year.rules else ())}
    for name in (*command.marks, *most):
        given = command.marks.get(name)
        if name not in most or given is None or not 0 <= given <= most[name]:
            return refusals.marks_malformed(name, given, most.get(name, 0))
    return None
