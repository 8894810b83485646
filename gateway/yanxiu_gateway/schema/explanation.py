"""Why a number is what it is: steps in Chinese and English, parameters as they were read, clauses with their words."""

from __future__ import annotations

from datetime import date

import strawberry
from yanxiu_wire import explanation as wire_explanation

from yanxiu_gateway.schema.context import Info


@strawberry.type(
    name="Reading",
    description="读到的一个参数：值、单位、生效日和依据条款。"
    "A parameter as it was read: value, unit, day in force, clause.",
)
class Reading:
    """A parameter reading."""

    parameter: str = strawberry.field(description="参数名。The parameter's name.")
    label: str = strawberry.field(description="参数的中文名称。What the parameter is called in the regulation.")
    value: str = strawberry.field(description="读到的值。The value read.")
    unit: str = strawberry.field(description="单位。Its unit.")
    since: date = strawberry.field(description="该值自哪天起施行。The day from which the value is in force.")
    clause: str = strawberry.field(description="依据的条款编号。Id of the clause it stands in.")
    key: str | None = strawberry.field(
        description="参数是一张表时，读的是哪一格。Which entry, when the parameter is a table."
    )
    decided_by: str | None = strawberry.field(
        description="本区另行规定的，所依据的文件。The decision by which the district set it, if it did."
    )


@strawberry.type(name="Clause", description="一个条款：所在位置与原文。A clause: where it stands and its words.")
class Clause:
    """A clause."""

    code: str = strawberry.field(
        resolver=lambda root: root.id, description="条款编号，如 PUER-11-3。The clause's number, such as PUER-11-3."
    )
    heading: str = strawberry.field(description="在文件中的位置。Where it stands in the regulation.")
    quotation: str = strawberry.field(description="原文。Its words.")
    note: str = strawberry.field(
        description="原文有脱字时读作什么，及其他说明；没有时为空。"
        "How the words are read where the published page lost characters, and other remarks, in Chinese; else empty."
    )


def sentence(root: strawberry.Parent[wire_explanation.Step], info: Info) -> str:
    """The step's sentence in the reader's language."""
    return root.en if info.context.language == "en" else root.zh


@strawberry.type(name="Step", description="推算的一步。One step of a decision.")
class Step:
    """A step."""

    name: str = strawberry.field(description="这一步的名称。The step's name.")
    value: str = strawberry.field(description="这一步的结果。Its result.")
    unit: str = strawberry.field(description="结果的单位。The result's unit.")
    zh: str = strawberry.field(description="中文说明。The sentence in Chinese.")
    en: str = strawberry.field(description="英文说明。The sentence in English.")
    text: str = strawberry.field(
        resolver=sentence, description="按 Accept-Language 给出的说明。The sentence in the language of Accept-Language."
    )
    clauses: list[str] = strawberry.field(description="依据的条款编号。Ids of the clauses it rests on.")
    readings: list[Reading] = strawberry.field(description="读到的参数。The parameters that were read.")


@strawberry.type(
    name="Explanation",
    description="一个结果的全部理由，按当时的规则保存。The whole reason of a result, kept as it was decided.",
)
class Explanation:
    """An explanation."""

    pack: str = strawberry.field(description="规则包名称。The rule pack's name.")
    version: str = strawberry.field(description="规则包版本。The rule pack's version.")
    on: date = strawberry.field(description="以哪天的规定为准。The day whose law was applied.")
    source: str = strawberry.field(description="所依据的文件。The regulation applied.")
    steps: list[Step] = strawberry.field(description="逐步推算。The steps in order.")
    clauses: list[Clause] = strawberry.field(description="引用的条款及原文。The clauses cited, with their words.")
