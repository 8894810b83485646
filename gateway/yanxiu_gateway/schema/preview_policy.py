"""previewPolicy and adoptPolicy: a draft law is tried, and what it said is done."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import policy as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.facts import FactInput, named
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, item_of, key_problem, settled
from yanxiu_gateway.schema.policy import PolicyPreview

NAMES = {"preview": "previewId"}


@strawberry.input(name="DraftValueInput", description="草案中一个参数的新值。A value that a draft gives a parameter.")
class DraftValueInput:
    """A dated value."""

    parameter: str = strawberry.field(description="参数名，如规则包所写。The parameter's name in the pack.")
    since: date = strawberry.field(description="自哪天起。The day from which it holds.")
    value: str = strawberry.field(description="值的文本；参数表写作 JSON。The value as text; a table as JSON.")
    unit: str = strawberry.field(description="单位，须与参数相同。The unit, the parameter's own.")
    cite: str = strawberry.field(description="依据的条款编号。Id of the clause it rests on.")


@strawberry.input(name="PreviewPolicyInput", description="previewPolicy 的输入。Input of previewPolicy.")
class PreviewPolicyInput:
    """What to try."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    since: date = strawberry.field(description="草案自哪天起适用；此后的记录重新计算。The day from which it applies.")
    kind: str = strawberry.field(
        description="比较哪类周期，如 year、cycle、school_year、term。"
        "The kind of period to compare, such as year, cycle, school_year or term."
    )
    on: date = strawberry.field(description="包含这一天的周期。The period that contains this day.")
    pack: str | None = strawberry.field(
        default=None,
        description="另一地区的规则包，默认现行的。Another jurisdiction's pack; the present one by default.",
    )
    release: str | None = strawberry.field(
        default=None,
        description="供预览安装的规则包，写作“名称 版本”。A pack installed for previews, as `name version`.",
    )
    settings: list[FactInput] | None = strawberry.field(
        default=None, description="本区在规定幅度内的取值，未写的不变。What the district sets; the rest stays."
    )
    decided_by: str | None = strawberry.field(default=None, description="作此决定的文件。The decision it rests on.")
    values: list[DraftValueInput] | None = strawberry.field(
        default=None, description="规则包参数的新值。New values of the pack's parameters."
    )


@strawberry.input(name="AdoptPolicyInput", description="adoptPolicy 的输入。Input of adoptPolicy.")
class AdoptPolicyInput:
    """What to adopt."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    preview_id: strawberry.ID = strawberry.field(description="预览编号。The preview's id.")
    reason: str = strawberry.field(description="依据，记入每一笔冲正。The reason; it stands in every reversal.")


@strawberry.type(name="PreviewPolicyPayload", description="previewPolicy 的结果。What previewPolicy came to.")
class PreviewPolicyPayload(Payload):
    """The preview or errors."""

    preview: PolicyPreview | None = strawberry.field(
        resolver=item_of, description="预览，由作业计算。The preview; a job computes it."
    )


@strawberry.type(name="AdoptPolicyPayload", description="adoptPolicy 的结果。What adoptPolicy came to.")
class AdoptPolicyPayload(Payload):
    """The preview or errors."""

    preview: PolicyPreview | None = strawberry.field(
        resolver=item_of, description="被采纳的预览，由作业办理。The preview adopted; a job does it."
    )


async def preview_policy(
    info: Info,
    given: Annotated[PreviewPolicyInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Try a draft law."""
    if problem := key_problem(given.idempotency_key):
        return problem
    context = info.context
    command = wire.PreviewPolicy(
        caller=context.caller,
        key=given.idempotency_key,
        since=given.since,
        kind=given.kind,
        on=given.on,
        pack=given.pack,
        release=given.release,
        settings=named(given.settings),
        decided_by=given.decided_by,
        values=tuple(
            wire.DraftValue(parameter=one.parameter, since=one.since, value=one.value, unit=one.unit, cite=one.cite)
            for one in given.values or ()
        ),
    )
    return settled(await context.backend.preview_policy(command, deadline=context.deadline))


async def adopt_policy(
    info: Info,
    given: Annotated[AdoptPolicyInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Adopt a preview."""
    if problem := key_problem(given.idempotency_key):
        return problem
    context = info.context
    preview = plain_id("PolicyPreview", given.preview_id)
    command = wire.AdoptPolicy(caller=context.caller, key=given.idempotency_key, preview=preview, reason=given.reason)
    return settled(await context.backend.adopt_policy(command, deadline=context.deadline), NAMES)


@strawberry.type(description="规则预览的写操作。What can be done about previews.")
class PolicyMutations:
    """Root fields."""

    preview_policy: PreviewPolicyPayload | None = strawberry.mutation(
        resolver=preview_policy,
        description="在本区真实数据上试行一份规则草案，台账不动。"
        "Try a draft law on the district's real data; the ledger is not touched.",
    )
    adopt_policy: AdoptPolicyPayload | None = strawberry.mutation(
        resolver=adopt_policy,
        description="采纳一个预览：重新认定其所列记录，结果须与预览逐行相符（区县教育局）。"
        "Adopt a preview: decide its records again, exactly as it said (district officer).",
    )
