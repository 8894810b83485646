"""What follows for each school from its teachers' standings, such as the fifth of Pu'er that bars it from awards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.paging import bounded, cursor, key_of
from yanxiu_footing.registry_facts import read_district
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.standings import ListSchoolRatios, SchoolRatio, SchoolRatioPage

from yanxiu_credits.explain import explanation, step
from yanxiu_credits.laws import InForce
from yanxiu_credits.refusals import refuse
from yanxiu_credits.service import Service
from yanxiu_credits.standings.batch import up_to_date
from yanxiu_credits.standings.batch_state import Batch
from yanxiu_credits.standings.schools_asked import schools_asked
from yanxiu_credits.standings.summarise_shortfalls import read_groups


async def list_school_ratios(
    service: Service, district: str, query: ListSchoolRatios, deadline: Deadline
) -> SchoolRatioPage | Refused:
    """Return each school's ratio in the period that the law judges schools by, with the law's explanation.

    The roster is who is in employ at the school on the period's last day, or today before it. Refuses with
    SCHOOL_RULE_UNKNOWN where the district's law says nothing of the kind, and as `list_shortfalls` does.
    """
    refused = bounded(query.page)
    if refused is not None:
        return refused
    after = None if query.page.after is None else key_of(query.page.after, 1)
    if isinstance(after, Refused):
        return after
    today = service.clock.today()
    async with service.databases.read(district) as conn:
        law = service.laws.in_force(await read_district(conn, district), min(query.on or today, today))
    if isinstance(law, Refused):
        return law
    rule = law.credit.school_rule
    if rule is None:
        return no_school_rule(law)
    schools = schools_asked(query.caller, *query.schools)

    async def read(conn: AsyncConnection, batch: Batch) -> SchoolRatioPage | Refused:
        found = await read_ratios(conn, batch, schools)
        if isinstance(found, Refused):
            return found
        return _page(query, batch, [one for one in found if one.barred or not query.over], after[0] if after else "")

    return await up_to_date(service, district, rule.period, query.on, deadline, read)


async def read_ratios(
    conn: AsyncConnection,
    batch: Batch,
    schools: frozenset[str] | None,
    exceptions: Mapping[str, str] = MappingProxyType({}),
) -> list[SchoolRatio] | Refused:
    """Return the ratios of schools (None: of all) that have teachers in the batch, by school.

    `exceptions` are why a decision departs from the rule, by school.

    The law that judges the period is the one at its end, which may have no such rule: SCHOOL_RULE_UNKNOWN.
    """
    if batch.law.credit.school_rule is None:
        return no_school_rule(batch.law)
    groups = await read_groups(conn, batch, schools)
    return [_ratio(batch, school, own, exceptions.get(school, "")) for school, own in _verdicts(groups)]


def _verdicts(groups: Iterable[Any]) -> Iterable[tuple[str, Mapping[str, int]]]:
    counts: dict[str, dict[str, int]] = {}
    for group in groups:
        own = counts.setdefault(group.school, {})
        own[group.verdict] = own.get(group.verdict, 0) + group.teachers
    return counts.items()


def _ratio(batch: Batch, school: str, verdicts: Mapping[str, int], exception: str) -> SchoolRatio:
    law, day = batch.law, batch.period.end
    decided = law.pack.school_ruled(verdicts, on=day, settings=law.settings, exception=exception)
    return SchoolRatio(
        school=school,
        roster=sum(verdicts.values()),
        not_completed=verdicts.get("FAIL", 0),
        share=decided.result.get("ratio"),
        barred=bool(decided.result.get("disqualified")) and not decided.result.get("excepted"),
        explanation=explanation(
            law.pack,
            name=law.pack.name,
            version=law.pack.version,
            on=decided.on,
            steps=tuple(step(one) for one in decided.steps),
        ),
    )


def _page(query: ListSchoolRatios, batch: Batch, found: list[SchoolRatio], after: str) -> SchoolRatioPage:
    rest = [one for one in found if one.school > after]
    shown = rest[: query.page.first]
    return SchoolRatioPage(
        items=tuple(shown),
        cursors=tuple(cursor(one.school) for one in shown),
        has_next=len(rest) > query.page.first,
        total=len(found),
        as_of_seq=batch.up_to_seq,
        label=batch.period.label,
        starts_on=batch.period.start,
        ends_on=batch.period.end,
    )


def no_school_rule(law: InForce) -> Refused:
    """The district's law attaches nothing to the share of a school's teachers who did not complete."""
    return refuse(
        "SCHOOL_RULE_UNKNOWN",
        field="on",
        value=law.pack.jurisdiction,
        zh=f"{law.pack.source.title}没有按未完成教师占比评定学校的规定。",
        en=f"The law of {law.pack.jurisdiction} has no rule on the share of a school's teachers who did not complete.",
        remedy=("请改查 shortfallSummary。", "Ask for shortfallSummary instead."),
    )
