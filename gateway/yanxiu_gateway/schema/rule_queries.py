"""rulePacks, rulePack, clause and compareRulePacks: the law as anybody who is signed in may read it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import rules as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.rule_pack import ClauseBasis, RulePack
from yanxiu_gateway.schema.semantic_null import NULL_IS_A_HOLE


@strawberry.type(name="ComparedSide", description="一方在一行中的内容。What one side says in a row.")
class ComparedSide:
    """One side of a row."""

    text: str = strawberry.field(description="内容。What it says.")
    clause: str = strawberry.field(description="依据的条款编号；没有时为空。Id of its clause; empty where none.")
    since: date | None = strawberry.field(description="自哪天起施行。The day from which it is in force.")


@strawberry.type(name="ComparedRow", description="并列比较的一行。A row of a comparison.")
class ComparedRow:
    """A row."""

    name: str = strawberry.field(description="比较项的名称。The name of what is compared.")
    label: str = strawberry.field(description="中文名称。What it is called.")
    first: ComparedSide | None = strawberry.field(description="前者；没有此项时为空。The first; null where silent.")
    second: ComparedSide | None = strawberry.field(description="后者；没有此项时为空。The second; null where silent.")
    differs: bool = strawberry.field(description="两者是否不同。Whether the two differ.")


@strawberry.type(
    name="RulePackComparison",
    description="两地规定或同一规定两个日期的并列比较，不含区县的另定。"
    "Two laws side by side, or one law on two days, without what districts set.",
)
class RulePackComparison:
    """A comparison."""

    first: RulePack = strawberry.field(description="前者。The first.")
    second: RulePack = strawberry.field(description="后者。The second.")
    source: list[ComparedRow] = strawberry.field(description="文件。The regulations.")
    duties: list[ComparedRow] = strawberry.field(description="对教师的各项要求。What they ask of a teacher.")
    parameters: list[ComparedRow] = strawberry.field(description="参数。Their parameters.")
    questions: list[ComparedRow] = strawberry.field(description="可回答的问题与流程。Their questions and workflows.")


@strawberry.input(name="RulePackInput", description="指明一个规则包及日期。Names a rule pack and a day.")
class RulePackInput:
    """Which law."""

    jurisdiction: str | None = strawberry.field(
        default=None, description="辖区，默认本区所适用的。The jurisdiction; by default the law of the own district."
    )
    on: date | None = strawberry.field(default=None, description="以哪天为准，默认今天。The day; today by default.")


@strawberry.type(
    name="BrokenRulePack", description="已安装而不能读取的规则包。An installed rule pack that cannot be read."
)
class BrokenRulePack:
    """A pack and what became of reading it."""

    jurisdiction: str = strawberry.field(description="辖区。The jurisdiction.")
    problem: str = strawberry.field(
        description="情形：refused 载入时被拒；其余同 RULE_PACK_FAILED 的 problem。"
        "What happened: refused at load, else as the problem of RULE_PACK_FAILED."
    )


OnDay = Annotated[date | None, strawberry.argument(description="以哪天为准，默认今天。The day; today by default.")]
Jurisdiction = Annotated[
    str | None,
    strawberry.argument(
        description="辖区，如 puer；默认调用者所在区县在该日适用的。"
        "The jurisdiction, such as puer; by default the law that governs the caller's district on the day."
    ),
]


async def rule_pack(info: Info, jurisdiction: Jurisdiction = None, on: OnDay = None) -> Any:
    """One pack."""
    return await info.context.loaders.rules.pack(jurisdiction, on)


async def rule_packs(info: Info, on: OnDay = None) -> Any:
    """Every installed pack."""
    return [one for one in await info.context.loaders.rules.packs(on) if one is not None]


async def broken_rule_packs(info: Info) -> Any:
    """Every installed pack that cannot be read."""
    return await info.context.loaders.rules.broken()


async def clause(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="条款编号，如 PUER-11-3。The clause's id.")],
    on: OnDay = None,
) -> Any:
    """One clause with what rests on it."""
    return await info.context.loaders.rules.clause(plain_id("RuleClause", id), on)


def asked(given: RulePackInput) -> wire.PackAsked:
    """What the input names."""
    return wire.PackAsked(jurisdiction=given.jurisdiction, on=given.on)


async def compare_rule_packs(
    info: Info,
    first: Annotated[RulePackInput, strawberry.argument(description="前者。The first.")],
    second: Annotated[RulePackInput, strawberry.argument(description="后者。The second.")],
) -> Any:
    """Two laws side by side."""
    return await info.context.loaders.rules.compared(asked(first), asked(second))


@strawberry.type(description="规定本身的查询。What can be asked about the law itself.")
class RuleQueries:
    """Root fields."""

    rule_pack: RulePack | None = strawberry.field(
        resolver=rule_pack,
        description="一个规则包；没有这个辖区时为空。A rule pack; null where no pack has the jurisdiction.",
    )
    rule_packs: list[RulePack] | None = strawberry.field(
        resolver=rule_packs, description="已安装的全部规则包。Every rule pack that is installed."
    )
    broken_rule_packs: list[BrokenRulePack] | None = strawberry.field(
        resolver=broken_rule_packs,
        description="已安装而不能读取的规则包，不在 rulePacks 之列。The installed packs that rulePacks cannot show.",
    )
    clause: ClauseBasis | None = strawberry.field(
        resolver=clause,
        description="一条条款及据以建立的参数、问题、算例。A clause with the parameters, questions and examples on it.",
    )
    compare_rule_packs: RulePackComparison | None = strawberry.field(
        resolver=compare_rule_packs,
        metadata=NULL_IS_A_HOLE,
        description="两地规定并列比较，或同一规定两个日期并列比较。Two laws side by side, or one law on two days.",
    )
