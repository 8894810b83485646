"""Rule packs as front ends show them: clauses, parameters over time, questions with their facts, worked examples."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import rules as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.facts import Fact, FactRow
from yanxiu_gateway.schema.facts_scalar import Facts
from yanxiu_gateway.schema.nodes import After, Connection, First, Node, asked_page, global_id, page_rows

value = strawberry.enum_value


@strawberry.enum(name="FactForm", description="一项事实的形式。The form of a fact.")
class FactForm(Enum):
    """Forms; the values are the wire's."""

    DECIMAL = value("decimal", description='精确小数，写成文本，如 "59.5"。An exact decimal as text.')
    INTEGER = value("integer", description="整数。A whole number.")
    BOOLEAN = value("boolean", description="是或否。True or false.")
    TEXT = value("text", description="文本。Text.")
    DATE = value("date", description="日期，YYYY-MM-DD。A day, YYYY-MM-DD.")
    CHOICE = value("choice", description="从 choices 中选一个。One of the choices.")
    LIST = value("list", description="列表，各项的形式见 of。A list; its items have the form of.")
    TABLE = value("table", description="对照表，名称对值，值的形式见 of。A table from names to values of the form of.")
    GROUP = value("group", description="一组事实，见 fields。A group with facts of its own, in fields.")


def rows_of(root: strawberry.Parent[Any]) -> Any:
    """The rows of a table in the order of the regulation."""
    rows: Mapping[str, str] = root.rows
    return [FactRow(name, one) for name, one in rows.items()]


def form_of(root: strawberry.Parent[wire.FactField]) -> FactForm:
    """The form."""
    return FactForm(root.form)


def forms_of(root: strawberry.Parent[wire.FactField]) -> list[FactForm]:
    """All forms that may be given."""
    return [FactForm(one) for one in root.forms]


def inner_form_of(root: strawberry.Parent[wire.FactField]) -> FactForm | None:
    """The form of what a list or a table holds."""
    return FactForm(root.of) if root.of else None


@strawberry.type(
    name="FactField", description="一个问题要填的一项事实。A fact that a question asks for, as a form would show it."
)
class FactField:
    """A fact's field."""

    name: str = strawberry.field(description="规则所用的名称。The name the law uses.")
    label: str = strawberry.field(
        description="中文名称；未知时为空。What it is called in Chinese; empty where unknown."
    )
    unit: str = strawberry.field(description="单位；没有时为空。Its unit; empty where it has none.")
    form: FactForm = strawberry.field(resolver=form_of, description="形式。Its form.")
    forms: list[FactForm] = strawberry.field(
        resolver=forms_of, description="可以采用的各种形式。Every form in which it may be given."
    )
    required: bool = strawberry.field(description="是否必填。Whether it must be stated.")
    choices: list[str] = strawberry.field(description="可选的值；不限时为空。The values to choose from, if any.")
    of: FactForm | None = strawberry.field(
        resolver=inner_form_of, description="列表或对照表中值的形式。The form of what a list or table holds."
    )
    default: str | None = strawberry.field(description="不填时所取的值。What is taken when it is not stated.")
    fields: list[FactField] = strawberry.field(description="成组时其中的各项。The facts of a group.")


@strawberry.type(name="ParameterValue", description="一个参数自某天起的值。The value of a parameter from a day on.")
class ParameterValue:
    """A dated value."""

    since: date = strawberry.field(description="自哪天起施行。The day from which it is in force.")
    value: str | None = strawberry.field(description="值；参数是一张表时为空。The value; null for a table.")
    rows: list[Fact] = strawberry.field(
        resolver=rows_of, description="参数是一张表时的各行。The rows, where the parameter is a table."
    )
    clause: str = strawberry.field(description="依据的条款编号。Id of the clause it stands in.")


@strawberry.type(name="AllowedSetting", description="规定留给区县自定的范围。What the regulation leaves to a district.")
class AllowedSetting:
    """A range and single values."""

    least: str | None = strawberry.field(description="最小值。The least.")
    most: str | None = strawberry.field(description="最大值。The most.")
    one_of: list[str] = strawberry.field(description="可选的单个值。Single values to choose from.")


@strawberry.type(name="RuleParameter", description="一个参数及其沿革。A parameter with its values over time.")
class RuleParameter:
    """A parameter."""

    name: str = strawberry.field(description="参数名。The parameter's name.")
    label: str = strawberry.field(description="中文名称。What it is called.")
    label_en: str = strawberry.field(description="英文名称。What it is called in English.")
    unit: str = strawberry.field(description="单位。Its unit.")
    values: list[ParameterValue] = strawberry.field(description="各时期的值，从早到晚。Its values, oldest first.")
    in_force: ParameterValue | None = strawberry.field(
        description="所问之日施行的值。The one in force on the day asked about."
    )
    reading: str = strawberry.field(
        description="所补的空白或歧义的编号。Id of the gap in the regulation that it fills."
    )
    reading_note: str = strawberry.field(description="如何解读。How the gap is read, in Chinese.")
    allowed: AllowedSetting | None = strawberry.field(
        description="区县可另定的范围；不可另定时为空。What a district may set instead; null where nothing."
    )


