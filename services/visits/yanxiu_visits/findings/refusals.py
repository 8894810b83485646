"""Why a note of a finding may have no effect, and the finding that nobody may see."""

from __future__ import annotations

from datetime import date

from yanxiu_wire.refusal import Refused

from yanxiu_visits.refusals import refuse

_STATES_ZH = {"open": "待整改", "remedied": "待复查", "closed": "已销号", "withdrawn": "已撤回"}


def finding_unknown(finding: str) -> Refused:
    """No such finding, or out of the caller's scope: both answer alike."""
    return refuse(
        "FINDING_UNKNOWN",
        field="finding",
        value=finding,
        zh="没有这个问题，或不在您的管理范围内。",
        en="There is no such finding, or not in your scope.",
        remedy=("请核对问题编号。", "Check the finding's id."),
    )


def not_in_state(state: str, wanted: str) -> Refused:
    """A step that does not fit where the finding stands at that time."""
    return refuse(
        "FINDING_NOT_IN_STATE",
        field="finding",
        value=state,
        zh=f"该问题当时{_STATES_ZH[state]}，须{_STATES_ZH[wanted]}方可办理，此次不计入。",
        en=f"The finding was {state} at that time; this wants one that is {wanted}, and does not count.",
        remedy=("请查看问题的办理过程。", "See the notes of the finding."),
    )


def over(state: str) -> Refused:
    """A step on a finding that was closed or withdrawn by then."""
    return refuse(
        "FINDING_OVER",
        field="finding",
        value=state,
        zh=f"该问题当时{_STATES_ZH[state]}，此次不计入。",
        en=f"The finding was {state} by that time; this does not count.",
        remedy=("再次发现的，请另行登记。", "What is found again is recorded as a finding of its own."),
    )


def before_found() -> Refused:
    """A step whose own time lies before the finding's."""
    return refuse(
        "BEFORE_FOUND",
        field="occurred_at",
        zh="时间早于发现问题的时间，不计入。",
        en="Its time lies before the finding itself; it does not count.",
        remedy=("请按正确的时间重新记录。", "Record it again with its true time."),
    )


def same_person(person: str) -> Refused:
    """A re-check by who found it, who owns it, or who reported the remedy."""
    return refuse(
        "SAME_PERSON",
        field="researcher",
        value=person,
        zh="复查须由第二人进行：不得是发现人、责任人、报告整改的人，或为其录入的人，此次不计入。",
        en="A second person checks: not the finder, the owner, who reported the remedy, or who typed for one of them. "
        "This does not count.",
        remedy=("请由另一位研训员、督导或教研院人员复查。", "Have another researcher, supervisor or officer check it."),
    )


def not_the_owner(person: str) -> Refused:
    """A remedy reported by who neither owns the finding nor speaks for its school."""
    return refuse(
        "NOT_THE_OWNER",
        field="finding",
        value=person,
        zh="整改由责任人或其学校报告，此次不计入。",
        en="The owner, or the school, reports the remedy; this does not count.",
        remedy=("请由责任人或学校报告。", "Have the owner or the school report it."),
    )


def not_the_finder(person: str) -> Refused:
    """A change by who neither found it nor is an officer."""
    return refuse(
        "NOT_THE_FINDER",
        field="finding",
        value=person,
        zh="问题由发现人或教研院人员更改，此次不计入。",
        en="Who found it, or an officer, changes a finding; this does not count.",
        remedy=("请由发现人或教研院人员办理。", "Have the finder or an officer do it."),
    )


def owner_elsewhere(owner: str) -> Refused:
    """A new owner who was named for another school than the finding's."""
    return refuse(
        "OWNER_ELSEWHERE",
        field="school",
        value=owner,
        zh="责任人须是该问题所在学校的人员，此次不计入。",
        en="The owner must be a person of the finding's own school; this does not count.",
        remedy=("请填写问题所在的学校及该校人员。", "Name the finding's school, and a person of it."),
    )


def due_before_found(due_on: date, found_on: date) -> Refused:
    """A deadline before the day on which it was found."""
    return refuse(
        "DUE_BEFORE_FOUND",
        field="due_on",
        value=due_on,
        zh=f"整改期限早于发现之日{found_on.isoformat()}，此次不计入。",
        en=f"The deadline lies before the day it was found, {found_on.isoformat()}; this does not count.",
        remedy=("请更正整改期限。", "Correct the deadline."),
    )


def not_seen() -> Refused:
    """A note dated before a re-check whose checker had not seen it: no part of what was checked."""
    return refuse(
        "NOT_SEEN_BY_CHECKER",
        field="occurred_at",
        zh="日期早于复查，而复查人当时未见此条；复查之后不得再改，此次不计入。",
        en="It is dated before a re-check whose checker had not seen it; what was checked stays, this does not count.",
        remedy=(
            "问题未销号的，请按现在的时间重新办理；已销号的，请另行登记。",
            "While it is not closed, do it again with the time of now; if it is, record a finding of its own.",
        ),
    )


def seen_later() -> Refused:
    """A re-check that names notes dated after itself."""
    return refuse(
        "SEEN_LATER",
        field="occurred_at",
        zh="复查时间早于其所依据的办理记录，此次不计入。",
        en="The re-check is dated before what it was taken on; it does not count.",
        remedy=("请校准时钟后重新复查。", "Set the clock, and check it again."),
    )


def saw_no_finding() -> Refused:
    """A re-check that does not name the finding itself among what was seen."""
    return refuse(
        "SEEN_INCOMPLETE",
        field="seen",
        zh="复查所依据的办理记录中没有问题本身，此次不计入。",
        en="What the re-check was taken on does not hold the finding itself; it does not count.",
        remedy=("请填写问题的全部steps。", "Send all `steps` of the finding."),
    )


def overruled() -> Refused:
    """A re-check that another one of its remedy, or a later remedy, leaves without effect."""
    return refuse(
        "RECHECK_OVERRULED",
        field="seen",
        zh="该次整改另有复查不通过，或复查时已有其未见的整改或复查，此次不计入。",
        en="Its remedy failed another re-check, or there was a remedy or re-check by then that it had not seen; "
        "it does not count.",
        remedy=("请查看问题的办理过程，按最新情况复查。", "See the finding's notes, and check how it stands now."),
    )
