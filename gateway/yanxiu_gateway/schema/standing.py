"""Where a teacher stands: sums of the ledger, and each requirement of a period with what is missing."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import credits as wire_credits
from yanxiu_wire import standings as wire_standings
from yanxiu_wire import teacher as wire_teacher

from yanxiu_gateway.ahead import Above, Ahead
from yanxiu_gateway.errors import limit_exceeded
from yanxiu_gateway.execution.batch import Rows, in_batch
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.explanation import Explanation, Reading
from yanxiu_gateway.schema.nodes import AsKnownAt, Dated, plain_id

MOST_KINDS = 5


@strawberry.enum(name="Verdict", description="是否达标。Whether the requirements are met.")
class Verdict(Enum):
    """Pass, fail, exempt."""

    PASS = strawberry.enum_value("PASS", description="达标。Met.")
    FAIL = strawberry.enum_value("FAIL", description="未达标。Not met.")
    EXEMPT = strawberry.enum_value("EXEMPT", description="本期免于考核。Exempt in this period.")


def label_of(root: strawberry.Parent[wire_credits.Finding], info: Info) -> str:
    """The requirement's name in the reader's language."""
    return root.label_en if info.context.language == "en" else root.label_zh


@strawberry.type(name="Finding", description="一项要求：标准、已得与差额。A requirement: threshold, earned, missing.")
class Finding:
    """A requirement's outcome."""

    clause: str = strawberry.field(description="要求所在的条款编号。Id of the clause that asks for it.")
    measure: str = strawberry.field(description="衡量的量。What is measured.")
    label: str = strawberry.field(
        resolver=label_of, description="按 Accept-Language 给出的名称。Its name in the language of Accept-Language."
    )
    label_zh: str = strawberry.field(description="中文名称。Its name in Chinese.")
    label_en: str = strawberry.field(description="英文名称。Its name in English.")
    unit: str = strawberry.field(description="单位。The unit.")
    operator: str = strawberry.field(description="比较方式，如 >=。How it is compared, such as >=.")
    threshold: Decimal = strawberry.field(description="标准。The threshold.")
    earned: Decimal | None = strawberry.field(
        description="已得；无从计算时为空。What was earned; null when it cannot be said."
    )
    shortfall: Decimal = strawberry.field(description="还差多少。What is missing.")
    met: bool = strawberry.field(description="是否满足。Whether it is met.")
    binding: bool = strawberry.field(description="是否影响结论。Whether the verdict depends on it.")
    readings: list[Reading] = strawberry.field(description="读到的参数。The parameters that were read.")


def said_of(root: strawberry.Parent[wire_standings.Outlook], info: Info) -> str:
    """The sentence in the reader's language."""
    return root.en if info.context.language == "en" else root.zh


@strawberry.type(
    name="Outlook",
    description="一项未满足的要求，期末之前还能怎样。What can still be done about a requirement that is not met.",
)
class Outlook:
    """An outlook."""

    clause: str = strawberry.field(description="要求所在的条款编号。Id of the clause that asks for it.")
    measure: str = strawberry.field(description="衡量的量。What is measured.")
    unit: str = strawberry.field(description="单位。The unit.")
    missing: Decimal = strawberry.field(description="还须补多少。What must still be added.")
    days_left: int = strawberry.field(description="还有几天，含当天。Days left, today included.")
    still_possible: Decimal | None = strawberry.field(
        description="依规定至多还可计入多少；不设限为空。The most that the law lets be added; null without a limit."
    )
    reachable: bool = strawberry.field(description="本期内能否补足。Whether it can still be met in this period.")
    sentence: str = strawberry.field(
        resolver=said_of, description="一句话说明（按 Accept-Language）。It in a sentence, by Accept-Language."
    )
    zh: str = strawberry.field(description="中文说明。The sentence in Chinese.")
    en: str = strawberry.field(description="英文说明。The sentence in English.")
    clauses: list[str] = strawberry.field(description="限制所依据的条款。The clauses that set the limit.")


@strawberry.type(
    name="PeriodToCome",
    description="周期中尚未开始的一段，如一个年度。A part of a longer period that has not begun, such as a year.",
)
class PeriodToCome:
    """A period to come."""

    kind: str = strawberry.field(description="种类。Its kind.")
    label: str = strawberry.field(description="名称。Its name.")
    starts_on: date = strawberry.field(description="第一天。Its first day.")
    ends_on: date = strawberry.field(description="最后一天。Its last day.")
    duties: list[Finding] = strawberry.field(description="届时的各项要求。What it will ask.")


