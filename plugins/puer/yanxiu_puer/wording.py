"""How Pu'er's officials call the modes, levels, roles and bodies that the facts name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from yanxiu_rulekit import plain

MODES = ("network", "central", "school")
MODULES: tuple[str, ...] = ("专业理念与师德", "专业知识", "专业能力", "班级管理", "校本研修")
SCHOOL_MODULE = "校本研修"

MODE_ZH = {"network": "网络研修", "central": "集中研修", "school": "校本研修"}
LEVEL_ZH = {"national": "国家级", "provincial": "省级", "municipal": "市级", "county": "县（区）级", "school": "校级"}
ROLE_ZH = {"host": "主持人", "member": "成员", "trainee": "学员", "participant": "参与人员"}

MODE_EN = {"network": "network research", "central": "centralised research", "school": "school-based research"}
GRADE_EN = {
    "优": "excellent",
    "良": "good",
    "中": "fair",
    "合格": "pass",
    "不合格": "fail",
    "特等奖": "grand prize",
    "一等奖": "first prize",
    "二等奖": "second prize",
    "三等奖": "third prize",
    "其他奖": "other prize",
}

NOTHING = Decimal(0)
WHOLE = Decimal(1)


UNIT_EN = {"学时": "hours", "学分": "credits", "人": "teachers"}


def day_zh(day: date) -> str:
    """Return a day as official Chinese writes it: 2024年9月2日."""
    return f"{day.year}年{day.month}月{day.day}日"


def credits_en(amount: Decimal) -> str:
    """Return an amount of credits in English: 1 credit, 1.5 credits."""
    return f"{plain(amount)} credit{'' if amount == WHOLE else 's'}"


def grade_en(grade: str | None) -> str:
    """Return a grade or prize as the certificate writes it, with its English beside it."""
    return f"{grade} ({GRADE_EN[grade]})" if grade in GRADE_EN else str(grade)
