"""What a district adds to the law for a plan, as clients write it."""

from __future__ import annotations

from enum import Enum
from typing import Any

import strawberry
from yanxiu_wire import rotation_plan as wire

from yanxiu_gateway.schema.carry_out import plain_ids
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.researcher import plain_researcher
from yanxiu_gateway.schema.rotation_plan import PlacingRole
from yanxiu_gateway.schema.words import wire_word

value = strawberry.enum_value
PERSON_ID = "研训员或教师的编号。The researcher's id, or the teacher's."
SCHOOL_ID = "学校编号。The school's id."


@strawberry.enum(name="FitRule", description="适配的严格程度。How strictly something must fit.")
class FitRule(Enum):
    """The wire's words."""

    OFF = value("off", description="不计。Not looked at.")
    WEIGHTED = value("weighted", description="不适配扣分。A misfit costs points.")
    HARD = value("hard", description="不适配不得安排。A misfit is not allowed.")


@strawberry.enum(name="HelperKind", description="协同人员的种类。What kind of collaborator somebody is.")
class HelperKind(Enum):
    """The wire's words."""

    AREA_STAFF = value("area_staff", description="学区人员。Staff of a school area.")
    FAMOUS_TEACHER = value("famous_teacher", description="名师。A famous teacher.")
    BACKBONE_TEACHER = value("backbone_teacher", description="骨干教师。A backbone teacher.")


@strawberry.input(name="PlanPairingInput", description="一人与一所学校的配对。A person and a school.")
class PlanPairingInput:
    """A pairing."""

    person_id: strawberry.ID = strawberry.field(description=PERSON_ID)
    school_id: strawberry.ID = strawberry.field(description=SCHOOL_ID)
    term: str | None = strawberry.field(default=None, description="只限这个学期。In this term only.")
    role: PlacingRole | None = strawberry.field(default=None, description="只限这个角色。In this role only.")


@strawberry.input(name="TravelCostInput", description="一人到一所学校的路程。Travel of a person to a school.")
class TravelCostInput:
    """A cost."""

    person_id: strawberry.ID = strawberry.field(description=PERSON_ID)
    school_id: strawberry.ID = strawberry.field(description=SCHOOL_ID)
    units: int = strawberry.field(description="整数单位，如分钟；未列的为 0。Whole units, such as minutes.")


@strawberry.input(name="SchoolNeedInput", description="学校需要的学科。The subjects that a school asks for.")
class SchoolNeedInput:
    """A need."""

    school_id: strawberry.ID = strawberry.field(description=SCHOOL_ID)
    subjects: list[str] = strawberry.field(description="学科。The subjects.")


@strawberry.input(name="PlanHelperInput", description="可作协同人员的人。Somebody who may be a collaborator.")
class PlanHelperInput:
    """A helper."""

    person_id: strawberry.ID = strawberry.field(description=PERSON_ID)
    kind: HelperKind = strawberry.field(description="种类。Of which kind.")
    most: int | None = strawberry.field(default=None, description="至多同时协同几所学校。Schools at once, at most.")


@strawberry.input(
    name="PlanWeightsInput",
    description="各部分每单位的分数，非负整数，不写为默认；分数越少越好。"
    "Points for a unit of each part, whole and not negative; what is not given is the default.",
)
class PlanWeightsInput:
    """Weights."""

    travel: int | None = strawberry.field(default=None, description="路程，默认 1。Travel; 1.")
    overtravel: int | None = strawberry.field(default=None, description="超出路程限额，默认 0。Above the allowance; 0.")
    subject: int | None = strawberry.field(default=None, description="学科不符，默认 20。A misfit by subject; 20.")
    stage: int | None = strawberry.field(default=None, description="学段不符，默认 20。A misfit by stage; 20.")
    late: int | None = strawberry.field(
        default=None, description="薄弱校每晚一学期，默认 30。A weak school's wait; 30."
    )
    unchosen: int | None = strawberry.field(default=None, description="薄弱校未入选，默认 30。A weak one left out; 30.")
    far: int | None = strawberry.field(default=None, description="一人每两次远程，默认 10。A pair of far placings; 10.")
    weak: int | None = strawberry.field(default=None, description="一人每两次薄弱校，默认 10。A pair of weak ones; 10.")
    crowd: int | None = strawberry.field(default=None, description="一校每两人次，默认 5。A pair at one school; 5.")
    back: int | None = strawberry.field(default=None, description="重回同一学校，默认 40。A return; 40.")
    load: int | None = strawberry.field(default=None, description="一人每两所学校，默认 20。A pair in a batch; 20.")
    beyond: int | None = strawberry.field(
        default=None, description="超出下限的协同人员，默认 5。Beyond the minimum; 5."
    )


