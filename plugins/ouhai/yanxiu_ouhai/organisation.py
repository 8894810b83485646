"""What is set up (OUHAI-6-3b, 6-4, 6-9a, 7-1): themes, groups, leading groups, the supervision team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yanxiu_rulekit import Facts, Law, decision, rows_that_hold

from yanxiu_ouhai.spellings import must_be_one_of

Check = tuple[str, bool, str, str]


class ThemesQuestion(Facts, frozen=True, kw_only=True):
    """Has the school one common theme and each research group its own (1+x)?"""

    common_themes: int
    groups: tuple[str, ...]
    own_theme: Mapping[str, bool] = {}


class Group(Facts, frozen=True, kw_only=True):
    """A research group of a school: its kind, and whether it was filed with the district."""

    kind: str
    filed: bool = True


class SmallSubjectTeacher(Facts, frozen=True, kw_only=True):
    """A teacher of a minor subject (小学科), and whether he belongs to an area group."""

    teacher: str
    in_area_group: bool = True


class GroupsQuestion(Facts, frozen=True, kw_only=True):
    """Does the school have its subject groups, and were all its groups filed? The district lists the minor subjects."""

    groups: tuple[Group, ...]
    small_subject_teachers: tuple[SmallSubjectTeacher, ...] = ()


class AreaGroup(Facts, frozen=True, kw_only=True):
    """A research group of an area, and whether it was filed with the district."""

    group: str
    filed: bool = True


class AreaFilingQuestion(Facts, frozen=True, kw_only=True):
    """Were the groups of areas all filed?"""

    groups: tuple[AreaGroup, ...]


class LeadingGroupQuestion(Facts, frozen=True, kw_only=True):
    """Is the leading group as required? Of a school where its vice-principals or its name are stated, else district.

    `exception` is the documented reason for which a small school has no vice-principal in charge.
    """

    head: str
    school: str | None = None
    responsible_vice_principals: int | None = None
    kindergarten: bool = False
    exception: str = ""
    deputies: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


class Member(Facts, frozen=True, kw_only=True):
    """A member of the supervision team, from the administrative side (行政) or the professional one (业务)."""

    side: str


class TeamQuestion(Facts, frozen=True, kw_only=True):
    """Is the supervision team drawn from both sides?"""

    members: tuple[Member, ...]


@decision("themes", asks_zh="研修主题是否为“1+x”", facts=ThemesQuestion, clauses=("OUHAI-6-3b",))
def themes(question: ThemesQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-3b: exactly the common themes set, and one of its own for every research group."""
    without = [group for group in question.groups if not question.own_theme.get(group, False)]
    failed = held(
        (
            ("OUHAI-6-3b", question.common_themes == law.common_themes, "学校共性主题不是一个", "not one common theme"),
            ("OUHAI-6-3b", not without, f"没有个性主题：{'、'.join(without)}", f"no own theme: {', '.join(without)}"),
        ),
        law,
    )
    return {"ok": not failed, "groups_without_theme": without, "failed": failed}


