"""The facts that most regulations ask for, as typed fields; what else a law wants goes by name."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import strawberry

FACTS = MappingProxyType(
    {
        "kind": "种类，如 training、studio、lecture、contest、research、degree。"
        "Kind, such as training, studio, lecture, contest, research, degree.",
        "mode": "研修模式：network 网络、central 集中、school 校本。Mode: network, central or school.",
        "level": "级别：national、provincial、municipal、county、school。"
        "Level: national, provincial, municipal, county or school.",
        "module": "研修模块的名称。The module's name.",
        "self_chosen": "是否自主选学。Whether it was self-chosen.",
        "project_credit": "每学时的学分系数。Credits per hour, as the project's notice sets them.",
        "hours": "学时。Hours.",
        "hours_planned": "计划学时。Hours planned.",
        "hours_completed": "完成学时。Hours completed.",
        "practical_hours": "其中实践学时。Of these, practical hours.",
        "days_planned": "计划天数。Days planned.",
        "days_attended": "参加天数。Days attended.",
        "class_hours": "课时。Class hours.",
        "score": "考核得分，0 到 100。Mark, 0 to 100.",
        "result": "考核结果，如 优、良、中、合格。Result of the assessment, such as 优, 良, 中, 合格.",
        "role": "角色，如 host、member、trainee、participant。Role, such as host, member, trainee, participant.",
        "prize": "奖项，如 一等奖。Prize, such as 一等奖.",
        "form": "研修形式，如 专题讲座。Form of the training, such as 专题讲座.",
        "concluded": "课题是否结题。Whether a research project was concluded.",
        "study_year": "学历进修的第几年。Which year of a degree course.",
        "transcript": "是否有成绩单。Whether there is a transcript.",
        "head_teacher_topic": "是否为班主任专题。Whether its topic is the work of head teachers.",
        "slot": "时段，如固定或自主。Slot, such as fixed or flexible.",
        "attended_hours": "实际参加的课时，与场次课时不同时写。"
        "Class hours attended, where they differ from the session's.",
        "session_class": "场次的类别，如 lecture、practice。Class of the session, such as lecture or practice.",
        "implemented_as_planned": "是否按方案实施。Whether it was carried out as planned.",
        "organiser_recognised": "组织者是否获认可。Whether the organiser is recognised.",
        "same_level_approved": "是否经同级部门批准。Whether the department of the same level approved it.",
        "fraud": "是否弄虚作假。Whether it was forged.",
        "facts": "其他事实，按规则所用的名称；同名时以上面的字段为准。"
        "Other facts, by the names the law uses; a field above goes before a fact of the same name.",
    }
)

# `class` is a word of Python and of too much else: GraphQL says sessionClass.
WIRE_NAMES = MappingProxyType({"session_class": "class"})


def written_facts(given: Any) -> dict[str, Any]:
    """The standard facts that the client wrote, in the law's words; a null is as good as nothing."""
    facts: dict[str, Any] = {}
    for name in FACTS:
        value = getattr(given, name, None)
        if name != "facts" and value is not None and value is not strawberry.UNSET:
            facts[WIRE_NAMES.get(name, name)] = value
    return facts
