"""The platform's neutral words in this regulation's own, and back."""

from __future__ import annotations

from collections.abc import Mapping

from yanxiu_rulekit import VisitedSchool
from yanxiu_rulekit.visitfacts import GatheringKind, HonourLevel, Location, Scope

STAGES = {
    "kindergarten": "幼儿园",
    "primary": "小学",
    "junior": "初中",
    "senior": "高中",
    "nine-year": "九年一贯制",
    "complete": "完全中学",
    "special": "特殊教育学校",
    "vocational": "中等职业学校",
}
LOCATIONS: dict[Location, str] = {"town": "城镇", "rural": "农村"}
COLLABORATORS: Mapping[str, str] = {
    "area_staff": "学区人员",
    "famous_teacher": "名师",
    "backbone_teacher": "骨干教师",
    "researcher": "研训员",
}
ACTIVITIES: dict[GatheringKind, str] = {"preparation": "集体备课", "theme": "主题教研", "other": "其他"}
# The city of this regulation is the platform's district.
SCOPES: dict[Scope, str] = {"school": "校内", "schools": "校际", "area": "片区", "district": "全市", "above": "以上"}

# Lowest first; the city's level is that of the platform's county.
LEVELS: dict[HonourLevel, str] = {
    "county": "乐清市级",
    "municipal": "温州市级",
    "provincial": "省级",
    "national": "国家级",
}


def stage_of(school: VisitedSchool) -> str:
    """Return a school's stage in this regulation's word; one that it has no word for, as registered."""
    return STAGES.get(school.stage, school.stage)
