"""Announce the schools' ratios of a period that is over and closed, so that who acts on a bar hears of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.registry_facts import read_district
from yanxiu_footing.scope import roles
from yanxiu_rulekit.errors import RuleNotInForce
from yanxiu_rulekit.outcome import Period
from yanxiu_wire.announced_ratios import AnnouncedRatio, AnnounceSchoolRatios, LeftOut, SchoolRatiosAnnounced
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import DeadlineExceeded
from yanxiu_wire.refusal import Refused
from yanxiu_wire.standings import SchoolRatio

from yanxiu_credits import refusals
from yanxiu_credits.books.locks import WHOLE_DISTRICT
from yanxiu_credits.laws import InForce
from yanxiu_credits.service import Service
from yanxiu_credits.standings import ratio_refusals as no
from yanxiu_credits.standings.batch import batch_within, up_to_date
from yanxiu_credits.standings.batch_state import Batch
from yanxiu_credits.standings.list_school_ratios import no_school_rule, read_ratios
from yanxiu_credits.standings.ratio_store import add_announced, standing_announcements
from yanxiu_credits.standings.withdraw_ratios import closed_schools, withdrawn
from yanxiu_credits.tables import school_fact

# A command that names more schools than this means all of them.
MOST_SCHOOLS = 1000
MOST_REASON = 1000
# What holds in principle is departed from by the bureau that issued it, not by the institute that announces.
EXCEPTERS = roles("district-officer")


async def announce_school_ratios(
    service: Service, district: str, command: AnnounceSchoolRatios, deadline: Deadline
) -> SchoolRatiosAnnounced | Refused:
    """Announce what the law makes of each school's teachers, with one event for each school of which it is news.

    The period is over, and of each school it is closed: locked for the school or the whole district, as a recognition
    locks it. Where it is open nothing is announced. What was announced before is withdrawn where the period is open and
    of a school that has nobody left to count, since that who taught there is corrected. Refuses with
    SCHOOL_RULE_UNKNOWN, SCHOOL_UNKNOWN, PERIOD_NOT_OVER, TOO_MANY, EXCEPTION_UNKNOWN where the law knows none,
    EXCEPTION_NOT_YOURS for all but the bureau, TEXT_MALFORMED, PERIOD_UNKNOWN, LAW_NOT_IN_FORCE or LAW_UNUSABLE.
    """
    refused = _malformed(command)
    if refused is not None:
        return refused
    kind = await _kind(service, district, command)
    if isinstance(kind, Refused):
        return kind
    judged = await up_to_date(service, district, kind, command.on, deadline, _nothing)
    if isinstance(judged, Refused):
        return judged

    async def work(conn: AsyncConnection) -> SchoolRatiosAnnounced | Refused:
        try:
            batch = await batch_within(conn, service, district, kind, command.on)
        except RuleNotInForce:
            return refusals.law_not_in_force(command.on)
        if batch is None:
            raise DeadlineExceeded("credits")  # so many changed since they were judged: asked again, it goes on
        return batch if isinstance(batch, Refused) else await _announced(service, conn, district, command, batch)

    return await once(service.databases, district, command, SchoolRatiosAnnounced, deadline, work)


def _malformed(command: AnnounceSchoolRatios) -> Refused | None:
    if len(command.schools) > MOST_SCHOOLS:
        return refusals.out_of_bounds("schools", len(command.schools), 0, MOST_SCHOOLS)
    if len(command.exceptions) > MOST_SCHOOLS:
        return refusals.out_of_bounds("exceptions", len(command.exceptions), 0, MOST_SCHOOLS)
    long = next((one.reason for one in command.exceptions if len(one.reason) > MOST_REASON), None)
    return None if long is None else refusals.text_malformed("exceptions", long, MOST_REASON)


async def _nothing(_conn: AsyncConnection, _batch: Batch) -> None:
    """Read nothing: the rows are brought up to date before the district's lock is taken."""


async def _kind(service: Service, district: str, command: AnnounceSchoolRatios) -> str | Refused:
    """Return the kind of period that the law judges schools by, or why nothing can be announced."""
    today = service.clock.today()
    async with service.databases.read(district) as conn:
        law = service.laws.in_force(await read_district(conn, district), min(command.on, today))
        named = (*command.schools, *(one.school for one in command.exceptions))
        stranger = await _stranger(conn, district, named)
    if isinstance(law, Refused):
        return law
    rule = law.credit.school_rule
    if rule is None:
        return no_school_rule(law)
    if command.exceptions and command.caller.role not in EXCEPTERS:
        return no.exception_not_yours(command.caller.role, _clauses(law))
    if command.exceptions and rule.excepted_by is None:
        return no.exception_unknown(law.pack.jurisdiction)
    return rule.period if stranger is None else no.school_unknown(stranger)


