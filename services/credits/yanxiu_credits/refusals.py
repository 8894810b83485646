"""Every 'no' that the service itself gives, each with field, value, sentence and remedy in two languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from yanxiu_footing.refusals import (
    cursor_malformed,
    day_in_future,
    district_unknown,
    forbidden,
    law_not_in_force,
    law_unusable,
    out_of_bounds,
    refuse,
    shown,
    stream_empty,
    text_malformed,
)
from yanxiu_footing.stored import simple
from yanxiu_rulekit.outcome import Refusal
from yanxiu_wire.refusal import RefusalItem, Refused

# Those that every service gives stand here too: a use case finds its refusals in one place.
__all__ = [
    "already_registered",
    "amount_not_exact",
    "by_law",
    "cursor_malformed",
    "dates_out_of_order",
    "day_before_project",
    "day_in_future",
    "district_unknown",
    "fact_path",
    "forbidden",
    "law_not_in_force",
    "law_unusable",
    "ledger_broken",
    "not_employed",
    "out_of_bounds",
    "period_unknown",
    "project_decided",
    "project_required",
    "project_unknown",
    "reason_missing",
    "refuse",
    "rejected",
    "shown",
    "stream_empty",
    "teacher_unknown",
    "text_malformed",
]


def fact_path(field: str) -> str:
    """Return a fact's path in the command: the law says `record.score` or `score`, the command `facts.score`."""
    inner = field.removeprefix("record").lstrip(".") if field == "record" or field.startswith("record.") else field
    return f"facts.{inner}" if inner and inner != "facts" else "facts"


# Facts that the service states from the project: what the caller can change is the project that is named.
_OF_THE_PROJECT = frozenset({"facts.project_approved", "facts.project_approved_on"})


def by_law(refusals: Iterable[Refusal], project: str | None = None) -> tuple[RefusalItem, ...]:
    """Return what the law refused, one reason for each, with fields as paths into the command and what stands there."""
    return tuple(_by_law(one, project) for one in refusals)


def _by_law(one: Refusal, project: str | None) -> RefusalItem:
    field, value = fact_path(one.field), shown(one.value)
    if field in _OF_THE_PROJECT and project is not None:
        field, value = "project", project
    elif field == "facts.date":
        field = "on"
    return RefusalItem(
        code=one.code,
        field=field,
        value=value,
        clauses=one.clauses,
        message_zh=one.zh,
        message_en=one.en,
        remedy_zh=one.remedy_zh,
        remedy_en=one.remedy_en,
    )


def ledger_broken(district: str) -> Refused:
    """The district's ledger does not verify: nothing is added to a chain that does not hold."""
    return refuse(
        "LEDGER_BROKEN",
        field="district",
        value=district,
        zh="本区县的台账未通过校验，暂停登记。",
        en="The district's ledger does not verify; nothing is entered for now.",
        remedy=(
            "请平台管理员查看 credits 日志中的 ledger-broken，从备份恢复后运行 "
            f"yanxiu ledger verify --district {district}；全部校验通过后即恢复受理。",
            "The platform operator finds the place in the credits log (ledger-broken), restores from a backup and runs "
            f"yanxiu ledger verify --district {district}; once all of it fits, the district accepts entries again.",
        ),
    )


def teacher_unknown(teacher: str) -> Refused:
    """Unknown, out of the caller's scope, or not arrived from the registry yet: all answer alike."""
    return refuse(
        "TEACHER_UNKNOWN",
        field="teacher",
        value=teacher,
        zh="没有这位教师，或不在您的管理范围内。",
        en="There is no such teacher, or not in your scope.",
        remedy=(
            "请核对教师编号；刚登记的教师可能尚在同步，请稍后用同一幂等键重试。",
            "Check the teacher's id; one entered just now may still be arriving: retry with the same key.",
        ),
    )


def not_employed(teacher: str, on: date, hired_on: date | None) -> Refused:
    """The teacher was not in the district's employ on the day."""
    hired_zh = f"（入职日期{hired_on.isoformat()}）" if hired_on else ""
    hired_en = f" (hired on {hired_on.isoformat()})" if hired_on else ""
    return refuse(
        "TEACHER_NOT_EMPLOYED",
        field="on",
        value=on,
        zh=f"该教师在{on.isoformat()}不在岗{hired_zh}。",
        en=f"Teacher {teacher} was not employed on {on.isoformat()}{hired_en}.",
        remedy=("请核对培训日期或任职记录。", "Check the training day or the employment record."),
    )


