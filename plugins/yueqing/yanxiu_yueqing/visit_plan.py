"""What the visits service asks of a batch of base schools, and what a plan of one keeps to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from yanxiu_rulekit import (
    Asked,
    Batch,
    BatchPlacing,
    BatchPlan,
    Law,
    Limit,
    Link,
    VisitedSchool,
    limit,
)

from yanxiu_yueqing.words import COLLABORATORS, LOCATIONS, STAGES, stage_of

KINDS = ("base_schools", "batch_rotation", "links", "team", "pairing")


def placing(law: Law) -> BatchPlacing:
    """Return what a plan of a batch keeps to, each number with its clause."""
    return BatchPlacing(
        years=limit(
            law,
            "batch_years",
            zh="一批基地学校{value}年。",
            en="A batch lasts {value} years.",
            clauses=("YUEQING-5-1a",),
        ),
        leads=limit(
            law, "lead_researchers", zh="每所基地学校由{value}名研训员为主。", en="{value} lead for each school."
        ),
        collaborators=limit(
            law, "collaborators", zh="每所基地学校协同人员不少于{value}人。", en="At least {value} collaborators each."
        ),
        collaborator_kinds=limit(
            law, "collaborator_kinds", zh="协同人员为{value}。", en="Collaborators are {value}.", names=COLLABORATORS
        ),
        repeats=limit(
            law, "allow_repeat", zh="一所学校不连续列入两批。", en="No school is in two consecutive batches."
        ),
        pairing_changes=Limit(
            value=True,
            clauses=("YUEQING-3-3",),
            zh="下一周期研训员更换联系学校。",
            en="Researchers change their schools with the next cycle.",
        ),
        stages=limit(law, "base_stages", zh="基地学校限{value}。", en="Base schools are {value} only.", names=STAGES),
        one_stage=_linked("一名研训员联系的学校为同一类型。", "All schools of a researcher are of one type."),
        both_locations=_linked("基地学校兼顾城镇和农村。", "Base schools are from town and country."),
        both_locations_from=limit(
            law,
            "both_locations_from",
            zh="联系{value}所以上学校的研训员兼顾城镇和农村学校。",
            en="A researcher of {value} or more schools has town and rural ones.",
        ),
    )


def _linked(zh: str, en: str) -> Limit:
    return Limit(value=True, clauses=("YUEQING-6-1",), zh=zh, en=en)


def asked_of_batch(plan: BatchPlan, _law: Law) -> Iterator[Asked]:
    """Ask whether the batch's schools, its rotation, each researcher's links, each team and the pairing are right."""
    batch, before = plan.batch, plan.before
    yield Asked(kind="base_schools", given={"schools": _schools(batch.schools)})
    batches = (batch,) if before is None else (before, batch)
    yield Asked(kind="batch_rotation", given={f"batch{n}": _batch(one) for n, one in enumerate(batches, start=1)})
    yield from _links(batch)
    for school in batch.schools:
        yield Asked(kind="team", given=_team([link for link in batch.links if link.school == school.id]), of=school.id)
    if before is not None:
        yield Asked(kind="pairing", given={"before": _pairs(before), "after": _pairs(batch)})


def _links(batch: Batch) -> Iterator[Asked]:
    """One question for each lead researcher; a collaborator's links are his school's affair."""
    by_id = {school.id: school for school in batch.schools}
    for person in dict.fromkeys(link.person for link in batch.links if link.lead):
        schools = [by_id[link.school] for link in batch.links if link.person == person and link.lead]
        yield Asked(kind="links", given={"researcher": person, "links": _schools(schools)}, of=person)


def _schools(schools: Iterable[VisitedSchool]) -> list[Mapping[str, Any]]:
    return [
        {"school": one.id, "stage": stage_of(one), "area": LOCATIONS[one.location] if one.location else None}
        for one in schools
    ]


def _batch(batch: Batch) -> Mapping[str, Any]:
    return {"start": batch.start, "end": batch.end, "schools": [school.id for school in batch.schools]}


def _team(links: list[Link]) -> Mapping[str, Any]:
    """Count each person once: who leads does not collaborate at the same school."""
    leads = {link.person for link in links if link.lead}
    others = {link.person: link.kind for link in links if link.person not in leads}
    return {"leads": len(leads), "collaborators": [{"kind": COLLABORATORS[kind]} for kind in others.values()]}


def _pairs(batch: Batch) -> list[Mapping[str, str]]:
    return [{"researcher": link.person, "school": link.school} for link in batch.links if link.lead]
