"""The platform's neutral words in these opinions' own."""

from __future__ import annotations

from collections.abc import Mapping

STAGES: Mapping[str, str] = {
    "kindergarten": "幼儿园",
    "primary": "小学",
    "junior": "初中",
    "senior": "高中",
    "nine-year": "九年一贯制学校",
    "complete": "完全中学",
    "special": "特殊教育学校",
    "vocational": "中等职业学校",
}
