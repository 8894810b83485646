"""What stands against an erasure: a grant, a name in what is kept for ever, an impossible day, the person himself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from yanxiu_wire import erasure as wire
from yanxiu_wire import grants as wire_grants
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.caller import Caller

from tests.services.registry.conftest import TODAY, Client, codes

LEFT = date(2026, 1, 1)
WHY = {"reason": "本人申请（虚构）", "document": "教函〔2024〕9号（虚构）", "retained_until": TODAY - timedelta(days=1)}


async def left(client: Client, staff_number: str = "GH-7001") -> Any:
    """A teacher who had another name, and left."""
    school = await client.school(staff_number)
    person = await client.teacher(school.id, staff_number, name="虚构旧名")
    of = {"teacher": person.id}
    await client.ask(wire_teacher.CORRECT_TEACHER, **of, since=date(2022, 9, 1), changes={"name": "虚构新名"})
    await client.ask(wire_teacher.CORRECT_TEACHER, **of, since=LEFT, changes={"status": "left"})
    return person


async def proposed(client: Client, teacher: str, **given: Any) -> Any:
    return await client.ask(wire.PROPOSE_ERASURE, teacher=teacher, **{**WHY, **given})


def of_subject(client: Client, subject: str) -> Client:
    caller = Caller(subject=subject, role="institute-officer", district=client.district)
    return Client(client.bus, client.district, caller)


async def granted(client: Client, subject: str, teacher: str) -> Any:
    given = {"role": "teacher", "teacher": teacher, "since": TODAY, "decision": "教函〔2024〕9号（虚构）"}
    return await client.ask(wire_grants.GRANT_ROLE, subject=subject, **given)


@pytest.mark.parametrize("said", ["虚构 旧名 申请", "虚构新名本人申请", "工号 gh7001 的教师"])
async def test_the_texts_that_are_kept_for_ever_name_nobody(puer: Client, said: str) -> None:
    person = await left(puer)
    for field in ("reason", "document"):
        told = await proposed(puer, person.id, **{field: said})
        assert [(one.code, one.field) for one in told.errors] == [("TEXT_NAMES_PERSON", field)]


async def test_his_data_are_kept_at_least_as_long_as_he_worked(puer: Client) -> None:
    person = await left(puer)
    assert codes(await proposed(puer, person.id, retained_until=date(1900, 1, 1))) == ["DATE_OUT_OF_ORDER"]


async def test_who_could_sign_in_still_is_not_erased_until_his_grant_is_revoked(puer: Client) -> None:
    person = await left(puer)
    grant = await granted(puer, "sub-left", person.id)
    told = await proposed(puer, person.id)
    assert [(one.code, one.value) for one in told.errors] == [("TEACHER_HOLDS_GRANT", grant.id)]
    await puer.ask(wire_grants.REVOKE_GRANT, grant=grant.id, why="离职")
    erasure = await proposed(puer, person.id)
    again = await granted(puer, "sub-left", person.id)
    second = of_subject(puer, "sub-second")
    assert codes(await second.ask(wire.CONFIRM_ERASURE, erasure=erasure.id)) == ["TEACHER_HOLDS_GRANT"]
    await puer.ask(wire_grants.REVOKE_GRANT, grant=again.id, why="离职")
    assert (await second.ask(wire.CONFIRM_ERASURE, erasure=erasure.id)).confirmed_by == "sub-second"


async def test_an_official_who_is_the_person_or_has_two_accounts_is_known_by_his_grants(puer: Client) -> None:
    person, official = await left(puer), await left(puer, "GH-7002")
    for subject, teacher in (("sub-own", person.id), ("sub-a", official.id), ("sub-b", official.id)):
        grant = await granted(puer, subject, teacher)
        await puer.ask(wire_grants.REVOKE_GRANT, grant=grant.id, why="离职")
    assert codes(await proposed(of_subject(puer, "sub-own"), person.id)) == ["SAME_PERSON"]
    erasure = await proposed(of_subject(puer, "sub-a"), person.id)
    for subject in ("sub-own", "sub-b"):
        told = await of_subject(puer, subject).ask(wire.CONFIRM_ERASURE, erasure=erasure.id)
        assert codes(told) == ["SAME_PERSON"], subject
