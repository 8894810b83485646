"""A caller of one district reads and writes nothing of another: a foreign id answers as one that does not exist."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from typing import Any

import pytest

from tests.gateway.conftest import Client
from tests.gateway.test_writes import ERRORS, WRITES
from tests.gateway.world import World


def gid(kind: str, plain: str) -> str:
    return b64encode(f"{kind}:{plain}".encode()).decode()


READS = {
    "School": "query($id: ID!) { school(id: $id) { id name } }",
    "Teacher": "query($id: ID!) { teacher(id: $id) { id name total { hours } } }",
    "Project": "query($id: ID!) { project(id: $id) { id title } }",
    "Record": "query($id: ID!) { record(id: $id) { id credits explanation { pack } } }",
    "District": "query($id: ID!) { node(id: $id) { id } }",
}
LISTS = {
    "Teacher": [
        "query($id: ID!) { records(teacher: $id) { totalCount edges { node { id } } } }",
        "query($id: ID!) { ledger(teacher: $id) { totalCount edges { node { hash } } } }",
        'query($id: ID!) { standing(teacher: $id, kind: "annual") { verdict } }',
    ],
    "School": ["query($id: ID!) { teachers(school: $id) { totalCount edges { node { id } } } }"],
}
OF_PUTUO = {
    "School": "putuo-school-0",
    "Teacher": "putuo-school-0-teacher-1",
    "Project": "putuo-project-1",
    "Record": "putuo-school-0-teacher-1-record-2",
    "District": "putuo",
}


async def both(client: Client, query: str, kind: str, **variables: Any) -> tuple[bytes, bytes]:
    """The answers for an id of the other district and for an id of nothing, each id's own text taken out.

    What of the budgets is left goes down with each, so it is taken out too.
    """
    answers = []
    for plain in (OF_PUTUO[kind], "x" * len(OF_PUTUO[kind])):
        answer = await client.post(query, variables={"id": gid(kind, plain), **variables})
        content = re.sub(rb'"left":\{[^}]*\}', b"", answer.content)
        answers.append(content.replace(plain.encode(), b"ID").replace(gid(kind, plain).encode(), b"ID"))
    return answers[0], answers[1]


def all_reads() -> list[tuple[str, str]]:
    found = list(READS.items())
    found += [(kind, query) for kind, queries in LISTS.items() for query in queries]
    found += [(kind, "query($id: ID!) { node(id: $id) { __typename id } }") for kind in OF_PUTUO]
    found += [(kind, "query($id: ID!) { nodes(ids: [$id, $id]) { __typename id } }") for kind in OF_PUTUO]
    return found


@pytest.mark.parametrize(("kind", "query"), all_reads())
async def test_a_foreign_id_reads_as_one_that_does_not_exist(
    client: Client, world: World, kind: str, query: str
) -> None:
    foreign, none = await both(client, query, kind)
    assert foreign == none
    assert b"putuo" not in foreign
    assert "虚构".encode() not in foreign
    assert {district for _, district, _ in world.calls} <= {"puer"}


def all_ids_written() -> list[tuple[str, str]]:
    kinds = {"schoolId": "School", "teacherId": "Teacher", "projectId": "Project"}
    return [(name, field) for name, (_, given) in WRITES.items() for field in given if field in kinds]


@pytest.mark.parametrize(("name", "field"), all_ids_written())
async def test_a_foreign_id_is_written_to_as_little_as_one_that_does_not_exist(
    client: Client, world: World, name: str, field: str
) -> None:
    kind = {"schoolId": "School", "teacherId": "Teacher", "projectId": "Project"}[field]
    before = {name: (len(land.schools), len(land.teachers)) for name, land in world.lands.items()}
    fields, given = WRITES[name]
    query = f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ {fields} {ERRORS} }} }}"
    answers = []
    for plain in (OF_PUTUO[kind], "x" * len(OF_PUTUO[kind])):
        variables = {"input": {"idempotencyKey": "a-key-of-ours"} | given | {field: gid(kind, plain)}}
        answer = json.dumps(await client.ask(query, variables=variables), ensure_ascii=False).replace(plain, "ID")
        assert json.loads(answer)["data"][name]["errors"][0]["field"] == f"input.{field}"
        answers.append(answer)
    assert answers[0] == answers[1]
    assert {district for _, district, _ in world.calls} == {"puer"}
    assert before == {name: (len(land.schools), len(land.teachers)) for name, land in world.lands.items()}


async def test_a_cursor_of_another_district_leads_into_ones_own(client: Client, world: World) -> None:
    query = "query($after: String) { schools(first: 2, after: $after) { edges { node { code } cursor } } }"
    theirs = await client.data(query, token=client.token(district="putuo"))
    cursor = theirs["schools"]["edges"][1]["cursor"]
    world.calls.clear()
    await client.data(query, variables={"after": cursor})
    assert [(district, request.caller.district) for _, district, request in world.calls] == [("puer", "puer")]


async def test_two_districts_asking_at_once_each_get_their_own(client: Client) -> None:
    query = "{ district { code } schools(first: 1) { edges { node { id } } } }"
    for district in ("puer", "putuo") * 3:
        data = await client.data(query, token=client.token(district=district))
        assert data["district"]["code"] == district
        assert data["schools"]["edges"][0]["node"]["id"] == gid("School", f"{district}-school-0")
