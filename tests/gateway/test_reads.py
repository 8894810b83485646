"""Every query answers, and a list costs one request for each service and level."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections import Counter

import pytest

from tests.gateway.conftest import Client
from tests.gateway.land import RECORDS, SCHOOLS, TEACHERS
from tests.gateway.world import World


def gid(kind: str, plain: str) -> str:
    return b64encode(f"{kind}:{plain}".encode()).decode()


SCHOOL = gid("School", "puer-school-0")
TEACHER = gid("Teacher", "puer-school-0-teacher-1")
RECORD = gid("Record", "puer-school-0-teacher-1-record-2")
PROJECT = gid("Project", "puer-project-1")


async def test_me_tells_what_the_token_says(client: Client) -> None:
    token = client.token(role="teacher", teacher="puer-school-0-teacher-1", school="puer-school-0")
    data = await client.data(
        "{ me { subject role district { code nameZh } school { name } teacher { id name } } }", token=token
    )
    assert data["me"] == {
        "subject": "synthetic",
        "role": "TEACHER",
        "district": {"code": "puer", "nameZh": "虚构区"},
        "school": {"name": "虚构第0小学"},
        "teacher": {"id": TEACHER, "name": "虚构教师1"},
    }


async def test_the_operator_has_no_district(client: Client) -> None:
    token = client.token(district="platform", role="platform-operator")
    assert (await client.data("{ me { role district { code } } }", token=token))["me"] == {
        "role": "PLATFORM_OPERATOR",
        "district": None,
    }


async def test_the_operator_pages_through_the_districts_and_nobody_else_does(client: Client) -> None:
    query = "query($a: String) { districts(first: 1, after: $a) { totalCount edges { cursor node { code nameZh } } } }"
    token = client.token(district="platform", role="platform-operator")
    first = (await client.data(query, token=token))["districts"]
    assert first["totalCount"] == 2
    assert first["edges"][0]["node"] == {"code": "puer", "nameZh": "虚构区"}
    rest = await client.data(query, token=token, variables={"a": first["edges"][0]["cursor"]})
    assert [edge["node"]["code"] for edge in rest["districts"]["edges"]] == ["putuo"]
    answer = await client.ask(query, token=client.token(role="district-officer"))
    assert answer["data"]["districts"] is None
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.parametrize(("day", "pack", "terms"), [("2024-08-31", None, 0), ("2024-09-01", "puer", 1)])
async def test_the_law_and_the_terms_of_a_day_are_told(client: Client, day: str, pack: str | None, terms: int) -> None:
    query = (
        "query($d: Date!) { district { bindingOn(day: $d) { pack } terms(asOf: $d) { number } }"
        " terms(asOf: $d) { code } }"
    )
    data = await client.data(query, variables={"d": day})
    assert (data["district"]["bindingOn"] or {}).get("pack") == pack
    assert len(data["terms"]) == len(data["district"]["terms"]) == terms


async def test_the_calendar_tells_days_of_rest_and_of_work(client: Client) -> None:
    data = await client.data("{ calendarYears { year holidays workdays notice version } }")
    assert data["calendarYears"] == [
        {"year": 2025, "holidays": ["2025-05-01"], "workdays": ["2025-04-27"], "notice": "虚构通知", "version": 1}
    ]


async def test_the_district_comes_with_bindings_schools_and_terms(client: Client) -> None:
    data = await client.data(
        "{ district { id nameEn bindings { pack since settings { name value } decidedBy }"
        "  schools(first: 2) { totalCount pageInfo { hasNextPage endCursor } } terms { code startsOn } }"
        " terms { number } }"
    )
    assert data["district"]["bindings"] == [
        {"pack": "puer", "since": "2024-09-01", "settings": [{"name": "cap", "value": "48"}], "decidedBy": None}
    ]
    assert data["district"]["schools"] == {
        "totalCount": SCHOOLS,
        "pageInfo": {"hasNextPage": True, "endCursor": "2"},
    }
    assert data["district"]["terms"] == [{"code": "2024-2025-1", "startsOn": "2024-09-01"}]
    assert data["terms"] == [{"number": 1}]


async def test_a_school_is_found_by_its_global_and_by_its_plain_id(client: Client) -> None:
    query = "query($id: ID!) { school(id: $id) { id code stage location ownership openedOn closedOn } }"
    found = await client.data(query, variables={"id": SCHOOL})
    assert found["school"] == {
        "id": SCHOOL,
        "code": "S000",
        "stage": "NINE_YEAR",
        "location": "RURAL",
        "ownership": "PUBLIC",
        "openedOn": "1990-09-01",
        "closedOn": None,
    }
    assert await client.data(query, variables={"id": "puer-school-0"}) == found
    assert await client.data(query, variables={"id": TEACHER}) == {"school": None}


async def test_pages_follow_their_cursors(client: Client) -> None:
    query = (
        "query($after: String) { teachers(first: 20, after: $after)"
        " { edges { cursor node { staffNumber } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"
    )
    seen, after = [], None
    while True:
        page = (await client.data(query, variables={"after": after}))["teachers"]
        seen += [edge["node"]["staffNumber"] for edge in page["edges"]]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == len(set(seen)) == SCHOOLS * TEACHERS


async def test_filters_and_days_reach_the_service(client: Client, world: World) -> None:
    await client.data(
        'query($s: ID) { teachers(school: $s, subject: "语文", search: "虚", asOf: "2024-10-01") { totalCount }'
        ' schools(stage: NINE_YEAR, search: "小", asOf: "2024-10-01") { totalCount }'
        ' projects(state: APPROVED, search: "项") { totalCount }'
        ' records(teacher: "t", since: "2024-01-01", until: "2024-12-31") { totalCount } }',
        variables={"s": SCHOOL},
    )
    asked = {name: request for name, _, request in world.calls}
    teachers, schools = asked["registry.list-teachers"], asked["registry.list-schools"]
    assert (teachers.schools, teachers.subject, teachers.search) == (("puer-school-0",), "语文", "虚")
    assert (schools.stage, schools.search, str(schools.as_of)) == ("nine-year", "小", "2024-10-01")
    assert asked["credits.list-projects"].state == "approved"
    assert (str(asked["credits.list-records"].since), asked["credits.list-records"].teachers) == ("2024-01-01", ("t",))


async def test_the_day_asked_for_reaches_the_rows_below(client: Client, world: World) -> None:
    await client.data(
        'query($id: ID!) { school(id: $id, asOf: "2023-05-05") { teachers { edges { node { school { name } } } } } }',
        variables={"id": SCHOOL},
    )
    assert {str(request.as_of) for _, _, request in world.calls} == {"2023-05-05"}


async def test_a_teacher_shows_all_that_hangs_on_one(client: Client) -> None:
    data = await client.data(
        "query($id: ID!) { teacher(id: $id) { nationalId gender status headTeacherPeriods { since until }"
        " employments { post since school { id } } school { id }"
        " records(first: 1) { totalCount edges { node { id on hours credits status facts { name value } } } }"
        ' total(since: "2024-01-01") { hours credits records }'
        ' standing(kind: "annual") { verdict findings { label shortfall earned met } explanation { pack } }'
        ' standings(kinds: ["annual", "cycle"]) { kind } } }',
        variables={"id": TEACHER},
    )
    teacher = data["teacher"]
    assert teacher["nationalId"] == "530***********0011"
    assert teacher["employments"][0] == {"post": "teacher", "since": "2024-09-01", "school": {"id": SCHOOL}}
    assert teacher["records"]["edges"][0]["node"] | {"id": ""} == {
        "id": "",
        "on": "2024-09-01",
        "hours": "30",
        "credits": "36.5",
        "status": "COUNTED",
        "facts": [{"name": "hours_planned", "value": "30"}, {"name": "self_chosen", "value": "true"}],
    }
    assert teacher["total"] == {"hours": "90", "credits": "109.5", "records": 3}
    assert teacher["standing"]["findings"] == [
        {"label": "全年学时", "shortfall": "12.5", "earned": "59.5", "met": False}
    ]
    assert [one["kind"] for one in teacher["standings"]] == ["annual", "cycle"]


async def test_the_whole_national_id_is_asked_for_by_name(client: Client, world: World) -> None:
    query = 'query($id: ID!, $r: Boolean!) { teacher(id: $id) { nationalId(reveal: $r, reason: "核对") } }'
    masked = await client.data(query, variables={"id": TEACHER, "r": False})
    assert masked["teacher"]["nationalId"].count("*") == 11
    assert not any(request.reveal for name, _, request in world.calls if name.endswith("get-teachers"))
    shown = await client.data(query, variables={"id": TEACHER, "r": True})
    assert "*" not in shown["teacher"]["nationalId"]
    assert [request.reason for name, _, request in world.calls if getattr(request, "reveal", False)] == ["核对"]


async def test_a_record_explains_itself(client: Client) -> None:
    query = (
        "query($id: ID!) { record(id: $id) { teacher { id } school { id } project { id title state facts { name } }"
        " recordedAt entry reasons attributes { name value } explanation { pack version on source"
        " steps { zh en text value unit clauses readings { parameter value unit since clause } }"
        " clauses { code heading quotation note } } } }"
    )
    record = (await client.data(query, variables={"id": RECORD}))["record"]
    assert record["teacher"] == {"id": TEACHER}
    assert record["project"]["state"] == "APPROVED"
    assert record["recordedAt"] == "2024-09-01T08:00:00+00:00"
    step = record["explanation"]["steps"][0]
    assert step["text"] == step["zh"] == "30 学时 × 1.2 = 36 学分。"
    assert step["readings"][0]["clause"] == "PUER-F3-3-2"
    assert record["explanation"]["clauses"][0]["note"] == "（读法）"
    english = await client.data(query, variables={"id": RECORD}, headers={"accept-language": "en-GB,zh;q=0.5"})
    assert english["record"]["explanation"]["steps"][0]["text"] == step["en"]


async def test_projects_standing_ledger_and_roster_answer(client: Client) -> None:
    data = await client.data(
        "query($p: ID!, $t: ID!) { project(id: $p) { title } projects { totalCount }"
        ' records(first: 2) { totalCount pageInfo { hasNextPage } } standing(teacher: $t, kind: "annual") { label }'
        " ledger(first: 2, teacher: $t) { edges { node { seq hash teacher { id } record { on } } } }"
        " ledgerVerification { entries intact firstBad }"
        ' rosterCheck(rosterId: "r1") { errorCount errors { row column error { code field message } } } }',
        variables={"p": PROJECT, "t": TEACHER},
    )
    assert data["records"]["totalCount"] == SCHOOLS * TEACHERS * RECORDS
    assert data["ledger"]["edges"][0]["node"]["teacher"] == {"id": TEACHER}
    assert data["ledgerVerification"]["intact"] is True
    assert data["rosterCheck"]["errors"][0]["error"]["field"] == "入职日期"


async def test_nodes_of_every_kind_come_in_their_order(client: Client, world: World) -> None:
    district = gid("District", "puer")
    ids = [RECORD, SCHOOL, "nonsense", TEACHER, PROJECT, district, gid("School", "none"), gid("Term", "2024-2025-1")]
    data = await client.data("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", variables={"ids": ids})
    assert [one and one["__typename"] for one in data["nodes"]] == [
        *("Record", "School", None, "Teacher", "Project", "District"),
        *(None, "Term"),
    ]
    assert [one["id"] for one in data["nodes"] if one] == [RECORD, SCHOOL, TEACHER, PROJECT, district, ids[-1]]
    counted = Counter(name for name, _, _ in world.calls)
    assert set(counted.values()) == {1}, counted
    one = await client.data("query($id: ID!) { node(id: $id) { ... on Teacher { name } } }", variables={"id": TEACHER})
    assert one["node"] == {"name": "虚构教师1"}


@pytest.mark.parametrize(
    ("query", "most"),
    [
        (
            '{ teachers(first: 30) { edges { node { school { name } total { hours } standing(kind: "annual")'
            " { verdict } employments { school { code } } } } } }",
            # one level of teachers, then schools, totals and standings once each
            {"registry": 2, "credits": 2},
        ),
        (
            "{ schools { edges { node { teachers { edges { node { records(first: 10) { edges { node"
            " { project { title } teacher { name } school { name } explanation { pack } } } } } } } } } } }",
            # schools, teachers, teachers and schools of records; records, projects, 90 explanations in two batches
            {"registry": 4, "credits": 4},
        ),
        (
            '{ a: teachers(first: 9) { edges { node { x: total { hours } y: total(since: "2024-01-01") { hours } } } }'
            " b: teachers(first: 9) { totalCount } }",
            # equal questions are asked once, other arguments are another question
            {"registry": 1, "credits": 2},
        ),
        (
            "{ ledger(first: 60) { edges { node { record { on } teacher { school { name } } } } } }",
            {"registry": 2, "credits": 2},
        ),
    ],
)
async def test_requests_on_the_bus_do_not_grow_with_the_rows(
    client: Client, world: World, query: str, most: dict[str, int]
) -> None:
    await client.data(query)
    assert Counter(name.partition(".")[0] for name, _, _ in world.calls) == most, world.calls


def test_ids_are_opaque_and_of_their_type() -> None:
    assert b64decode(SCHOOL).decode() == "School:puer-school-0"
