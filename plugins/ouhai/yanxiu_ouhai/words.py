"""The platform's neutral words in this plan's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from yanxiu_rulekit.visitfacts import Scope

STAGES: Mapping[str, str] = {
    "kindergarten": "幼儿园",
    "primary": "小学",
    "junior": "初中",
    "senior": "高中",
    "nine-year": "九年一贯制",
    "complete": "完全中学",
    "special": "特殊教育学校",
    "vocational": "中等职业学校",
}
# Which schools take part when it is a stage's turn (OUHAI-6-7b); a nine-year or special school belongs to two stages.
OF_TURN: Mapping[str, tuple[str, ...]] = {
    "中学": ("junior", "senior", "complete", "vocational", "nine-year", "special"),
    "小学": ("primary", "nine-year", "special"),
    "幼儿园": ("kindergarten",),
}
SIDES: Mapping[str, str] = {"administrative": "行政", "professional": "业务"}
GROUPS: Mapping[str, str] = {"subject": "学科教研组", "area": "小学科片区教研组", "project": "项目教研组"}
# A gathering of some schools is neither an area's nor the district's.
REACH_OF: dict[Scope, str] = {"school": "校内", "schools": "校内", "area": "片区", "district": "区域", "above": "区域"}
RECIPIENTS: Mapping[str, Literal["course", "school", "group", "leader", "case"]] = {
    "精品课程": "course",
    "优质学校": "school",
    "先进教研组": "group",
    "优秀教研组长": "leader",
    "精品案例": "case",
}
PHASES_EN: Mapping[str, str] = {
    "期初": "start of term: the plan",
    "期中": "middle of term: the activities",
    "期末": "end of term: the results",
}
