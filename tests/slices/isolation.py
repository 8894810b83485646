"""What is asked of a district from another one: every question about an object, by every role, with its id and none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args

from yanxiu_gateway.schema.nodes import plain_id, split_id
from yanxiu_wire.caller import Role

from tests.slices import probe
from tests.slices.district import District

ROLES: tuple[Role, ...] = tuple(role for role in get_args(Role) if role != "platform-operator")


async def hears(district: District, token: str, question: probe.Question, plain: str, secrets: Iterable[str]) -> str:
    """What is answered about an id, which has none of the other district's words in it and is no fault."""
    own = district.key()
    variables = question.about(plain, own)
    if "input" in variables:
        variables["input"]["idempotencyKey"] = district.key()
    response = await district.platform.post(token, question.text, variables)
    answer = probe.told(response.json(), plain, own)
    for one in secrets:
        assert one not in answer, (question.name, response.text)
    faults = '"INTERNAL"' in response.text
    assert not faults, (question.name, *(one.told() for one in district.platform.parts.values()))
    return answer


async def token_of(district: District, role: Role) -> str:
    """The token of somebody in a role, who is at the district's school and in its register."""
    teacher = plain_id("Teacher", await district.hire(f"T-{role}"))
    return district.token(role, school=plain_id("School", district.school), teacher=teacher)


async def all_alike(
    district: District,
    role: Role,
    theirs: Mapping[str, str],
    questions: Iterable[probe.Question],
    secrets: Iterable[str],
) -> int:
    """Ask each question of a foreign id and of one that is nobody's; returns how many there were."""
    token, asked = await token_of(district, role), 0
    for question in questions:
        if question.kind not in theirs or question.text.startswith("subscription"):
            continue
        known = theirs[question.kind]
        # A fact of the caller's own district may arrive between the two: what differs again is no such thing.
        for last in (False, True):
            both = (known, probe.none_like(known))
            answers = [await hears(district, token, question, plain, secrets) for plain in both]
            assert answers[0] == answers[1] or not last, (question.name, question.variables, answers)
            if answers[0] == answers[1]:
                break
        asked += 1
    return asked


async def asked_from_elsewhere(elsewhere: District, theirs: District, ids: Mapping[str, str]) -> None:
    """At the end of a story, every question about what it has made, by every role of another district.

    `ids` are global, of one object of each kind, each with the token of somebody who sees it.
    """
    query = "query($id: ID!) { node(id: $id) { id } }"
    for one, token in ids.items():
        shown = await elsewhere.platform.read(token, query, id=one)
        assert shown == {"node": {"id": one}}, "else nothing is asked for"
    found = {str(kind): plain for kind, plain in map(split_id, ids)}
    for role in ROLES:
        questions = [*probe.questions(), *probe.commands()]
        assert await all_alike(elsewhere, role, found, questions, (theirs.code,)) >= 2 * len(found)
