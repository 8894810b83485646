"""The expected refusals about research groups and leading groups."""

from __future__ import annotations

from datetime import date

from yanxiu_wire.refusal import RefusalItem

from yanxiu_registry.refusals import item


def research_group_unknown(field: str, value: str) -> RefusalItem:
    """There is no such research group for this caller."""
    return item(
        "RESEARCH_GROUP_UNKNOWN",
        field,
        value,
        ("没有此教研组", "请从教研组名录中选择本人权限内的教研组"),
        ("there is no such research group", "choose a research group of the register that lies in your scope"),
    )


def leading_group_unknown(field: str, value: str) -> RefusalItem:
    """There is no such leading group for this caller."""
    return item(
        "LEADING_GROUP_UNKNOWN",
        field,
        value,
        ("没有此领导小组、行动小组", "请从名录中选择本人权限内的小组"),
        ("there is no such leading group", "choose a leading group of the register that lies in your scope"),
    )


def group_place(school: str | None) -> RefusalItem:
    """A research group belongs to a school or to an area, to one of them."""
    return item(
        "GROUP_PLACE",
        "school",
        school,
        ("教研组应属于一所学校或一个片区，二者择一", "请只填写 schoolId 或 areaId"),
        ("a research group belongs to one school or to one area", "give either schoolId or areaId"),
    )


def area_groups_by_officers(area: str) -> RefusalItem:
    """Who answers for one school does not set up groups of an area."""
    return item(
        "OUT_OF_SCOPE",
        "area",
        area,
        ("片区教研组由区县一级登记", "请由区县教育局或师训专管员办理"),
        ("groups of an area are entered at the district's level", "ask a district or institute officer"),
    )


def member_elsewhere(field: str, teacher: str, day: date, *, of_school: bool) -> RefusalItem:
    """The person does not work where the group is, on that day."""
    zh, en = ("本校", "at the group's school") if of_school else ("本区县", "in the district")
    return item(
        "MEMBER_ELSEWHERE",
        field,
        teacher,
        (f"此人 {day} 不在{zh}任职", "请核对人员，或先登记其任职"),
        (f"on {day} this person does not work {en}", "check who is meant, or enter the employment first"),
    )


def not_filed(group: str) -> RefusalItem:
    """What was not filed cannot be archived."""
    return item(
        "GROUP_NOT_FILED",
        "group",
        group,
        ("此教研组按现有组成尚未报备", "请先报备（fileResearchGroup），再存档"),
        ("the group as it stands has not been filed", "have it filed first (fileResearchGroup)"),
    )


def one_head(count: int) -> RefusalItem:
    """A leading group has one head."""
    return item(
        "LEADING_GROUP_HEAD",
        "members",
        count,
        (f"组长应为一人，现为 {count} 人", "请只写一名 part 为 head 的成员"),
        (f"a leading group has one head, {count} are named", "give one member the part head"),
    )


def leading_group_exists(field: str, kind: str, ends_on: date | None) -> RefusalItem:
    """There is one of this kind already."""
    zh = f"（至 {ends_on}）" if ends_on else ""
    en = f" until {ends_on}" if ends_on else ""
    return item(
        "LEADING_GROUP_EXISTS",
        field,
        kind,
        (f"同一时期已有“{kind}”{zh}", "请更正已有的一个，或先写明它的结束日"),
        (f"there is one of this kind already{en}", "correct the existing one, or end it first"),
    )
