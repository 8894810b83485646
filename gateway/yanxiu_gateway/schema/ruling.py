"""What a district's law answers to a question about the whole of it: clauses breached and warned of, and why."""

from __future__ import annotations

import strawberry


@strawberry.type(name="RulingSentence", description="一步理由。A step of an answer.")
class RulingSentence:
    """A sentence."""

    zh: str = strawberry.field(description="中文。In Chinese.")
    en: str = strawberry.field(description="英文。In English.")
    clauses: list[str] = strawberry.field(description="所依据的条款。Its clauses.")


@strawberry.type(
    name="Ruling",
    description="规定对一个问题的答复：违反了哪些条款、提示哪些条款、理由。"
    "What the law answers to a question: clauses breached, clauses warned of, and why.",
)
class Ruling:
    """An answer."""

    kind: str = strawberry.field(description="判定的名称。The decision asked.")
    of: str = strawberry.field(description="关于谁（学校编号），空为全区。Whom it is about; empty for the district.")
    failed: list[str] = strawberry.field(description="违反的条款。Clauses breached.")
    warnings: list[str] = strawberry.field(description="提示的条款。Clauses warned of.")
    steps: list[RulingSentence] = strawberry.field(description="理由。Why.")
