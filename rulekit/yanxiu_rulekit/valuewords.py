"""What the words that stand as values in packs are called in Chinese, for the pages that officials read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_WORDS: Mapping[str, str] = {
    # rounding, remainders, and which of several
    "exact": "不取整", "half_up": "四舍五入", "half_up_1": "四舍五入到1位小数", "whole_carry": "取整，余数结转",
    "whole_no_carry": "取整，余数不结转", "up": "进位", "down": "舍去", "highest": "取最高", "lowest": "取最低",
    "highest_per_studio": "每个工作室取最高", "each": "逐项计", "first": "最前", "last": "最后", "least": "最少",
    "most": "最多", "add": "相加", "both": "两者", "none": "没有", "zero": "记0", "proportional": "按比例",
    "listed": "在名单上", "pending": "待市级列入", "early_from": "职初阶段起（年）", "early_to": "职初阶段止（年）",
    # times
    "12_months": "自任职之日起十二个月", "calendar": "自然年", "calendar_year": "任职当年", "school_year": "学年",
    "term": "学期", "cycle": "周期", "autumn": "秋季", "spring": "春季", "saturday": "星期六", "sunday": "星期日",
    "start_date": "按开始日期", "completion_date": "按完成日期", "contest_date": "比赛之日",
    "targets_due": "目标到期之日",
    "per_term": "每学期", "per_year": "每年", "chronological": "按时间先后", "hours_by_year": "按各年学时分年",
    "by_hours": "按学时分年", "hour_log": "按学时日志分年", "split_by_log": "按学时日志分年",
    "municipal_march_county_september": "市级三月、县级九月",
    "0.5 allowed, calendar day max 1": "可记半天，一日至多1天",
    "whole days only, calendar day max 1": "只记整天，一日至多1天",
    # what is counted, withheld, reviewed
    "credits": "学分", "hours": "学时", "basic_credits": "基本学分", "total_credits_incl_merit": "总学分（含绩效学分）",
    "best_credits_first": "学分高的在先", "three_modes": "三个模式都达到", "all_annual": "年度各项要求都达到",
    "count_registered": "按已登记的计", "as_any_year": "与其他年度相同", "withhold_all": "全部不予认定",
    "withhold_failed_mode": "未达到的模式不予认定", "review": "须人工审核", "record": "所涉记录", "warning": "提醒",
    "violation": "不合规定", "S+0.1P": "专项经费全部，另加公用经费的10%", "0.1(S+P)": "专项经费与公用经费之和的10%",
    # modes, levels, parts in an activity
    "network": "网络研修", "national": "国家级", "provincial": "省级", "municipal": "市级", "county": "县级",
    "school": "学校", "host": "主持人", "member": "成员", "trainee": "学员", "participant": "参与者",
    "lecture": "讲座", "practice": "实践", "per_session": "按场次", "homework": "作业", "discussion": "研讨",
    "participation": "参与", "lessons": "上课", "preparations": "备课", "themes": "主题活动",
    "researcher": "研训员", "teacher": "教师",
    # who
    "district_head": "区领导小组组长", "district_deputy": "区领导小组副组长", "district_member": "区领导小组成员",
    "school_head": "学校行动小组组长", "kindergarten_head": "幼儿园行动小组组长", "school_deputy": "行动小组副组长",
    "municipal_bureau": "市教育体育局", "county_bureau": "县（区）教育体育局",
    "simao_district_bureau": "思茅区教育体育局",
    "municipal_institute": "市教育科学研究所", "county_institute": "县（区）教育科学研究所",
    "municipal_training_centre": "市教育科学研究和培训中心", "county_training_centre": "县（区）教育科学研究和培训中心",
    "other_county_institute": "其他县教育科学研究所", "other_county_training_centre": "其他县教育科学研究和培训中心",
    "municipal_institution": "市属事业单位", "municipal_affiliated_institution": "市属单位",
    "municipal_direct_institution": "市直属事业单位", "municipal_direct_school": "市直学校",
    "municipal_direct_kindergarten": "市直幼儿园", "county_school": "县（区）学校",
    "county_kindergarten": "县（区）幼儿园", "private_school": "民办学校", "private_kindergarten": "民办幼儿园",
    "special_school": "特殊教育学校", "municipal_studio": "市级工作室",
    "municipal_master_studio": "市级名师工作室", "own_body": "本校的认定机构",
    "puer_institute": "普洱市教科所", "puer_city_institute": "普洱市教育科学研究所",
    "puer_training_centre": "普洱市培训中心", "puer_city_training_centre": "普洱市教育科学研究和培训中心",
    "simao_institute": "思茅区教科所", "simao_district_institute": "思茅区教育科学研究所",
    "simao_training_centre": "思茅区培训中心", "simao_district_training_centre": "思茅区教育科学研究和培训中心",
    # papers
    "management system of school-based research": "校本研修管理制度",
    "implementing measures of school-based research": "校本研修实施办法",
}  # fmt: skip
WORDS: Mapping[str, str] = MappingProxyType(dict(_WORDS))


def in_chinese(value: str) -> str:
    """Return a word of a rule file with what it is called in Chinese first, else the word itself."""
    return f"{WORDS[value]}（{value}）" if value in WORDS else value
