"""The workflows of a rule pack as tables that an official can read: step, who, by when, evidence, consequence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yanxiu_rulekit.markdown import anchored, table, words
from yanxiu_rulekit.workflow import Ask, Workflow, WorkStep
from yanxiu_rulekit.workflows import NO_RETURN

ROLE_ZH = {
    "teacher": "教师",
    "researcher": "研训员",
    "school-training-officer": "学校师训管理员",
    "school-leader": "学校领导",
    "supervisor": "督导",
    "institute-officer": "教研院、师训专管员",
    "district-officer": "教育行政部门",
}
SCOPE_ZH = {"school": "学校", "district": "区县"}
CARRIES_ZH = {"projects": "研修项目", "records": "研修记录", "statements": "填报内容"}
EFFECT_ZH = {
    "approve_projects": "项目获准",
    "publish_projects": "项目发布",
    "return_projects": "项目退回",
    "open_publicity": "开始公示",
    "recognise": "逐人认定并锁定时段",
    "feedback": "逐人反馈",
}
MISSED_ZH = {"refuse": "不予受理", "mark": "受理并标记"}
HEAD = ("步骤", "谁办", "何时", "材料", "后果", "条款")


def workflow_tables(workflows: Mapping[str, Workflow]) -> Iterator[str]:
    """Return, for each workflow, its heading, what it is about, and one row for each step."""
    for one in workflows.values():
        yield anchored(f"workflow-{one.name}", f"### `{one.name}`　{words(one.label)}")
        yield f"> *In English:* {words(one.label_en)}."
        per = {"term": "每学期一次", "none": "按需发起"}.get(one.per, f"每个 `{one.per}` 一次")
        states = "、".join(words(zh) for _, zh, _ in one.states)
        only = "；".join(f"`{fact}` 为 {'、'.join(values)}" for fact, values in one.applies_to)
        only = f"{only} 的项目只能由此流程审批。" if only else ""
        yield f"以{SCOPE_ZH[one.scope]}为单位，{per}；办理{CARRIES_ZH[one.carries]}。{only}状态：{states}。"
        yield table(HEAD, [_row(one, step) for step in one.steps])


def _row(workflow: Workflow, step: WorkStep) -> tuple[str, ...]:
    return (
        _taken(workflow, step),
        "、".join(ROLE_ZH[role] for role in step.by) + _not_by(workflow, step),
        _when(step),
        "；".join(_asked(ask) for ask in step.asks) or "—",
        words(step.consequence),
        "、".join(f"[{cite}](#{cite})" for cite in step.cite),
    )


def _taken(workflow: Workflow, step: WorkStep) -> str:
    before = "、".join(words(workflow.label_of(state)[0]) for state in step.from_states)
    said = f"{words(step.label)}（{before} → {words(workflow.label_of(step.to)[0])}）"
    said += f"；{EFFECT_ZH[step.effect]}" if step.effect else ""
    said += "；异议须先办结" if step.needs else ""
    if step.returns_to == NO_RETURN:
        return f"{said}；不设退回"
    to = f"至“{words(workflow.label_of(step.returns_to)[0])}”" if step.returns_to else "至上一状态"
    return f"{said}；可写明理由退回{to}"


def _not_by(workflow: Workflow, step: WorkStep) -> str:
    others = [words(other.label) for name in step.not_by if (other := workflow.step(name))]
    return f"（不得为办理“{'”“'.join(others)}”的人）" if others else ""


def _when(step: WorkStep) -> str:
    if step.window is None:
        return "—"
    return f"{words(step.when)}（过早：{MISSED_ZH[step.early]}；逾期：{MISSED_ZH[step.late]}）"


def _asked(ask: Ask) -> str:
    return words(ask.label) + ("" if ask.required else "（可不填）")
