"""The refusals of attendance, each with field, value, sentence and remedy in two languages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from yanxiu_footing.refusals import told
from yanxiu_footing.stored import simple
from yanxiu_wire.refusal import RefusalItem, Refused

from yanxiu_credits.refusals import refuse


def session_unknown(session: str) -> Refused:
    """No such session, or out of the caller's scope: both answer alike."""
    return refuse(
        "SESSION_UNKNOWN",
        field="session",
        value=session,
        zh="没有这个场次，或不在您的管理范围内。",
        en="There is no such session, or not in your scope.",
        remedy=("请核对场次编号。", "Check the session's id."),
    )


def school_not_yours(school: str | None) -> Refused:
    """A school announces its own sessions only."""
    return refuse(
        "SCHOOL_UNKNOWN",
        field="school",
        value=school,
        zh="没有这所学校，或不在您的管理范围内。",
        en="There is no such school, or not in your scope.",
        remedy=("学校人员只能安排本校的场次。", "School staff announce sessions of their own school."),
    )


def day_mismatch(field: str, at: datetime, on: date) -> Refused:
    """The instants of a session lie on its civil day in China."""
    return refuse(
        "DAY_MISMATCH",
        field=field,
        value=at.isoformat(),
        zh=f"{told(at)}（北京时间）不在{on.isoformat()}当日。",
        en=f"{told(at)} in China does not lie on {on.isoformat()}.",
        remedy=("场次的起止时间须在同一天；跨日的请分为两个场次。", "A session begins and ends on its day; split it."),
    )


def ends_before_start(starts: datetime, ends: datetime) -> Refused:
    """A session that ends before it starts."""
    return refuse(
        "TIME_OUT_OF_ORDER",
        field="ends_at",
        value=ends.isoformat(),
        zh=f"结束时间{told(ends)}不晚于开始时间{told(starts)}。",
        en=f"The session ends at {told(ends)}, not after its start at {told(starts)}.",
        remedy=("请更正起止时间。", "Correct the times."),
    )


def hours_out_of_range(hours: Any, most: Decimal, *, field: str = "hours") -> Refused:
    """Hours that no session has, or more than this session has."""
    return refuse(
        "HOURS_OUT_OF_RANGE",
        field=field,
        value=hours,
        zh=f"学时为{simple(hours)}，应大于等于0、不超过{simple(most)}，且至多六位小数。",
        en=f"The hours are {simple(hours)}; they lie between 0 and {simple(most)} with at most six decimals.",
        remedy=("请更正学时。", "Correct the hours."),
    )


def minutes_out_of_range(field: str, value: int, most: int) -> Refused:
    """A check-in window that is none."""
    return refuse(
        "MINUTES_OUT_OF_RANGE",
        field=field,
        value=value,
        zh=f"签到时间应在开始前后0至{most}分钟之内。",
        en=f"Check-in opens and closes within 0 to {most} minutes of the start.",
        remedy=("请更正分钟数。", "Correct the minutes."),
    )


def session_over(ends: datetime) -> Refused:
    """A session is announced before it is over."""
    return refuse(
        "SESSION_OVER",
        field="ends_at",
        value=ends.isoformat(),
        zh=f"该场次已于{told(ends)}结束，不能补排。",
        en=f"The session ended at {told(ends)} and cannot be announced afterwards.",
        remedy=("已经结束的研修，请直接登记记录。", "Register a training that has happened as a record."),
    )


def session_begun(starts: datetime) -> Refused:
    """A session is corrected or called off before it begins."""
    return refuse(
        "SESSION_BEGUN",
        field="session",
        value=starts.isoformat(),
        zh=f"该场次已于{told(starts)}开始，不能再更改或取消。",
        en=f"The session began at {told(starts)}; it is no longer changed or called off.",
        remedy=("出勤有出入的，由学校核定出勤。", "Settle the attendance where it differs."),
    )


