"""Publish a category's list for objection: those in line for its places, and as many in reserve as asked."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.awards import AwardsPublished, PublishAwards
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_visits import refusals as general
from yanxiu_visits.awards import refusals
from yanxiu_visits.awards.assess_quota import in_line, open_places
from yanxiu_visits.awards.award_store import all_of, barred_schools, category_of, put_nomination, read_year
from yanxiu_visits.service import Service

MOST_RESERVES = 500


async def publish_awards(
    service: Service, district: str, command: PublishAwards, deadline: Deadline
) -> AwardsPublished | Refused:
    """Publish; who was published before keeps his days, who moved up since gets days of his own."""
    if not 0 <= command.reserves <= MOST_RESERVES:
        return refusals.number_malformed("reserves", command.reserves, 0, MOST_RESERVES)

    async def work(conn: AsyncConnection) -> AwardsPublished | Refused:
        found = await read_year(conn, district, command.year)
        if found is None:
            return refusals.award_year_unknown(command.year)
        year, _ = found
        category = category_of(year, command.category)
        if category is None:
            return general.not_one_of("category", command.category, [one.name for one in year.categories])
        if year.state != "ranked" or year.rules is None:
            return refusals.year_not_so(year.state, ["ranked"])
        barred = await barred_schools(conn, district, command.year)
        everyone = await all_of(conn, district, command.year, command.category)
        line = in_line(everyone, barred)
        today = service.clock.today()
        shown = []
        for one in line[: open_places(everyone, category.quota) + command.reserves]:
            told = one
            if one.published_on is None:
                until = today + timedelta(days=year.rules.objection_days)
                told = msgspec.structs.replace(one, published_on=today, objections_until=until)
                await put_nomination(conn, district, told)
            shown.append(told)
        return AwardsPublished(items=tuple(shown))

    return await once(service.databases, district, command, AwardsPublished, deadline, work)
