"""Areas, researchers and groups: what is read costs one request a level, what is written goes in the wire's words."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from yanxiu_wire.leading_group import LeadingMember
from yanxiu_wire.researcher import ConflictOfInterest

from tests.gateway.conftest import Client
from tests.gateway.land import SCHOOLS, TEACHERS
from tests.gateway.people_world import GROUPS
from tests.gateway.test_reads import SCHOOL, gid
from tests.gateway.world import World, refuse

HOME = "puer-school-0"
ONE = f"{HOME}-teacher-0"
AREA, PERSON, RESEARCHER = gid("Area", "puer-area"), gid("Teacher", ONE), gid("Researcher", ONE)
GROUP, LEADING = gid("ResearchGroup", f"{HOME}-group-0"), gid("LeadingGroup", f"{HOME}-leading")
DAY = "2024-09-02"


async def test_a_page_of_researchers_costs_one_request_for_each_level(client: Client, world: World) -> None:
    data = await client.data(
        """{ researchers(subject: "数学", stage: JUNIOR, asOf: "2024-10-01") { totalCount edges { node {
          id subjects stages capacity areas { name } conflicts { kind school { name } } absences { since kind }
          teacher { name school { name area { name } } } beginsOn endsOn version } } } }"""
    )
    assert data["researchers"]["totalCount"] == SCHOOLS
    first = data["researchers"]["edges"][0]["node"]
    assert (first["id"], first["stages"], first["areas"]) == (RESEARCHER, ["PRIMARY", "JUNIOR"], [{"name": "城东片区"}])
    assert first["conflicts"] == [{"kind": "亲属在校", "school": {"name": f"虚构第{SCHOOLS - 1}小学"}}]
    assert first["absences"] == [{"since": "2024-09-01", "kind": "产假"}]
    assert first["teacher"]["name"] == "虚构教师0"
    asked = Counter(name for name, _, _ in world.calls)
    assert asked == {
        "registry.list-researchers": 1,
        "registry.get-areas": 1,
        "registry.get-teachers": 1,
        "registry.get-schools": asked["registry.get-schools"],
    }
    assert asked["registry.get-schools"] <= 2
    query = next(request for name, _, request in world.calls if name == "registry.list-researchers")
    assert (query.subject, query.stage, str(query.as_of)) == ("数学", "junior", "2024-10-01")
    assert {str(request.as_of) for _, _, request in world.calls} == {"2024-10-01"}


async def test_the_people_of_many_groups_are_asked_for_at_once(client: Client, world: World) -> None:
    data = await client.data(
        """{ researchGroups { totalCount edges { node { kind leader { name } members { name } memberCount
          school { name } area { name } filedOn } } }
          leadingGroups { edges { node { school { name } members { part post teacher { name } } } } } }"""
    )
    groups = data["researchGroups"]["edges"]
    assert len(groups) == SCHOOLS * GROUPS
    assert (
        {len(one["node"]["members"]) for one in groups}
        == {one["node"]["memberCount"] for one in groups}
        == {TEACHERS - 1}
    )
    assert data["leadingGroups"]["edges"][0]["node"]["members"] == [
        {"part": "HEAD", "post": "校长", "teacher": {"name": "虚构教师0"}},
        {"part": "IN_CHARGE", "post": "副校长", "teacher": None},
    ]
    assert Counter(name for name, _, _ in world.calls)["registry.get-teachers"] == 1


async def test_schools_are_chosen_by_area_weakness_and_the_stage_taught(client: Client, world: World) -> None:
    data = await client.data(
        "query($a: ID) { schools(area: $a, weak: true, teaches: PRIMARY) "
        "{ edges { node { stages weak weakDecidedBy } } } }",
        variables={"a": AREA},
    )
    query = world.calls[-1][2]
    assert (query.area, query.weak, query.teaches, query.stage) == ("puer-area", True, "primary", None)
    assert data["schools"]["edges"][0]["node"] == {
        "stages": ["PRIMARY", "JUNIOR"],
        "weak": False,
        "weakDecidedBy": None,
    }


async def test_each_is_fetched_again_by_its_global_id_and_a_researcher_by_his_teachers_too(client: Client) -> None:
    ids = [AREA, RESEARCHER, GROUP, LEADING, gid("Area", "putuo-area")]
    data = await client.data(
        "query($ids: [ID!]!, $t: ID!) { nodes(ids: $ids) { __typename id } "
        "researcher(id: $t) { id } areas { id name } }",
        variables={"ids": ids, "t": PERSON},
    )
    assert [one and (one["__typename"], one["id"]) for one in data["nodes"]] == [
        ("Area", AREA), ("Researcher", RESEARCHER), ("ResearchGroup", GROUP), ("LeadingGroup", LEADING), None,
    ]  # fmt: skip
    assert data["researcher"] == {"id": RESEARCHER}
    assert data["areas"] == [{"id": AREA, "name": "城东片区"}]


HEAD = {"part": "HEAD", "post": "校长", "teacherId": PERSON}
WRITES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "createArea": ("area { name }", {"name": "城西片区", "beginsOn": DAY}, {"name": "城西片区"}),
    "correctArea": (
        "area { version }",
        {"areaId": AREA, "since": DAY, "name": "城北片区", "endsOn": None},
        {"area": "puer-area", "changes": {"name": "城北片区", "ends_on": None}},
    ),
    "enrolResearcher": (
        "researcher { id }",
        {
            "teacherId": PERSON,
            "beginsOn": DAY,
            "subjects": ["数学"],
            "stages": ["PRIMARY"],
            "areaIds": [AREA],
            "conflicts": [{"schoolId": SCHOOL, "kind": "亲属在校"}],
        },
        {
            "teacher": ONE,
            "stages": ("primary",),
            "areas": ("puer-area",),
            "capacity": 1,
            "conflicts": (ConflictOfInterest(school=HOME, kind="亲属在校"),),
        },
    ),
    "correctResearcher": (
        "researcher { stages }",
        {"researcherId": RESEARCHER, "since": DAY, "stages": ["JUNIOR"], "areaIds": [], "conflicts": []},
        {"researcher": ONE, "changes": {"stages": ["junior"], "areas": [], "conflicts": []}},
    ),
    "endResearcher": ("researcher { endsOn }", {"researcherId": RESEARCHER, "endsOn": DAY}, {"researcher": ONE}),
    "recordAbsence": (
        "researcher { absences { kind until } }",
        {"researcherId": RESEARCHER, "since": DAY, "kind": "产假"},
        {"researcher": ONE, "until": None, "kind": "产假"},
    ),
    "correctAbsence": (
        "researcher { absences { kind } }",
        {"researcherId": RESEARCHER, "begunOn": DAY, "takeBack": True},
        {"researcher": ONE, "take_back": True, "changes": {}},
    ),
    "formResearchGroup": (
        "researchGroup { name leader { id } }",
        {"kind": "项目教研组", "name": "班主任", "schoolId": SCHOOL, "leaderId": PERSON, "formedOn": DAY},
        {"school": HOME, "area": None, "leader": ONE, "members": (), "filed_on": None},
    ),
    "correctResearchGroup": (
        "researchGroup { version }",
        {"groupId": GROUP, "since": DAY, "memberIds": [PERSON], "subject": None},
        {"group": f"{HOME}-group-0", "changes": {"members": [ONE], "subject": None}},
    ),
    "fileResearchGroup": (
        "researchGroup { filedOn }",
        {"groupId": GROUP, "filedOn": DAY},
        {"group": f"{HOME}-group-0"},
    ),
    "archiveResearchGroup": (
        "researchGroup { archivedOn }",
        {"groupId": GROUP, "archivedOn": DAY, "expectedVersion": 3},
        {"expected_version": 3},
    ),
    "setUpLeadingGroup": (
        "leadingGroup { members { part } }",
        {"kind": "行动小组", "schoolId": SCHOOL, "members": [HEAD], "beginsOn": DAY},
        {"school": HOME, "members": (LeadingMember(part="head", post="校长", teacher=ONE),)},
    ),
    "correctLeadingGroup": (
        "leadingGroup { version }",
        {"groupId": LEADING, "since": DAY, "members": [HEAD], "remark": "说明"},
        {"changes": {"members": [{"part": "head", "post": "校长", "teacher": ONE}], "remark": "说明"}},
    ),
}


@pytest.mark.parametrize("name", sorted(WRITES))
async def test_a_mutation_is_asked_in_the_wires_words_and_answers_the_object(
    client: Client, world: World, name: str
) -> None:
    wanted, given, expected = WRITES[name]
    kind = name[0].upper() + name[1:] + "Input"
    query = f"mutation($input: {kind}!) {{ {name}(input: $input) {{ {wanted} errors {{ code }} }} }}"
    data = await client.data(query, variables={"input": {"idempotencyKey": "0190-people-key", **given}})
    assert data[name]["errors"] == []
    assert data[name][wanted.split(" ")[0]] is not None
    command = world.calls[0][2]
    assert {field: getattr(command, field) for field in expected} == expected
    assert command.key == "0190-people-key"
    without = await client.data(query, variables={"input": {"idempotencyKey": "x", **given}})
    assert [one["code"] for one in without[name]["errors"]] == ["KEY_MALFORMED"]


PLAIN = "0190a1b2-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("name", "code", "field", "shown", "kind"),
    [
        ("enrolResearcher", "SCHOOL_UNKNOWN", "conflicts[0].school", "input.conflicts[0].schoolId", "School"),
        ("enrolResearcher", "AREA_UNKNOWN", "areas[0]", "input.areaIds[0]", "Area"),
        ("correctResearcher", "RESEARCHER_UNKNOWN", "researcher", "input.researcherId", "Researcher"),
        ("formResearchGroup", "MEMBER_ELSEWHERE", "members[2]", "input.memberIds[2]", "Teacher"),
        ("correctResearchGroup", "TEACHER_UNKNOWN", "changes.leader", "input.leaderId", "Teacher"),
        ("fileResearchGroup", "RESEARCH_GROUP_UNKNOWN", "group", "input.groupId", "ResearchGroup"),
        ("setUpLeadingGroup", "TEACHER_UNKNOWN", "members[0].teacher", "input.members[0].teacherId", "Teacher"),
        ("correctSchool", "AREA_ENDED", "changes.area", "input.areaId", "Area"),
    ],
)
async def test_a_refusal_names_the_inputs_field_and_the_id_as_clients_have_it(
    client: Client,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    code: str,
    field: str,
    shown: str,
    kind: str,
) -> None:
    verb = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    monkeypatch.setattr(world, verb, lambda *_: refuse(code, field, PLAIN))
    given = {"schoolId": SCHOOL, "since": DAY, "areaId": AREA} if name == "correctSchool" else WRITES[name][1]
    query = f"mutation($i: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $i) {{ errors {{ field value }} }} }}"
    data = await client.data(query, variables={"i": {"idempotencyKey": "0190-people-key", **given}})
    assert data[name]["errors"] == [{"field": shown, "value": gid(kind, PLAIN)}]
