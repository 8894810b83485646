"""What is refused about jobs."""

from __future__ import annotations

from collections.abc import Collection

from yanxiu_wire.refusal import Refused

from yanxiu_credits.refusals import refuse, shown


def job_unknown(job: str) -> Refused:
    """No such job in this district."""
    return refuse(
        "JOB_UNKNOWN",
        field="job",
        value=job,
        zh="没有这项作业。",
        en="There is no such job.",
        remedy=("请从作业列表中选取编号。", "Take the id from the list of jobs."),
    )


def job_ended(job: str, state: str) -> Refused:
    """The job is over."""
    return refuse(
        "JOB_ENDED",
        field="job",
        value=job,
        zh=f"该作业已结束（{state}），无可取消。",
        en=f"The job has ended ({state}); there is nothing to cancel.",
        remedy=("如需再做，请重新发起。", "Start another one to do it again."),
    )


def job_not_cancellable(job: str, kind: str) -> Refused:
    """The job must come to its end."""
    return refuse(
        "JOB_NOT_CANCELLABLE",
        field="job",
        value=job,
        zh=f"作业 {shown(kind)} 须全部完成：中途取消会使本区部分记录依旧规则、部分依新规则。",
        en=f"A job of kind {shown(kind)} is done entirely: half of it would leave the district under two laws.",
        remedy=("请等其完成；失败的部分排除原因后可再次办理。", "Let it end; what failed can be done again."),
    )


def job_kind_unknown(kind: str, known: Collection[str]) -> Refused:
    """Only some kinds can be started by hand."""
    listed = "、".join(sorted(known))
    return refuse(
        "JOB_KIND_UNKNOWN",
        field="kind",
        value=kind,
        zh=f"不能直接发起作业 {shown(kind)}。",
        en=f"A job of kind {shown(kind)} cannot be started by itself.",
        remedy=(f"可直接发起的有：{listed}。", f"These can: {', '.join(sorted(known))}."),
    )