@strawberry.type(
    name="Standing",
    description="教师在一个周期内对照各项要求的情况。A teacher's position in a period against every requirement.",
)
class Standing:
    """A standing."""

    kind: str = strawberry.field(
        description="周期的种类，如 year、cycle、school_year、term。"
        "The kind of period, such as year, cycle, school_year or term."
    )
    label: str = strawberry.field(description="周期的名称，如 2024年度。The period's name.")
    starts_on: date = strawberry.field(description="周期的第一天。First day of the period.")
    ends_on: date = strawberry.field(description="周期的最后一天。Last day of the period.")
    verdict: Verdict = strawberry.field(description="结论。The verdict.")
    hours: Decimal = strawberry.field(description="登记的学时。Hours registered.")
    credits: Decimal = strawberry.field(description="登记的学分。Credits registered.")
    recognised_hours: Decimal = strawberry.field(description="认定的学时。Hours recognised.")
    recognised_credits: Decimal = strawberry.field(description="认定的学分。Credits recognised.")
    hours_unit: str = strawberry.field(description="学时的单位。Unit of the hours.")
    credits_unit: str = strawberry.field(description="学分的单位。Unit of the credits.")
    findings: list[Finding] = strawberry.field(description="逐项要求。Each requirement.")
    days_left: int = strawberry.field(
        description="到期末还有几天，含当天；已结束为 0。Days left until its end, today included; 0 when it is over."
    )
    outlook: list[Outlook] = strawberry.field(
        description="未满足的各项，期末之前还能补多少。What can still be done about each requirement that is not met."
    )
    to_come: list[PeriodToCome] = strawberry.field(
        description="周期中尚未开始的年度及其各项要求。The years of a cycle still to come, with what each will ask."
    )
    recognition_stale: bool = strawberry.field(
        description="本周期已正式认定，但认定结果与现在的核算不一致，须撤销认定或重新锁定后更正。"
        "The official recognition of the period stands and is not what is judged now: it must be settled."
    )
    explanation: Explanation = strawberry.field(description="推算过程与依据。How it came about, and by which clauses.")


@strawberry.type(name="Total", description="一位教师的台账合计。The sum of a teacher's ledger entries.")
class Total:
    """A sum."""

    hours: Decimal = strawberry.field(description="登记学时合计。Sum of the hours registered.")
    credits: Decimal = strawberry.field(description="登记学分合计。Sum of the credits registered.")
    records: int = strawberry.field(description="计入的记录条数。How many records count.")
    recognised_hours: Decimal = strawberry.field(
        description="已正式认定的学时合计。Sum of the hours officially recognised."
    )
    recognised_credits: Decimal = strawberry.field(
        description="已正式认定的学分合计。Sum of the credits officially recognised."
    )


TeacherRows = Rows[Dated[wire_teacher.Teacher]]
Kind = Annotated[
    str,
    strawberry.argument(
        description="周期的种类，由本区规则确定，如普洱的 year、cycle，普陀的 school_year、term。"
        "The kind of period, which the district's law names: year and cycle in Pu'er, school_year and term in Putuo."
    ),
]
Kinds = Annotated[
    list[str],
    strawberry.argument(description="周期的种类，至多 5 种。Kinds of period, at most 5."),
]
On = Annotated[
    date | None,
    strawberry.argument(
        description="取包含这一天的周期，默认今天。The period that contains this day; today by default."
    ),
]
OfTeacher = Annotated[strawberry.ID, strawberry.argument(description="教师编号。The teacher's id.")]
Since = Annotated[date | None, strawberry.argument(description="自哪天起，含当天。From this day on.")]
Until = Annotated[date | None, strawberry.argument(description="到哪天止，含当天。Up to and including this day.")]


def total_ahead(
    above: Above, info: Info, since: date | None = None, until: date | None = None, as_known_at: Any = None
) -> Ahead | None:
    """The sums that `total_of` asks for."""
    if not above.known:
        return None
    return Ahead(info.context.loaders.totals(since, until, as_known_at), "id")


def standing_ahead(
    above: Above, info: Info, kind: str, on: date | None = None, as_known_at: Any = None
) -> Ahead | None:
    """The standings that `standing_of` asks for."""
    if not above.known:
        return None
    return Ahead(info.context.loaders.standings(kind, on, as_known_at), "id")


@in_batch(reads=("id",), ahead=total_ahead)
async def total_of(
    rows: TeacherRows, info: Info, since: Since = None, until: Until = None, as_known_at: AsKnownAt = None
) -> Any:
    """The sums of teachers' ledger entries."""
    return await info.context.loaders.totals(since, until, as_known_at).load_all([row.id for row in rows])


@in_batch(reads=("id",), ahead=standing_ahead)
async def standing_of(rows: TeacherRows, info: Info, kind: Kind, on: On = None, as_known_at: AsKnownAt = None) -> Any:
    """Teachers' standings in one period."""
    return await info.context.loaders.standings(kind, on, as_known_at).load_all([row.id for row in rows])


@in_batch(reads=("id",))
async def standings_of(
    rows: TeacherRows, info: Info, kinds: Kinds, on: On = None, as_known_at: AsKnownAt = None
) -> Any:
    """Teachers' standings in several periods, those that are there; fails with what one of them failed with."""
    if len(kinds) > MOST_KINDS:
        raise limit_exceeded("ids", len(kinds), MOST_KINDS)
    loaders, teachers = info.context.loaders, [row.id for row in rows]
    found = await asyncio.gather(*(loaders.standings(kind, on, as_known_at).load_all(teachers) for kind in kinds))
    return [_there([column[number] for column in found]) for number in range(len(rows))]


def _there(found: list[Any]) -> Any:
    failed = next((one for one in found if isinstance(one, Exception)), None)
    return failed or [one for one in found if one is not None]


async def get_standing(info: Info, teacher: OfTeacher, kind: Kind, on: On = None, as_known_at: AsKnownAt = None) -> Any:
    """A teacher's standing in one period; None for one who does not exist here or is out of scope."""
    return await info.context.loaders.standing(plain_id("Teacher", teacher), kind, on, as_known_at)


@strawberry.type(description="达标情况的查询。What can be asked about standings.")
class StandingQueries:
    """Root fields."""

    standing: Standing | None = strawberry.field(
        resolver=get_standing,
        description="一位教师在某类周期中的达标情况；不存在时为空。"
        "A teacher's standing in a period; null when there is none.",
    )