def session_cancelled(session: str) -> Refused:
    """A session that was called off."""
    return refuse(
        "SESSION_CANCELLED",
        field="session",
        value=session,
        zh="该场次已取消。",
        en="The session was called off.",
        remedy=("请核对场次。", "Check which session is meant."),
    )


def session_closed(session: str) -> Refused:
    """A closed session's attendance is fixed."""
    return refuse(
        "SESSION_CLOSED",
        field="session",
        value=session,
        zh="该场次已结束登记，出勤已固定。",
        en="The session is closed and its attendance is fixed.",
        remedy=("确需更正的，由学校说明理由重新核定。", "The school settles it again, with a reason."),
    )


def not_open_yet(opens: datetime) -> Refused:
    """Check-in has not opened, whatever the token says."""
    return refuse(
        "SESSION_NOT_OPEN",
        field="session",
        value=opens.isoformat(),
        zh=f"尚未到签到时间：{told(opens)}开始签到。",
        en=f"Check-in opens at {told(opens)} (China).",
        remedy=("请届时重新获取签到码。", "Ask for a new token then."),
    )


def check_in_over(closes: datetime) -> Refused:
    """Check-in has closed."""
    return refuse(
        "CHECK_IN_OVER",
        field="session",
        value=closes.isoformat(),
        zh=f"签到已于{told(closes)}截止。",
        en=f"Check-in closed at {told(closes)} (China).",
        remedy=("确已到场的，请学校核定出勤。", "The school settles the attendance of who was there."),
    )


def token_unknown() -> Refused:
    """Forged, altered, of another district or of another person: all answer alike, and the token is not repeated."""
    return refuse(
        "TOKEN_UNKNOWN",
        field="token",
        zh="签到码无效。",
        en="The check-in token is not valid.",
        remedy=("请本人重新获取签到码。", "Ask for a token of your own."),
    )


def token_expired(seconds: int) -> Refused:
    """A token lives for seconds."""
    return refuse(
        "TOKEN_EXPIRED",
        field="token",
        zh=f"签到码已过期（有效{seconds}秒）。",
        en=f"The check-in token has expired; it lives {seconds} seconds.",
        remedy=("请重新获取签到码后立即签到。", "Ask for a new one and use it at once."),
    )


def token_used() -> Refused:
    """A token checks in once."""
    return refuse(
        "TOKEN_USED",
        field="token",
        zh="该签到码已使用过。",
        en="The check-in token has been used.",
        remedy=("无需重复签到；未签到的请重新获取签到码。", "Nobody checks in twice; ask for a token of your own."),
    )


def already_checked_in(at: datetime) -> Refused:
    """One person is there once."""
    return refuse(
        "ALREADY_CHECKED_IN",
        field="token",
        value=at.isoformat(),
        zh=f"您已于{told(at)}签到。",
        en=f"You checked in at {told(at)} (China).",
        remedy=("无需重复签到。", "Nothing needs to be done."),
    )


def not_checked_in(session: str) -> Refused:
    """Nobody leaves who has not come."""
    return refuse(
        "NOT_CHECKED_IN",
        field="session",
        value=session,
        zh="您未在该场次签到，或已签退。",
        en="You have not checked in to this session, or have left it.",
        remedy=("确已到场的，请学校核定出勤。", "The school settles the attendance of who was there."),
    )


def device_malformed(most: int) -> Refused:
    """A device is named by a short text."""
    return refuse(
        "TEXT_MALFORMED",
        field="device",
        zh=f"设备标识不能为空，且不超过{most}字。",
        en=f"device must hold 1 to {most} characters.",
        remedy=("请由前端提供设备标识。", "The front end names the device."),
    )


def reason_malformed() -> Refused:
    """A decision about somebody has a reason."""
    return refuse(
        "REASON_MISSING",
        field="reason",
        zh="须说明理由（1000字以内）。",
        en="Say why, in at most 1000 characters.",
        remedy=("请填写理由。", "Give the reason."),
    )


