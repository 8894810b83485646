"""Grants through the service: who gives and revokes what, what holds on a day, and nothing that is kept changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest
import sqlalchemy as sa
from yanxiu_registry.context import Registry
from yanxiu_registry.grants.assess_grant import MAY_GIVE
from yanxiu_registry.scope import GRANTERS
from yanxiu_wire import grants as wire
from yanxiu_wire.caller import PLATFORM, Caller, Role
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.message import Page

from tests.services.registry.conftest import NOW, TODAY, Client, caller, codes
from tests.stores import never_changed

DECISION = "普教〔2026〕7号（虚构）"


async def given(client: Client, role: Role = "institute-officer", subject: str = "sub-1", **more: Any) -> Any:
    fields = {"since": TODAY, "decision": DECISION, **more}
    return await client.ask(wire.GRANT_ROLE, subject=subject, role=role, **fields)


async def held(client: Client, subject: str) -> list[str]:
    """The roles that a subject holds now, as the gateway asks before it knows any."""
    newcomer = Client(client.bus, client.district, Caller(subject=subject, role="teacher", district=client.district))
    return [one.role for one in (await newcomer.ask(wire.GET_OWN_GRANTS)).items]


async def listed(client: Client, **asked: Any) -> list[str]:
    return [one.id for one in (await client.ask(wire.LIST_GRANTS, **asked)).items]


async def test_a_grant_is_given_seen_and_revoked_and_stays_on_file_with_who_and_why(
    puer: Client, registry: Registry
) -> None:
    grant = await given(puer)
    assert (grant.granted_by, grant.granted_at, grant.ends_at) == ("district-officer@test", NOW, None)
    assert await held(puer, "sub-1") == ["institute-officer"]
    revoked = await puer.ask(wire.REVOKE_GRANT, grant=grant.id, why="调离")
    assert revoked.revoked == wire.GrantRevoked(at=NOW, by="district-officer@test", why="调离")
    assert revoked.ends_at == NOW
    assert await held(puer, "sub-1") == []
    assert await listed(puer) == await listed(puer, holding=False) == [grant.id]
    assert await listed(puer, holding=True) == []
    assert codes(await puer.ask(wire.REVOKE_GRANT, grant=grant.id, why="再次")) == ["GRANT_REVOKED"]
    assert codes(await puer.ask(wire.REVOKE_GRANT, grant="none", why="无")) == ["GRANT_UNKNOWN"]
    for statement in ("DELETE FROM role_grant_revocation", "UPDATE role_grant SET role = 'auditor'"):
        with never_changed():
            async with registry.dbs.write("puer", Deadline.after(5)) as conn:
                await conn.execute(sa.text(statement))


async def test_a_grant_holds_from_its_first_day_to_the_midnight_after_its_last(puer: Client) -> None:
    await given(puer, "supervisor", since=TODAY + timedelta(days=1))
    assert await held(puer, "sub-1") == []
    last = await given(puer, "auditor", until=TODAY)
    assert last.ends_at == datetime(2026, 3, 2, 16, tzinfo=UTC), "midnight in China"
    assert await held(puer, "sub-1") == ["auditor"]
    assert codes(await given(puer, "auditor", "sub-2", until=date(2026, 3, 1), since=date(2026, 2, 1))) == [
        "DATE_OUT_OF_ORDER"
    ]


async def test_pages_of_grants_come_newest_first(puer: Client) -> None:
    ids = [(await given(puer, subject=f"sub-{number}")).id for number in range(3)]
    first = await puer.ask(wire.LIST_GRANTS, page=Page(first=2))
    assert ([one.id for one in first.items], first.has_next, first.total) == ([ids[2], ids[1]], True, 3)
    rest = await puer.ask(wire.LIST_GRANTS, page=Page(first=2, after=first.cursors[-1]))
    assert ([one.id for one in rest.items], rest.has_next) == ([ids[0]], False)
    assert await listed(puer, subject="sub-1", role="institute-officer") == [ids[1]]


async def test_the_operator_sets_up_who_runs_a_district_and_no_more(puer: Client) -> None:
    operator = Client(puer.bus, "puer", caller("platform-operator", PLATFORM))
    assert (await given(operator, "district-officer")).role == "district-officer"
    assert codes(await given(operator, "institute-officer", "sub-2")) == ["GRANT_NOT_YOURS"]


@pytest.mark.parametrize("role", get_args(Role))
async def test_nobody_gives_a_role_that_is_not_his_to_give(puer: Client, role: Role) -> None:
    school = await puer.school("0001")
    teacher = await puer.teacher(school.id, "T1")
    scope = {"school": school.id} if role.startswith("school-") else {}
    giver = puer.as_(role, **scope)
    giver = Client(puer.bus, "puer", caller(role, PLATFORM)) if role == "platform-operator" else giver
    for other in get_args(Role):
        where = {"school": school.id} if other.startswith("school-") else {}
        whom = {"teacher": teacher.id} if other == "teacher" else {}
        answer = await given(giver, other, f"for-{other}", **where, **whom)
        if role not in GRANTERS:
            assert codes(answer) == ["FORBIDDEN"]
        elif other in MAY_GIVE[role]:
            assert (answer.role, answer.granted_by) == (other, f"{role}@test")
        else:
            assert codes(answer) == ["GRANT_NOT_YOURS"]


async def test_a_school_gives_and_sees_what_is_its_own(puer: Client) -> None:
    own, other = await puer.school("0001"), await puer.school("0002")
    here, there = await puer.teacher(own.id, "T1"), await puer.teacher(other.id, "T2")
    leader = puer.as_("school-leader", school=own.id)
    assert codes(await given(leader, "school-training-officer", school=other.id)) == ["SCHOOL_UNKNOWN"]
    assert codes(await given(leader, "teacher", teacher=there.id)) == ["TEACHER_UNKNOWN"]
    mine = await given(leader, "school-training-officer", school=own.id)
    his = await given(leader, "teacher", teacher=here.id)
    foreign = await given(puer, "teacher", teacher=there.id, subject="sub-9")
    assert await listed(leader) == [his.id, mine.id]
    assert codes(await leader.ask(wire.REVOKE_GRANT, grant=foreign.id, why="不是本校")) == ["GRANT_UNKNOWN"]
    leaders = await given(puer, "school-leader", school=own.id, subject="sub-3")
    assert codes(await leader.ask(wire.REVOKE_GRANT, grant=leaders.id, why="上级")) == ["GRANT_NOT_YOURS"]
    assert codes(await puer.as_("researcher").ask(wire.LIST_GRANTS)) == ["FORBIDDEN"]


@pytest.mark.parametrize(
    ("role", "fields", "code"),
    [
        ("school-leader", {}, "VALUE_INVALID"),
        ("school-leader", {"school": "none"}, "SCHOOL_UNKNOWN"),
        ("teacher", {}, "VALUE_INVALID"),
        ("teacher", {"teacher": "none"}, "TEACHER_UNKNOWN"),
        ("auditor", {"subject": "district-officer@test"}, "GRANT_TO_ONESELF"),
        ("auditor", {"subject": " "}, "VALUE_INVALID"),
        ("auditor", {"decision": ""}, "VALUE_INVALID"),
        ("auditor", {"decision": "110101199003077811 的任命"}, "NATIONAL_ID_MISPLACED"),
    ],
)
async def test_what_a_grant_cannot_be_is_refused_and_nothing_is_written(
    puer: Client, role: Role, fields: dict[str, str], code: str
) -> None:
    assert codes(await given(puer, role, **fields)) == [code]
    assert await listed(puer) == []


async def test_a_role_is_held_once_at_a_time(puer: Client) -> None:
    grant = await given(puer, until=TODAY)
    assert codes(await given(puer)) == ["GRANT_EXISTS"]
    assert (await given(puer, since=TODAY + timedelta(days=1))).id != grant.id
    school = await puer.school("0001")
    assert codes(await given(puer, "auditor", school=school.id)) == ["VALUE_INVALID"], "an auditor has the district"