@strawberry.input(name="PlanAdditionsInput", description="本区在规定之外的要求。What a district adds to the law.")
class PlanAdditionsInput:
    """Additions."""

    subject_fit: FitRule = strawberry.field(default=FitRule.WEIGHTED, description="学科适配。Fit by subject.")
    stage_fit: FitRule = strawberry.field(default=FitRule.WEIGHTED, description="学段适配。Fit by stage.")
    weights: PlanWeightsInput | None = strawberry.field(default=None, description="权重。The weights.")
    far_from: int | None = strawberry.field(default=None, description="路程达到此数算远。From here on travel is far.")
    allowance: int | None = strawberry.field(
        default=None, description="每人路程限额。Each person's allowance of travel."
    )
    most_a_term: int | None = strawberry.field(
        default=None, description="一校同一学期至多几人。Researchers at one school at a time, at most."
    )
    travel: list[TravelCostInput] = strawberry.field(default_factory=list, description="路程。Travel.")
    needs: list[SchoolNeedInput] = strawberry.field(default_factory=list, description="学校所需学科。Schools' needs.")
    fixed: list[PlanPairingInput] = strawberry.field(default_factory=list, description="指定的配对。Fixed pairings.")
    forbidden: list[PlanPairingInput] = strawberry.field(
        default_factory=list, description="禁止的配对。Forbidden ones."
    )
    excepted: list[PlanPairingInput] = strawberry.field(
        default_factory=list, description="可不适配的配对。Pairings that need not fit."
    )
    helpers: list[PlanHelperInput] = strawberry.field(default_factory=list, description="可协同的人员。Collaborators.")
    candidate_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="可选的学校，空为全部。Schools to choose from; empty for all."
    )
    base_schools: int | None = strawberry.field(
        default=None, description="本批选几所。How many base schools are taken."
    )
    everyone: bool = strawberry.field(default=False, description="每名研训员都须联系学校。Every researcher is linked.")


def additions_of(given: PlanAdditionsInput | None) -> wire.PlanAdditions:
    """As the wire has them."""
    if given is None:
        return wire.PlanAdditions()
    weights = {name: points for name, points in vars(given.weights or PlanWeightsInput()).items() if points is not None}
    return wire.PlanAdditions(
        subject_fit=wire_word(given.subject_fit),
        stage_fit=wire_word(given.stage_fit),
        weights=wire.PlanWeights(**weights),
        far_from=given.far_from,
        allowance=given.allowance,
        most_a_term=given.most_a_term,
        travel=tuple(wire.TravelCost(**_pair(one), units=one.units) for one in given.travel),
        needs=tuple(
            wire.SchoolNeed(school=plain_id("School", one.school_id), subjects=tuple(one.subjects))
            for one in given.needs
        ),
        fixed=_pairings(given.fixed),
        forbidden=_pairings(given.forbidden),
        excepted=_pairings(given.excepted),
        helpers=tuple(
            wire.PlanHelper(person=plain_researcher(one.person_id), kind=wire_word(one.kind), most=one.most)
            for one in given.helpers
        ),
        candidates=plain_ids("School", given.candidate_ids),
        base_schools=given.base_schools,
        everyone=given.everyone,
    )


def _pair(given: Any) -> dict[str, str]:
    return {"person": plain_researcher(given.person_id), "school": plain_id("School", given.school_id)}


def _pairings(given: list[PlanPairingInput]) -> tuple[wire.PlanPairing, ...]:
    return tuple(wire.PlanPairing(**_pair(one), term=one.term, role=wire_word(one.role)) for one in given)
