"""Open an award year with the law's quotas, set how it is judged, and end its nominations."""

from __future__ import annotations

import secrets
from datetime import date

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.registry_facts import read_district
from yanxiu_wire.awards import AwardQuota, AwardRules, AwardYear, OpenAwardYear, SetAwardRules, StartScoring
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_visits.awards import refusals
from yanxiu_visits.awards.appoint_reviewer import deal_to
from yanxiu_visits.awards.award_store import all_of, put_nomination, put_year, read_year
from yanxiu_visits.awards.review_store import any_score, read_reviewers
from yanxiu_visits.service import Service
from yanxiu_visits.supervising import lots
from yanxiu_visits.supervising.refusals import no_such_rule

MOST_CRITERIA, MOST_MARK, MOST_REVIEWS, MOST_DAYS = 20, 1000, 50, 90


async def open_award_year(
    service: Service, district: str, command: OpenAwardYear, deadline: Deadline
) -> AwardYear | Refused:
    """Open a year by the law of its last day; NO_SUCH_RULE where that gives no awards."""

    async def work(conn: AsyncConnection) -> AwardYear | Refused:
        if await read_year(conn, district, command.year) is not None:
            return refusals.year_exists(command.year)
        if not date.min.year <= command.year <= date.max.year:
            return refusals.award_year_unknown(command.year)
        on = date(command.year, 12, 31)
        law = service.laws.in_force(await read_district(conn, district), on, field="year", field_work=False)
        if isinstance(law, Refused):
            return law
        categories = law.visits.awards(law.law())
        if not categories:
            return no_such_rule(law.pack.jurisdiction, field="year", zh="年度评优", en="yearly awards")
        made = AwardYear(
            id=str(command.year),
            year=command.year,
            state="nominating",
            categories=tuple(
                AwardQuota(name=one.name, quota=one.quota, recipient=one.recipient, clauses=one.clauses)
                for one in categories
            ),
            opened_by=command.caller.subject,
            opened_at=service.clock.now(),
        )
        await put_year(conn, district, made, "")
        return made

    return await once(service.databases, district, command, AwardYear, deadline, work)


async def set_award_rules(
    service: Service, district: str, command: SetAwardRules, deadline: Deadline
) -> AwardYear | Refused:
    """Publish criteria, tie rule and the digest of the lot's seed; refused once a mark was given."""
    rules = _without_blanks(command.rules)
    refused = _malformed(rules)
    if refused is not None:
        return refused

    async def work(conn: AsyncConnection) -> AwardYear | Refused:
        found = await read_year(conn, district, command.year)
        if found is None:
            return refusals.award_year_unknown(command.year)
        year, _ = found
        if year.rules_frozen or await any_score(conn, district, command.year):
            return refusals.rules_frozen()
        if year.state not in ("nominating", "scoring"):
            return refusals.year_not_so(year.state, ["nominating", "scoring"])
        seed = secrets.token_bytes(lots.SEED_BYTES)
        made = msgspec.structs.replace(year, rules=rules, lot_sha256=lots.digest_of_seed(seed))
        await put_year(conn, district, made, seed.hex())
        return made

    return await once(service.databases, district, command, AwardYear, deadline, work)


async def start_scoring(
    service: Service, district: str, command: StartScoring, deadline: Deadline
) -> AwardYear | Refused:
    """End nominations: each gets its number by chance, and every reviewer numbers of his own for what he judges."""

    async def work(conn: AsyncConnection) -> AwardYear | Refused:
        found = await read_year(conn, district, command.year)
        if found is None:
            return refusals.award_year_unknown(command.year)
        year, seed = found
        if year.state != "nominating":
            return refusals.year_not_so(year.state, ["nominating"])
        if year.rules is None:
            return refusals.rules_missing()
        by_id = {one.id: one for one in await all_of(conn, district, command.year) if one.state == "nominated"}
        order = lots.in_lot_order(secrets.token_bytes(lots.SEED_BYTES), "numbers", by_id)
        counts = dict.fromkeys((one.name for one in year.categories), 0)
        for id in order:  # noqa: A001 - the id is one everywhere
            one = by_id[id]
            counts[one.category] += 1
            await put_nomination(conn, district, msgspec.structs.replace(one, number=counts[one.category]))
        for reviewer in await read_reviewers(conn, district, command.year):
            await deal_to(service, conn, district, reviewer)
        made = msgspec.structs.replace(year, state="scoring")
        await put_year(conn, district, made, seed)
        return made

    return await once(service.databases, district, command, AwardYear, deadline, work)


def _without_blanks(rules: AwardRules) -> AwardRules:
    """Return the rules with names of criteria as they are compared: blanks around one make no other."""
    criteria = tuple(msgspec.structs.replace(one, name=one.name.strip()) for one in rules.criteria)
    return msgspec.structs.replace(rules, criteria=criteria, tie=tuple(one.strip() for one in rules.tie))


def _malformed(rules: AwardRules) -> Refused | None:
    names = [one.name for one in rules.criteria]
    if not 1 <= len(set(names)) == len(names) <= MOST_CRITERIA or not all(names):
        said = (
            f"评分项须有1至{MOST_CRITERIA}个，名称各不相同。",
            f"Give 1 to {MOST_CRITERIA} criteria of different names.",
        )
        return refusals.rules_malformed("criteria", len(names), *said)
    for one in rules.criteria:
        if not 1 <= one.most <= MOST_MARK:
            said = f"满分须为1至{MOST_MARK}。", f"The most marks are 1 to {MOST_MARK}."
            return refusals.rules_malformed("criteria", one.most, *said)
    stranger = next((one for place, one in enumerate(rules.tie) if one not in names or one in rules.tie[:place]), None)
    if stranger is not None:
        said = "同分规则须由评分项组成，各一次。", "The tie rule names criteria, each once."
        return refusals.rules_malformed("tie", stranger, *said)
    for name, value, most in (
        ("reviews", rules.reviews, MOST_REVIEWS),
        ("objection_days", rules.objection_days, MOST_DAYS),
    ):
        if not 1 <= value <= most:
            return refusals.rules_malformed(name, value, f"须为1至{most}。", f"It must be 1 to {most}.")
    return None