@strawberry.type(name="RuleDecision", description="规则包回答的一个问题。A question that a rule pack answers.")
class RuleDecision:
    """A decision."""

    kind: str = strawberry.field(description="问题的名称，用于 tryDecision。Its name, for tryDecision.")
    asks_zh: str = strawberry.field(description="问什么（中文）。What it asks, in Chinese.")
    clauses: list[str] = strawberry.field(description="所回答的条款编号。Ids of the clauses it answers for.")
    facts: list[FactField] = strawberry.field(description="要填的事实。The facts that it takes.")
    is_record: bool = strawberry.field(
        resolver=lambda root: root.about == "record",
        description="是否为“一条研修记录值多少”的问题。Whether it is the question what a training record is worth.",
    )
    examples: int = strawberry.field(description="有多少个算例。How many worked examples it has.")


@strawberry.type(
    name="RuleExample",
    description="一个算例，取自规则包的用例：给定的事实与应得的结果。"
    "A worked example, one of the pack's cases: what is given, and what it comes to.",
)
class RuleExample:
    """An example."""

    name: str = strawberry.field(description="用一句话说明。What it shows, in a sentence.")
    kind: str = strawberry.field(description="问题的名称。The question's name.")
    on: date | None = strawberry.field(description="以哪天的规定为准。The day whose law applies; else the facts' own.")
    given: Facts = strawberry.field(description="给定的事实，可直接用于 tryDecision。The facts, fit for tryDecision.")
    settings: Facts = strawberry.field(description="区县的另定。What the district is supposed to have set.")
    expect: Facts = strawberry.field(description="应得的结果。What the result holds.")
    refused: list[str] = strawberry.field(description="应被退回的事实。The facts that are refused.")
    clauses: list[str] = strawberry.field(description="所说明的条款。Ids of the clauses it shows.")


@strawberry.type(
    name="DistrictSetting", description="本区另定的一个值。A value that the caller's own district has set."
)
class DistrictSetting:
    """A setting."""

    parameter: str = strawberry.field(description="参数名。The parameter's name.")
    label: str = strawberry.field(description="中文名称。What it is called.")
    unit: str = strawberry.field(description="单位。Its unit.")
    value: str | None = strawberry.field(description="所定的值；另定一张表时为空。The value; null for a table.")
    rows: list[Fact] = strawberry.field(resolver=rows_of, description="另定的各行。The rows set, of a table.")
    decided_by: str | None = strawberry.field(description="所依据的文件。The decision that it rests on.")


def clause_id(root: strawberry.Parent[wire.RuleClause]) -> strawberry.ID:
    """The clause's id."""
    return global_id("RuleClause", root.clause.id)


@strawberry.type(
    name="RuleClause", description="规定中的一条，及未建模的缘由。A clause, and why nothing is computed of it if so."
)
class RuleClause(Node):
    """A clause of a pack."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A clause as the credits service shows the law is shown as this type."""
        return isinstance(obj, wire.RuleClause)

    id: strawberry.ID = strawberry.field(resolver=clause_id, description="全局编号，不透明。Global id; opaque.")
    code: str = strawberry.field(
        resolver=lambda root: root.clause.id,
        description="条款编号，如 PUER-11-3。The clause's number, such as PUER-11-3.",
    )
    heading: str = strawberry.field(
        resolver=lambda root: root.clause.heading, description="在文件中的位置。Where it stands in the regulation."
    )
    quotation: str = strawberry.field(resolver=lambda root: root.clause.quotation, description="原文。Its words.")
    note: str = strawberry.field(
        resolver=lambda root: root.clause.note,
        description="原文有脱字时读作什么，及其他说明。How damaged words are read, and other remarks.",
    )
    says_zh: str = strawberry.field(description="中文概要。What it says in short, in Chinese.")
    says_en: str = strawberry.field(description="英文概要。What it says in short, in English.")
    not_modelled: str | None = strawberry.field(
        description="未建模的缘由；已建模时为空。Why nothing is computed of it; null where something is."
    )


PackRow = strawberry.Parent[wire.RulePack]


async def clauses_of(root: PackRow, info: Info) -> Any:
    """The pack's clauses."""
    found = await info.context.loaders.rules.part(root, "clauses")
    return found.clauses if found else ()


async def parameters_of(root: PackRow, info: Info) -> Any:
    """The pack's parameters."""
    found = await info.context.loaders.rules.part(root, "parameters")
    return found.parameters if found else ()