def not_begun(starts: datetime) -> Refused:
    """Nobody's presence is settled before there was anything to be present at."""
    return refuse(
        "SESSION_NOT_BEGUN",
        field="session",
        value=starts.isoformat(),
        zh=f"该场次{told(starts)}才开始，尚不能核定出勤。",
        en=f"The session begins at {told(starts)}; attendance is settled from then on.",
        remedy=("请在开始之后核定。", "Settle it once it has begun."),
    )


def not_over(ends: datetime) -> Refused:
    """A session is closed once it is over."""
    return refuse(
        "SESSION_NOT_OVER",
        field="session",
        value=ends.isoformat(),
        zh=f"该场次{told(ends)}才结束，尚不能结束登记。",
        en=f"The session ends at {told(ends)} and is closed after that.",
        remedy=("请在结束之后办理。", "Close it once it is over."),
    )


def flags_open(teachers: Sequence[str]) -> Refused:
    """Attendance that nobody has settled yet."""
    return refuse(
        "FLAGS_UNSETTLED",
        field="session",
        value=", ".join(teachers[:20]),
        zh=f"还有{len(teachers)}人的出勤存疑，未经核定。",
        en=f"The attendance of {len(teachers)} is in doubt and not settled.",
        remedy=("请逐人核定出勤后再结束登记。", "Settle each of them, then close the session."),
    )


def hours_absent(hours: Any) -> Refused:
    """Who was absent has no hours."""
    return refuse(
        "HOURS_WITHOUT_PRESENCE",
        field="hours",
        value=hours,
        zh="核定为缺席的不计学时。",
        en="Who was absent has no hours.",
        remedy=("请去掉学时，或核定为出席。", "Leave the hours out, or settle it as present."),
    )


def already_a_record(record: str) -> Refused:
    """What has become a counted record is corrected there first."""
    return refuse(
        "ATTENDANCE_REGISTERED",
        field="teacher",
        value=record,
        zh=f"该出勤已登记为记录{record}并入账。",
        en=f"This attendance stands in the books as record {record}.",
        remedy=(
            "请先冲销该记录，再更正出勤并重新登记。",
            "Reverse the record, correct the attendance, register again.",
        ),
    )


# ---- warnings: the session stands, and somebody should look ----------------------------------------------------


def beyond_duration(hours: Decimal, minutes: int) -> RefusalItem:
    """More hours than fit between start and end, even of forty minutes each."""
    return refuse(
        "HOURS_BEYOND_DURATION",
        field="hours",
        value=hours,
        zh=f"场次只有{minutes}分钟，却计{simple(hours)}学时；即使每学时40分钟也不够。",
        en=f"The session lasts {minutes} minutes and is to count {simple(hours)} hours: too many, even of 40 minutes.",
        remedy=("请核对起止时间或学时。", "Check the times, or the hours."),
    ).errors[0]


def beyond_plan(planned: Decimal, scheduled: Decimal) -> RefusalItem:
    """The sessions of a project have more hours than its plan."""
    return refuse(
        "HOURS_BEYOND_PLAN",
        field="hours",
        value=scheduled,
        zh=f"该项目已排场次共{simple(scheduled)}学时，超出计划的{simple(planned)}学时。",
        en=f"The project's sessions come to {simple(scheduled)} hours; its plan has {simple(planned)}.",
        remedy=("请核对项目计划或场次学时。", "Check the project's plan, or the hours."),
    ).errors[0]


def overlaps(title: str, session: str, starts: datetime, ends: datetime) -> RefusalItem:
    """Another session of the same school runs at the same time."""
    return refuse(
        "SESSION_OVERLAPS",
        field="starts_at",
        value=session,
        zh=f"与场次“{title}”（{told(starts)}至{told(ends)}）时间重叠，同一教师不能同时参加两场。",
        en=f"It overlaps the session {title} ({told(starts)} to {told(ends)}); nobody can attend both.",
        remedy=("请错开时间，或确认参加人员不同。", "Move one of them, or see that other people attend."),
    ).errors[0]
