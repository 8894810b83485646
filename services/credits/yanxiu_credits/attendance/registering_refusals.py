"""Why attendance is not made into records, each with field, value, sentence and remedy in two languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yanxiu_wire.refusal import Refused

from yanxiu_credits.refusals import refuse


def sessions_not_closed(sessions: Sequence[str]) -> Refused:
    """What is registered is fixed first."""
    return refuse(
        "SESSION_NOT_CLOSED",
        field="session",
        value=", ".join(sessions[:20]),
        zh=f"有{len(sessions)}个场次尚未结束登记。",
        en=f"{len(sessions)} session(s) are not closed yet.",
        remedy=("请先核定存疑的出勤并结束登记。", "Settle what is in doubt and close them."),
    )


def one_of_two() -> Refused:
    """A session or a project, not both and not neither."""
    return refuse(
        "SESSION_OR_PROJECT",
        field="session",
        zh="请只给出场次或项目之一。",
        en="Name either a session or a project.",
        remedy=("请去掉其中一个。", "Leave one of them out."),
    )


def nothing_attended() -> Refused:
    """Nobody within reach attended."""
    return refuse(
        "NOBODY_ATTENDED",
        field="session",
        zh="没有可登记的出勤。",
        en="There is no attendance to register.",
        remedy=("请核对场次的出勤。", "Check the attendance of the sessions."),
    )


def law_takes_no_attendance(pack: str) -> Refused:
    """The district's law does not say how attendance becomes a record."""
    return refuse(
        "LAW_TAKES_NO_ATTENDANCE",
        field="session",
        value=pack,
        zh="本区县的规定没有写明出勤如何登记为记录。",
        en="The district's law does not say how attendance becomes a record.",
        remedy=("请按规定逐条登记研修记录。", "Register the trainings as the law asks."),
    )


def per_other(per: str) -> Refused:
    """The law makes a record of a whole project, or of each session."""
    zh, en = ("项目", "project") if per == "project" else ("场次", "session")
    return refuse(
        "ATTENDANCE_PER_OTHER",
        field=per,
        zh=f"按本区县的规定，出勤按{zh}登记。",
        en=f"Under the district's law attendance is registered by {en}.",
        remedy=(f"请给出{zh}编号。", f"Name the {en}."),
    )


def attendance_changed(teacher: str) -> Refused:
    """Somebody settled it while it was being registered."""
    return refuse(
        "ATTENDANCE_CHANGED",
        field="teacher",
        value=teacher,
        zh="登记期间该教师的出勤有变动。",
        en="The attendance was settled anew while it was being registered.",
        remedy=("请重新登记。", "Register it again."),
    )


def counted_already(record: str, *, of_attendance: bool) -> Refused:
    """The training counts by the other way in: by the attendance of its sessions, or entered by hand."""
    zh, en = ("已按出勤登记", "of the attendance of its sessions") if of_attendance else ("已人工登记", "by hand")
    return refuse(
        "ALREADY_REGISTERED",
        field="teacher",
        value=record,
        zh=f"该教师的这项培训{zh}（记录{record}），同一项培训只计一次。",
        en=f"This training is registered already {en}, as record {record}; one training counts once.",
        remedy=(
            "内容有误的，请用更正登记（correctTraining）更正该记录；确属同日另一项培训的，请由师训部门在其项目下登记。",
            "If it says something wrong, correct that record (correctTraining). For another training of the same "
            "day, an officer registers it under its own project.",
        ),
    )


def attendance_waits(session: str) -> Refused:
    """What was attended is registered of the session; a school does not enter it by hand instead."""
    return refuse(
        "ATTENDANCE_WAITS",
        field="session",
        value=session,
        zh=f"该教师在场次{session}有这项培训的出勤，尚无据此计入的记录；学校不能改为人工登记。",
        en=f"The teacher has attendance of this training in session {session}, of which no record counts yet; the "
        "school does not enter it by hand instead.",
        remedy=(
            "请核定出勤（settleAttendance），结束登记后按出勤登记（registerAttended）；此前已人工登记的，先冲销该记录（reverseRecord）。"
            "确属另一项培训的，或该场次不由本校登记的，由师训部门登记。",
            "Settle the attendance (settleAttendance), close the session and register it (registerAttended); reverse "
            "first what was entered by hand (reverseRecord). For another training, or a session that is not the "
            "school's to register, an officer enters it.",
        ),
    )


def given_by_attendance(record: str, field: str, value: Any) -> Refused:
    """What was attended is settled at the session; the school does not type over it."""
    zh, en = ("日期", "the day") if field == "on" else (f"事实项 {field.removeprefix('facts.')}", field)
    return refuse(
        "ATTENDANCE_REGISTERED",
        field=field,
        value=value,
        zh=f"记录{record}由出勤登记而成，{zh}以出勤为准，学校不能直接更正。",
        en=f"Record {record} was made of attendance, which gives {en}; the school does not correct it.",
        remedy=(
            "请先冲销该记录（reverseRecord），重新核定出勤（settleAttendance），再按出勤登记；或由师训部门说明理由后更正。",
            "Reverse the record (reverseRecord), settle the attendance anew (settleAttendance) and register it again; "
            "or an officer corrects it with a reason.",
        ),
    )