async def decisions_of(root: PackRow, info: Info) -> Any:
    """The pack's questions."""
    found = await info.context.loaders.rules.part(root, "decisions")
    return found.decisions if found else ()


async def settings_of(root: PackRow, info: Info) -> Any:
    """What the caller's own district set under the pack."""
    found = await info.context.loaders.rules.part(root, "settings") if root.governs else None
    return found.settings if found else ()


async def examples_of(
    root: PackRow,
    info: Info,
    first: First = 50,
    after: After = None,
    kind: Annotated[str | None, strawberry.argument(description="只要这个问题的。Only those of this question.")] = None,
    clause: Annotated[
        str | None, strawberry.argument(description="只要说明这一条的。Only those of this clause.")
    ] = None,
) -> Any:
    """A page of the pack's examples."""
    page = asked_page(first, after)
    rules = info.context.loaders.rules
    return page_rows(await rules.examples(jurisdiction=root.jurisdiction, kind=kind, clause=clause, page=page), after)


@strawberry.type(
    name="RulePack",
    description="一个规则包：某地一份规定的条款、参数与可回答的问题。对所有登录者公开，区县的另定除外。"
    "A rule pack: the clauses, parameters and questions of one regulation. Public to whoever is signed in.",
)
class RulePack:
    """A pack on a day."""

    jurisdiction: str = strawberry.field(description="辖区，如 puer。The jurisdiction, such as puer.")
    name: str = strawberry.field(description="规则包名称。The pack's name.")
    version: str = strawberry.field(description="规则包版本。Its version.")
    on: date = strawberry.field(description="以哪天为准。The day that it is shown as of.")
    in_force: bool = strawberry.field(description="该日是否已适用。Whether the regulation applies on that day.")
    governs: bool = strawberry.field(
        description="该日是否为调用者所在区县的规定。Whether it is the law of the caller's own district on that day."
    )
    title: str = strawberry.field(description="文件名称。The regulation's title.")
    title_en: str = strawberry.field(description="英文名称。Its title in English.")
    number: str = strawberry.field(description="文号。Its number.")
    issuer: str = strawberry.field(description="制定机关。Who issued it.")
    issuer_en: str = strawberry.field(description="制定机关的英文名称。Who issued it, in English.")
    signed_on: date = strawberry.field(description="落款日期。The day it was signed.")
    published_on: date = strawberry.field(description="发布日期。The day it was published.")
    applies_from: date = strawberry.field(description="适用自哪天的事实。The first day whose facts it judges.")
    url: str = strawberry.field(description="来源。Where it was published.")
    note: str = strawberry.field(description="说明。A remark, in Chinese.")
    hours_unit: str | None = strawberry.field(description="学时的单位；不计时为空。Unit of hours; null where none.")
    credits_unit: str | None = strawberry.field(description="学分的单位；不计时为空。Unit of credits; null where none.")
    periods: list[str] = strawberry.field(description="核算的周期种类。The kinds of period that it judges.")
    clause_count: int = strawberry.field(description="条款数。How many clauses it has.")
    not_modelled_count: int = strawberry.field(description="未建模的条款数。How many of them are not modelled.")
    parameter_count: int = strawberry.field(description="参数的个数。How many parameters it has.")
    clauses: list[RuleClause] | None = strawberry.field(
        resolver=clauses_of, description="条款，按文件次序。Its clauses, in the order of the regulation."
    )
    parameters: list[RuleParameter] | None = strawberry.field(
        resolver=parameters_of, description="参数及其沿革。Its parameters with their history."
    )
    decisions: list[RuleDecision] | None = strawberry.field(
        resolver=decisions_of, description="可回答的问题。The questions that it answers."
    )
    settings: list[DistrictSetting] | None = strawberry.field(
        resolver=settings_of,
        description="本区在该日的另定；不是本区的规定时为空表，别区的另定不可见。"
        "What the caller's own district has set on that day; of another district nothing is shown.",
    )
    examples: Connection[RuleExample] | None = strawberry.field(
        resolver=examples_of, description="算例。Its worked examples."
    )


@strawberry.type(name="ClauseBasis", description="一条条款及据以建立的一切。A clause with everything that rests on it.")
class ClauseBasis:
    """A clause and what rests on it."""

    clause: RuleClause = strawberry.field(description="条款。The clause.")
    pack: RulePack = strawberry.field(description="所在的规则包。The pack it belongs to.")
    parameters: list[RuleParameter] = strawberry.field(description="引用它的参数。The parameters that cite it.")
    decisions: list[RuleDecision] = strawberry.field(description="回答它的问题。The questions that answer for it.")
    workflows: list[str] = strawberry.field(description="执行它的流程。The workflows that carry it out.")
    examples: list[RuleExample] = strawberry.field(description="说明它的算例，至多 50 个。Its examples, 50 at most.")