@decision("groups", asks_zh="教研组是否建立并报备", facts=GroupsQuestion, clauses=("OUHAI-6-4a", "OUHAI-6-4b"))
def groups(question: GroupsQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-4a: subject groups exist, who teaches a minor subject is in an area group; 6-4b: every group was filed.

    Project groups are optional.
    """
    outside = [one.teacher for one in question.small_subject_teachers if not one.in_area_group]
    unfiled = [index for index, group in enumerate(question.groups) if not group.filed]
    regular = any(law.regular_groups.get(group.kind) for group in question.groups)
    failed = held(
        (
            ("OUHAI-6-4a", regular, "没有学科教研组", "there is no subject group"),
            (
                "OUHAI-6-4a",
                not outside,
                f"{len(outside)}名小学科教师不在片区教研组",
                f"{len(outside)} in no area group",
            ),
            ("OUHAI-6-4b", not unfiled, f"未报备{len(unfiled)}个", f"{len(unfiled)} not filed"),
        ),
        law,
    )
    return {"ok": not failed, "unfiled": unfiled, "outside_area_groups": outside, "failed": failed}


@decision("area_group_filing", asks_zh="片区教研组是否报备", facts=AreaFilingQuestion, clauses=("OUHAI-6-4b",))
def area_group_filing(question: AreaFilingQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-4b: the groups of areas (小学科片区教研组) are filed as those of schools are."""
    unfiled = [one.group for one in question.groups if not one.filed]
    said = ("OUHAI-6-4b", not unfiled, f"片区教研组未报备{len(unfiled)}个", f"{len(unfiled)} of areas not filed")
    return {"unfiled": unfiled, "failed": held((said,), law)}


@decision(
    "leading_group",
    asks_zh="领导小组、行动小组的组成是否合规",
    facts=LeadingGroupQuestion,
    clauses=("OUHAI-7-1a", "OUHAI-7-1b", "OUHAI-7-1c"),
)
def leading_group(question: LeadingGroupQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-7-1a of the district; 7-1b and 7-1c of a school: headed by the principal, one vice-principal in charge.

    A kindergarten, which 7-1b does not name, is only warned (G-O10).
    """
    posts = law.leading_posts
    if question.school is None and question.responsible_vice_principals is None:
        composed = (
            question.head == posts["district_head"],
            posts["district_deputy"] in question.deputies,
            posts["district_member"] in question.members,
        )
        failed = held(
            (
                ("OUHAI-7-1a", composed[0], "组长不是局长", "not headed by the director"),
                ("OUHAI-7-1a", composed[1], "没有分管副局长任副组长", "no vice-director in charge as deputy"),
                ("OUHAI-7-1a", composed[-1], "没有科室负责人任成员", "no head of section as member"),
            ),
            law,
        )
        return {"ok": not failed, "failed": failed}
    checks = _action_group(question, law)
    failed = [] if question.kindergarten else held(checks, law)
    warnings = warned(checks, law) if question.kindergarten else []
    return {"ok": not failed, "failed": failed, "warnings": warnings}


def _action_group(question: LeadingGroupQuestion, law: Law) -> tuple[Check, ...]:
    posts, number = law.leading_posts, question.responsible_vice_principals
    heads = (posts["school_head"], posts["kindergarten_head"]) if question.kindergarten else (posts["school_head"],)
    excused = number == 0 and bool(question.exception.strip())
    return (
        ("OUHAI-7-1b", question.head in heads, "组长不是校长", "not headed by the principal"),
        (
            "OUHAI-7-1c",
            number is None or number == law.responsible_vice_principals or excused,
            f"统筹的副校长{number}位，应为一位",
            f"{number} vice-principals in charge, one is wanted",
        ),
    )


@decision("supervision_team", asks_zh="督导团队是否由两方面人员组成", facts=TeamQuestion, clauses=("OUHAI-6-9a",))
def supervision_team(question: TeamQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-9a: administrative and professional members, at least one of each."""
    for index, member in enumerate(question.members):
        must_be_one_of(rows_that_hold(law.team_sides), f"members[{index}].side", member.side)
    present = {member.side for member in question.members}
    missing = [side for side in rows_that_hold(law.team_sides) if side not in present]
    failed = held(
        (("OUHAI-6-9a", not missing, f"没有{'、'.join(missing)}人员", f"nobody of {', '.join(missing)}"),), law
    )
    return {"ok": not failed, "failed": failed}


def held(checks: Sequence[Check], law: Law) -> list[str]:
    """Say which of the checks (clause, whether it holds, what is wrong in both languages) do not hold."""
    broken = [check for check in checks if not check[1]]
    failed = list(dict.fromkeys(clause for clause, *_ in broken))
    law.step(
        "ok",
        not broken,
        clauses=tuple(dict.fromkeys(clause for clause, *_ in checks)),
        zh="合规。" if not broken else f"不合规：{'；'.join(zh for _c, _ok, zh, _en in broken)}。",
        en="As required." if not broken else f"Not as required: {'; '.join(en for _c, _ok, _zh, en in broken)}.",
    )
    return failed


def warned(checks: Sequence[Check], law: Law) -> list[str]:
    """Say what should be looked at, though nothing is breached; return the clauses."""
    open_ones = [check for check in checks if not check[1]]
    if open_ones:
        law.step(
            "warnings",
            len(open_ones),
            clauses=tuple(dict.fromkeys(clause for clause, *_ in open_ones)),
            zh=f"请留意：{'；'.join(zh for _c, _ok, zh, _en in open_ones)}。",
            en=f"To be looked at: {'; '.join(en for _c, _ok, _zh, en in open_ones)}.",
        )
    return list(dict.fromkeys(clause for clause, *_ in open_ones))