def already_registered(record: str, teacher: str, *, corrects: bool, unsaid: Sequence[str] = ()) -> Refused:
    """The same training of the same teacher stands in the records already; `corrects` says with other facts.

    `unsaid` are facts by which another training of that day would be told from it.
    """
    remedy = ("请查看已有记录，不必重复登记。", "See the record that exists; nothing needs to be entered again.")
    if corrects:
        remedy = (
            "已登记的记录不以重新登记更正；请用更正登记（correctTraining）并写明理由：原分录冲销，更正后的记录重新入账。",
            "A record is not corrected by registering again: use correctTraining with a reason. Its entry is reversed "
            "and the corrected record entered.",
        )
    if corrects and unsaid:
        names = ", ".join(unsaid)
        remedy = (
            f"{remedy[0]}确属当日另一项培训的，请填写可区别的事实项（{names}）。",
            f"{remedy[1]} If it was another training of that day, state what tells it apart ({names}).",
        )
    return refuse(
        "ALREADY_REGISTERED",
        field="teacher",
        value=record,
        zh=f"该教师的这项培训已登记（记录{record}）" + ("，内容与本次不同。" if corrects else "。"),
        en=f"This training of teacher {teacher} is registered already, as record {record}"
        + (", which says otherwise." if corrects else "."),
        remedy=remedy,
    )


_MEASURES_ZH = {"hours": "学时", "credits": "学分"}
_STATES_ZH = {"proposed": "已申报", "approved": "已批准", "returned": "已退回"}


def amount_not_exact(measure: str, value: Any) -> Refused:
    """An amount that the ledger cannot hold exactly; nothing is rounded."""
    return refuse(
        "AMOUNT_NOT_EXACT",
        field="facts",
        value=value,
        zh=f"计算所得{_MEASURES_ZH[measure]}为{simple(value)}，不能以百万分之一为单位精确入账。",
        en=f"The {measure} computed, {simple(value)}, does not fit the ledger exactly in millionths.",
        remedy=("请核对所填的时长、系数。", "Check the hours and coefficients given."),
    )


def project_unknown(project: str) -> Refused:
    """No such project in the district."""
    return refuse(
        "PROJECT_UNKNOWN",
        field="project",
        value=project,
        zh="没有这个培训项目。",
        en="There is no such training project.",
        remedy=("请先申报项目，或核对项目编号。", "Propose the project first, or check its id."),
    )


def project_required(clauses: tuple[str, ...]) -> tuple[RefusalItem, ...]:
    """A course without a project: the law counts it only under an approved one; stands beside what the law refuses."""
    return refuse(
        "PROJECT_REQUIRED",
        field="project",
        value=None,
        clauses=clauses,
        zh="这类培训须属于经批准的培训项目，未写明项目的不予登记。",
        en="Such a training counts only under an approved project, and none is named.",
        remedy=(
            "请填写已批准项目的编号；项目未批准的，先申报并报批。",
            "Name the approved project, or propose it first.",
        ),
    ).errors


def rejected(clauses: tuple[str, ...]) -> Refused:
    """The law sends the entry back without naming a single fact."""
    return refuse(
        "RECORD_REJECTED",
        field="facts",
        clauses=clauses,
        zh="依据规定，该记录应退回更正。",
        en="Under the regulation this record must be returned and corrected.",
        remedy=("请对照所列条款更正后再登记。", "Correct it by the clauses named, then register it again."),
    )


def day_before_project(on: date, starts_on: date) -> Refused:
    """A training that was completed before its project began."""
    return refuse(
        "DAY_BEFORE_PROJECT",
        field="on",
        value=on,
        zh=f"培训日期{on.isoformat()}早于项目开始日期{starts_on.isoformat()}。",
        en=f"The training day {on.isoformat()} lies before the project's first day, {starts_on.isoformat()}.",
        remedy=("请核对培训日期或项目。", "Check the training day, or the project."),
    )


def dates_out_of_order(starts_on: date, ends_on: date) -> Refused:
    """A stretch that ends before it starts."""
    return refuse(
        "DATE_OUT_OF_ORDER",
        field="ends_on",
        value=ends_on,
        zh=f"结束日期{ends_on.isoformat()}早于开始日期{starts_on.isoformat()}。",
        en=f"The last day, {ends_on.isoformat()}, lies before the first, {starts_on.isoformat()}.",
        remedy=("请更正日期。", "Correct the days."),
    )


def project_decided(project: str, state: str) -> Refused:
    """A project that was approved or returned already."""
    return refuse(
        "PROJECT_ALREADY_DECIDED",
        field="project",
        value=project,
        zh=f"该项目已处理（{_STATES_ZH.get(state, state)}），不能再次审批。",
        en=f"The project has been decided already; its state is {state}.",
        remedy=("退回的项目请重新申报。", "Propose a returned project anew."),
    )


def reason_missing() -> Refused:
    """A project is returned only with a reason."""
    return refuse(
        "REASON_MISSING",
        field="reason",
        zh="退回项目须说明理由（1000字以内）。",
        en="A project is returned with a reason of at most 1000 characters.",
        remedy=("请填写退回理由。", "Say why it is returned."),
    )


def period_unknown(kind: str, known: Iterable[str]) -> Refused:
    """A kind of period that the district's law does not judge."""
    listed = ", ".join(known)
    return refuse(
        "PERIOD_UNKNOWN",
        field="kind",
        value=kind,
        zh=f"本区县的规定不考核“{shown(kind)}”这种周期。",
        en=f"The district's law judges no period of kind {shown(kind)}.",
        remedy=(f"可用：{listed}。", f"It judges: {listed}."),
    )
