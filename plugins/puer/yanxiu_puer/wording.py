"""How Pu'er's officials call the modes, levels, roles and bodies that the facts name."""

from __future__ import annotations

from decimal import Decimal

MODES = ("network", "central", "school")
MODULES: tuple[str, ...] = ("专业理念与师德", "专业知识", "专业能力", "班级管理", "校本研修")
SCHOOL_MODULE = "校本研修"

MODE_ZH = {"network": "网络研修", "central": "集中研修", "school": "校本研修"}
LEVEL_ZH = {"national": "国家级", "provincial": "省级", "municipal": "市级", "county": "县（区）级", "school": "校级"}
ROLE_ZH = {"host": "主持人", "member": "成员", "trainee": "学员", "participant": "参与人员"}

NOTHING = Decimal(0)
WHOLE = Decimal(1)
