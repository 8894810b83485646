"""Sentences for a change that would make a plan possible, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping

from yanxiu_visits.planning.solver.answer import Change, Said
from yanxiu_visits.planning.solver.problem import Problem

# {person}, {school}, {term}, {count}, {brings} are filled in.
SENTENCES: Mapping[str, tuple[str, str]] = {
    "fixed": ("取消 {person} 在{school}的指定{at}。", "Lift the fixed pairing of {person} with {school}{at_en}."),
    "forbidden": ("取消 {person} 不得去{school}的规定。", "Lift the ban of {person} from {school}."),
    "fit": (
        "允许 {person} 跨学科或跨学段去{school}。",
        "Let {person} go to {school} although subject or stage does not fit.",
    ),
    "capacity": (
        "一所学校同一学期可容纳的研训员增加 {count} 名。",
        "Let more researchers be at one school at a time: {count}.",
    ),
    "most": ("{person} 同时联系的学校增加 {count} 所。", "Let {person} be linked to more schools at once: {count}."),
    "everyone": ("不再要求每名研训员都联系学校。", "No longer link every researcher."),
    "count": ("基地学校减少 {count} 所。", "Take fewer base schools: {count}."),
    "base": ("{school}不列入本批基地学校。", "Leave {school} out of this batch."),
    "absent": ("{person} {term}能够到岗。", "{person} is there in {term} after all."),
    "conflict": (
        "解除 {person} 与{school}的回避关系（须查明回避事由已消除）。",
        "Resolve the conflict of interest of {person} at {school} (its ground must have ceased).",
    ),
    "researcher": ("增加研训员 {count} 名{brings}。", "Add researchers{brings_en}: {count}."),
    "collaborator": ("增加协同人员 {count} 名{brings}。", "Add collaborators{brings_en}: {count}."),
    "present": ("{person} {term}不安排蹲点（不合规定）。", "Excuse {person} from {term} (departs from the law)."),
    "repeat": (
        "允许上一批基地学校连任（须有依据）。",
        "Let schools of the batch before stay (departs from the law's reading).",
    ),
    "pairing": (
        "允许研训员继续联系上一批的学校（不合规定）。",
        "Let researchers stay linked to their schools of the batch before (departs from the law).",
    ),
    "both_locations": (
        "本批不要求城镇与农村学校兼有（不合规定）。",
        "Do without town or rural schools in this batch (departs from the law).",
    ),
    "terms": (
        "全覆盖期限延长 {count} 学期（超过规定期限，仅供比较）。",
        "Allow more terms: {count} (longer than the law's window; for comparison).",
    ),
}


STAGES_ZH = {
    "kindergarten": "幼儿园",
    "primary": "小学",
    "junior": "初中",
    "senior": "高中",
    "special": "特殊教育",
    "vocational": "职业教育",
}


def say_change(problem: Problem | None, change: Change | None) -> Said:
    """Return a change in words; without one, empty words to be replaced."""
    if problem is None or change is None:
        return Said(zh="", en="")
    zh, en = SENTENCES[change.kind]
    school = school_name(problem, change.school)
    brings_zh = "、".join(
        one
        for one in (
            change.stage and f"学段 {STAGES_ZH.get(change.stage, change.stage)}",
            change.subject and f"学科 {change.subject}",
        )
        if one
    )
    brings_en = ", ".join(one for one in (change.stage, change.subject) if one)
    values = {
        "person": change.person or "",
        "school": school,
        "term": change.term or "",
        "count": change.count,
        "at": f"（{change.term}）" if change.term else "",
        "at_en": f" in {change.term}" if change.term else "",
        "brings": f"（{brings_zh}）" if brings_zh else "",
        "brings_en": f" ({brings_en})" if brings_en else "",
    }
    return Said(zh=zh.format(**values), en=en.format(**values))


def school_name(problem: Problem, school: str | None) -> str:
    """Return a school by its name, or by its id where none is given."""
    found = problem.school.get(school or "")
    return (found.name if found is not None else "") or school or ""