def _clauses(law: InForce) -> tuple[str, ...]:
    """Return the clause that the law's rule of schools answers for."""
    rule = law.credit.school_rule
    return () if rule is None else law.pack.decisions[rule.kind].clauses[:1]


async def _stranger(conn: AsyncConnection, district: str, schools: Sequence[str]) -> str | None:
    """Return a school that is named and that the registry never announced, None where there is none."""
    its = school_fact.c
    asked = sa.select(its.school).where(its.district == district, its.school.in_(schools))
    known = set((await conn.execute(asked)).scalars())
    return next((one for one in schools if one not in known), None)


async def _announced(
    service: Service, conn: AsyncConnection, district: str, command: AnnounceSchoolRatios, batch: Batch
) -> SchoolRatiosAnnounced | Refused:
    period, today = batch.period, service.clock.today()
    if today <= period.end:
        return no.period_not_over(command.on, period.end, _clauses(batch.law))
    wanted = frozenset(command.schools) or None
    before = await standing_announcements(conn, district, period.label, wanted)
    exceptions = _exceptions(command, batch, before)
    ratios = await read_ratios(conn, batch, wanted, exceptions)
    if isinstance(ratios, Refused):
        return ratios
    closed = await closed_schools(conn, district, kind=period.kind, label=period.label, today=today)
    every = WHOLE_DISTRICT in closed
    shut = [one for one in ratios if every or one.school in closed]
    stand = [_stated(service, command, period, one, before.get(one.school), exceptions.get(one.school)) for one in shut]
    news = [one for one in stand if one.version > _version(before.get(one.school))]
    restated = {one.school for one in shut}
    gone = [one for school, one in before.items() if school not in restated and one.state == "announced"]
    ended = [withdrawn(one, by=command.caller.subject, at=service.clock.now()) for one in gone]
    await add_announced(conn, district, [*news, *ended])
    there = {one.school for one in ratios}
    left_out = [LeftOut(school=one.school, why="open") for one in ratios if not every and one.school not in closed]
    left_out += [LeftOut(school=one, why="without-teachers") for one in command.schools if one not in there]
    return SchoolRatiosAnnounced(
        label=period.label,
        starts_on=period.start,
        ends_on=period.end,
        announced=len(news),
        unchanged=len(stand) - len(news),
        withdrawn=len(ended),
        barred=tuple(one.school for one in stand if one.barred),
        left_out=tuple(left_out),
    )


def _exceptions(command: AnnounceSchoolRatios, batch: Batch, before: Mapping[str, AnnouncedRatio]) -> dict[str, str]:
    """Return why schools are excepted: those that stand, with what the command adds or ends; none the law knows not."""
    rule = batch.law.credit.school_rule
    if rule is None or rule.excepted_by is None:
        return {}
    found = {school: one.exception for school, one in before.items() if one.exception and one.state == "announced"}
    found |= {one.school: one.reason.strip() for one in command.exceptions}
    return {school: reason for school, reason in found.items() if reason}


def _stated(
    service: Service,
    command: AnnounceSchoolRatios,
    period: Period,
    found: SchoolRatio,
    before: AnnouncedRatio | None,
    exception: str | None,
) -> AnnouncedRatio:
    """Return a school's ratio as an announcement: the one before where it says the same, else its next version."""
    made = AnnouncedRatio(
        school=found.school,
        label=period.label,
        starts_on=period.start,
        ends_on=period.end,
        version=_version(before) + 1,
        state="announced",
        barred=found.barred,
        roster=found.roster,
        not_completed=found.not_completed,
        share=found.share,
        clauses=tuple(one.id for one in found.explanation.clauses),
        explanation=found.explanation,
        announced_by=command.caller.subject,
        announced_at=service.clock.now(),
        exception=exception,
    )
    told = ("state", "barred", "roster", "not_completed", "share", "exception")
    same = before is not None and all(getattr(made, name) == getattr(before, name) for name in told)
    return before if before is not None and same else made


def _version(before: AnnouncedRatio | None) -> int:
    return 0 if before is None else before.version
