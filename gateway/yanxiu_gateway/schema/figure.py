"""Figures of summaries and reports: each number with the records that it counts, and what it would be now."""

from __future__ import annotations

from typing import Any

import strawberry
from yanxiu_wire import field_records as wire
from yanxiu_wire import term_work as wire_work

from yanxiu_gateway.schema.nodes import global_id

_WORDS = {
    "half_days": ("到校半天数", "half days at schools"),
    "visits": ("下校次数", "visits"),
    "lessons": ("听课节数", "lessons observed"),
    "lessons_commented": ("听评课节数", "lessons observed and commented on"),
    "preparations": ("集体备课次数", "collective preparations"),
    "themes": ("主题教研次数", "themed activities"),
    "seminars": ("主题研讨次数", "seminars"),
    "exchanges": ("经验交流会次数", "exchange meetings"),
    "other_gatherings": ("其他教研活动次数", "other gatherings"),
    "tasks": ("任务记录条数", "entries of tasks"),
    "papers": ("材料份数", "documents handed in"),
    "findings": ("发现问题数", "findings"),
    "findings_closed": ("问题销号数", "findings closed"),
}
_OF_VISITS = ("half_days", "visits")
_OF_FINDINGS = ("findings", "findings_closed")
NAME = "名称，如 lessons_commented。Its name, such as lessons_commented."


def label_zh(root: strawberry.Parent[Any]) -> str:
    """The figure's Chinese name."""
    return _WORDS.get(root.name, (root.name, root.name))[0]


def label_en(root: strawberry.Parent[Any]) -> str:
    """The figure's English name."""
    return _WORDS.get(root.name, (root.name, root.name))[1]


def kind_of(name: str) -> str:
    """The type of what a figure counts."""
    return "Visit" if name in _OF_VISITS else "VisitFinding" if name in _OF_FINDINGS else "FieldRecord"


def ids_of(root: strawberry.Parent[wire.Figure]) -> list[strawberry.ID]:
    """Global ids of what it counts."""
    return [global_id(kind_of(root.name), one) for one in root.ids]


def added_of(root: strawberry.Parent[wire_work.FigureNow]) -> list[strawberry.ID]:
    """Global ids of what came since."""
    return [global_id(kind_of(root.name), one) for one in root.added]


def gone_of(root: strawberry.Parent[wire_work.FigureNow]) -> list[strawberry.ID]:
    """Global ids of what is gone."""
    return [global_id(kind_of(root.name), one) for one in root.gone]


@strawberry.type(
    name="Figure", description="一项数据及其出处：所计的每条记录。A number, and the id of every record that it counts."
)
class Figure:
    """A figure."""

    name: str = strawberry.field(description=NAME)
    label_zh: str = strawberry.field(resolver=label_zh, description="中文名称。Its Chinese name.")
    label_en: str = strawberry.field(resolver=label_en, description="英文名称。Its English name.")
    value: int = strawberry.field(description="数值；到校以半天计。The number; presence is in half days.")
    ids: list[strawberry.ID] = strawberry.field(
        resolver=ids_of,
        description="所计的下校、记录或问题，可用 nodes 取得。Ids of what it counts; fetch them with nodes.",
    )


@strawberry.type(name="FigureNow", description="提交的数据如今有何不同。A submitted figure as the records have it now.")
class FigureNow:
    """A difference."""

    name: str = strawberry.field(description=NAME)
    label_zh: str = strawberry.field(resolver=label_zh, description="中文名称。Its Chinese name.")
    submitted: int = strawberry.field(description="提交时的数值。As submitted.")
    now: int = strawberry.field(description="如今的数值。As it would be now.")
    added: list[strawberry.ID] = strawberry.field(
        resolver=added_of, description="提交之后到达的。What came since it was submitted."
    )
    gone: list[strawberry.ID] = strawberry.field(
        resolver=gone_of, description="提交之后不再计入的。What no longer counts."
    )


@strawberry.input(name="FigureInput", description="草稿中的一项数据，原样交回。A draft's figure, sent back as it is.")
class FigureInput:
    """A figure, as the draft gave it."""

    name: str = strawberry.field(description=NAME)
    value: int = strawberry.field(description="数值。The number.")
    ids: list[strawberry.ID] = strawberry.field(description="所计的各条。Ids of what it counts.")
