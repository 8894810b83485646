"""What the visits service asks of this guidance: leading groups of county and school, and research groups.

It places no researcher at a school, so that nothing is planned and no term of field work is judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yanxiu_rulekit import Asked, Law, Leadership, SchoolGroups, VisitQuestion, VisitRules

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


def asked_of_leading_group(group: Leadership, law: Law) -> Iterator[Asked]:
    """ANTU-6-3a of a school: its head and who is in charge; 6-1 of the county: the posts of the departments."""
    if group.school is None:
        posts = [post for post in (group.head, *group.deputies, *group.in_charge, *group.members) if post]
        yield Asked(kind="county_group", given={"departments": posts})
    elif law.addressed_stages[STAGES[group.school.stage]]:
        manager = next(iter(group.in_charge), "")
        yield Asked(kind="school_group", given={"head": group.head, "daily_manager": manager}, of=group.school.id)


def asked_of_groups(groups: SchoolGroups, law: Law) -> Iterator[Asked]:
    """ANTU-8-2: a school's research groups of subjects; what they did is not told here."""
    if law.addressed_stages[STAGES[groups.school.stage]]:
        named = [{"name": one.subject or one.id} for one in groups.groups if one.kind == "subject"]
        yield Asked(kind="research_groups", given={"groups": named}, of=groups.school.id)


VISIT_RULES = VisitRules(
    leading_group=VisitQuestion(kinds=("county_group", "school_group"), asks=asked_of_leading_group),
    groups=VisitQuestion(kinds=("research_groups",), asks=asked_of_groups),
)
