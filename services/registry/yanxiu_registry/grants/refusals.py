"""Why a grant is not given or revoked."""

from __future__ import annotations

from collections.abc import Collection

from yanxiu_wire.caller import Role, roles_zh
from yanxiu_wire.refusal import RefusalItem

from yanxiu_registry.refusals import item


def not_to_give(own: Role, role: Role, may: Collection[Role]) -> RefusalItem:
    """The caller's role does not give that role."""
    allowed_zh, allowed_en = roles_zh(may) or "无", ", ".join(sorted(may)) or "none"
    return item(
        "GRANT_NOT_YOURS",
        "role",
        role,
        (f"{roles_zh([own])} 不能授予或撤销 {roles_zh([role])}", f"可以授予的角色：{allowed_zh}"),
        (f"the role {own} neither gives nor revokes {role}", f"the roles that it gives are: {allowed_en}"),
    )


def not_for_oneself(field: str, subject: str) -> RefusalItem:
    """Nobody gives himself a role."""
    return item(
        "GRANT_TO_ONESELF",
        field,
        subject,
        ("不能给自己授权", "请由另一位有权的人员授予"),
        ("nobody grants a role to himself", "have another person who may do so grant it"),
    )


def school_needed(role: Role) -> RefusalItem:
    """A school role holds in one school."""
    return item(
        "VALUE_INVALID",
        "school",
        None,
        (f"{roles_zh([role])} 须写明学校", "请填写该角色所在的学校"),
        (f"the role {role} holds in one school", "give the school"),
    )


def school_out_of_place(role: Role, school: str) -> RefusalItem:
    """The role holds in the whole district, or follows the teacher."""
    return item(
        "VALUE_INVALID",
        "school",
        school,
        (f"{roles_zh([role])} 不限于某一学校", "请不要填写学校；教师的学校以名册为准"),
        (f"the role {role} is not bound to a school", "leave the school out; a teacher's is what the register says"),
    )


def teacher_needed() -> RefusalItem:
    """A teacher's own role names the teacher."""
    return item(
        "VALUE_INVALID",
        "teacher",
        None,
        ("教师角色须写明是哪位教师", "请填写该教师的编号"),
        ("the role teacher names whose record it opens", "give the teacher"),
    )


def grant_exists(grant: str) -> RefusalItem:
    """The same role is held already."""
    return item(
        "GRANT_EXISTS",
        "subject",
        grant,
        ("此人在这段时间已有同一授权", "请使用已有授权；要改起止日，请先撤销再授予"),
        ("the same grant holds in this period", "use it; to change its days, revoke it and grant anew"),
    )


def grant_unknown(grant: str) -> RefusalItem:
    """There is no such grant for this caller."""
    return item(
        "GRANT_UNKNOWN",
        "grant",
        grant,
        ("没有此授权", "请从授权列表中选择本人权限内的授权"),
        ("there is no such grant", "choose one from the list of grants that lies in your scope"),
    )


def revoked_before(grant: str) -> RefusalItem:
    """The grant was revoked before."""
    return item(
        "GRANT_REVOKED",
        "grant",
        grant,
        ("此授权已被撤销", "无需再次撤销"),
        ("the grant was revoked before", "there is nothing left to do"),
    )
