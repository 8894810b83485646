"""Follow-up questions to the registry: the same answers and the same lines in the trail as questions of their own."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import msgspec
import pytest
from yanxiu_registry.context import Registry
from yanxiu_wire import registry as wire
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.audit import LIST_REGISTRY_AUDIT
from yanxiu_wire.caller import Role
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.follow_up import UNANSWERED, FollowUp

from tests.services.registry.conftest import Client

BEFORE, MOVED = date(2024, 8, 31), date(2024, 9, 1)


def follow(client: Client, endpoint: Endpoint[Any, Any], ids: str, into: str, **fields: Any) -> FollowUp:
    """A question of the same caller about ids that stand in another's answer."""
    request = endpoint.request(caller=client.who, **({"ids": ()} if into == "ids" else {}), **fields)
    return FollowUp(endpoint.verb, ids, into, 50, msgspec.Raw(encode(request)))


async def both(client: Client, ids: tuple[str, ...], day: date | None) -> tuple[list[Any], list[Any]]:
    """Teachers, their schools and the schools' teachers: asked one after the other, and as one question."""
    teachers = await client.ask(wire_teacher.GET_TEACHERS, ids=ids, as_of=day)
    named = tuple(dict.fromkeys(one.school for one in teachers.items if one and one.school))
    schools = await client.ask(wire.GET_SCHOOLS, ids=named, as_of=day) if named else None
    seen = tuple(one.id for one in schools.items if one) if schools else ()
    pages = await client.ask(wire_teacher.LIST_TEACHERS, schools=seen, as_of=day) if seen else None

    below = follow(client, wire_teacher.LIST_TEACHERS, "items.id", "schools", as_of=day)
    then = (follow(client, wire.GET_SCHOOLS, "items.school", "ids", as_of=day, then=(below,)),)
    led = await client.ask(wire_teacher.GET_TEACHERS, ids=ids, as_of=day, then=then)
    (told,) = led.followed
    its_schools = decode(wire.Schools | None, told)
    its_pages = decode(wire_teacher.TeacherPages | None, its_schools.followed[0]) if its_schools else None
    bare = msgspec.structs.replace(its_schools, followed=()) if its_schools else None
    return [teachers, schools, pages], [msgspec.structs.replace(led, followed=()), bare, its_pages]


@pytest.mark.parametrize("role", ["district-officer", "school-leader", "teacher"])
async def test_what_follows_is_what_would_be_answered_alone_in_every_scope_and_on_every_day(
    puer: Client, registry: Registry, role: Role
) -> None:
    first, second = await puer.school("0001"), await puer.school("0002")
    people = [await puer.teacher((first, second)[number % 2].id, f"T{number}") for number in range(4)]
    await puer.ask(wire_teacher.EMPLOY_TEACHER, teacher=people[0].id, school=second.id, since=MOVED)
    scope = {"school-leader": {"school": second.id}, "teacher": {"teacher": people[3].id}}.get(role, {})
    client = puer.as_(role, **scope)
    for ids, day in (((people[1].id, people[0].id), None), ((people[0].id, "nobody"), BEFORE), (("nobody",), None)):
        alone, together = await both(client, ids, day)
        assert together == alone, (ids, day)
    await registry.trail.write_all()
    page = await puer.as_("auditor").ask(LIST_REGISTRY_AUDIT, kind="read")
    lines = [(one.action, one.outcome, one.objects, one.total, one.question) for one in page.items]
    lists = Counter(repr(one) for one in lines if one[0] == "list-teachers")
    assert all(count % 2 == 0 for count in lists.values()), "asked alone or with another, the line is the same"
    looks = {"district-officer": 4, "school-leader": 2, "teacher": 0}
    assert lists.total() == looks[role], "each look at the people of a school has its line, but for one's own"


async def test_nothing_follows_in_the_name_of_another(puer: Client) -> None:
    """Whoever may ask the one may ask the other: so what is refused is another caller, whom nobody has signed in."""
    school = await puer.school("0001")
    operator = msgspec.structs.replace(puer.who, role="platform-operator", district="platform")
    then = (follow(Client(puer.bus, "puer", operator), wire_teacher.LIST_TEACHERS, "items.id", "schools"),)
    answer = await puer.ask(wire.GET_SCHOOLS, ids=(school.id,), then=then)
    assert answer.items[0].id == school.id
    assert answer.followed == (UNANSWERED,)
