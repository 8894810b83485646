"""Field work through GraphQL, in front of the real service: what a phone sends late, what a page shows, and live."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from yanxiu_gateway.schema.nodes import global_id
from yanxiu_wire import visiting as wire
from yanxiu_wire.caller import Caller

from tests.services.credits.standings.live import Gate, Watcher, gate
from tests.services.visits.field import TERM, Sender, new_id

NOTED = "effect replayed cautions { code messageZh } errors { code field value clauses }"
PLAN = f"mutation($i: PlanVisitInput!) {{ planVisit(input: $i) {{ visit {{ id state missing }} {NOTED} }} }}"
ARRIVE = f"""mutation($i: ArriveAtSchoolInput!) {{ arriveAtSchool(input: $i) {{
  visit {{ id state unprepared {{ missing clauses }} }} {NOTED} }} }}"""
LEAVE = f"mutation($i: LeaveSchoolInput!) {{ leaveSchool(input: $i) {{ visit {{ id state halfDays }} {NOTED} }} }}"
OBSERVE = f"""mutation($i: RecordObservationInput!) {{ recordObservation(input: $i) {{
  record {{ id visitKnown content {{ ... on Observation {{
    title comment answers {{ name value }} form {{ version }} }} }} }}
  {NOTED} }} }}"""
REPORT = f"mutation($i: SubmitReportInput!) {{ submitReport(input: $i) {{ record {{ id }} {NOTED} }} }}"
FIND = f"mutation($i: RecordFindingInput!) {{ recordFinding(input: $i) {{ finding {{ id state }} {NOTED} }} }}"
REMEDY = f"mutation($i: ReportRemedyInput!) {{ reportRemedy(input: $i) {{ finding {{ id state steps }} {NOTED} }} }}"
CHECK = f"""mutation($i: RecheckFindingInput!) {{ recheckFinding(input: $i) {{
  finding {{ id state remedies {{ checkedById passed }} }} {NOTED} }} }}"""
PAGE = """query($r: ID!, $t: ID!) { termWork(researcher: $r, term: $t) {
  startsOn months report residencies { totalCount }
  figures { name labelZh value ids } ahead { id state } unfinished { id } incomplete { id }
  papers { paper clauses } findings { id text overdue } } }"""


class Asker:
    """Asks one gateway about one district."""

    def __init__(self, door: Gate, house: Any, http: Any) -> None:
        self.door = door
        self.house = house
        self.http = http

    async def ask(self, caller: Caller, query: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        headers = {"authorization": f"Bearer {self.door.token(caller)}"}
        sent = {"query": query, "variables": variables}
        url = f"http://127.0.0.1:{self.door.port}/graphql"
        answer = (await self.http.post(url, json=sent, headers=headers)).json()
        assert "errors" not in answer, answer
        return answer["data"]

    async def do(self, caller: Caller, mutation: str, **given: Any) -> Any:
        """What a mutation came to."""
        given = {"idempotencyKey": self.house.key().rjust(8, "0"), **given}
        (payload,) = (await self.ask(caller, mutation, i=given)).values()
        return payload


@pytest.fixture
async def asker(quick_house: Any, quick_nats: Any, tmp_path: Path) -> AsyncIterator[Asker]:
    import httpx2

    async with gate(quick_nats.url, tmp_path / "keys") as door, httpx2.AsyncClient(trust_env=False) as http:
        yield Asker(door, quick_house, http)


def when(text: str) -> str:
    return f"2024-{text}:00+08:00"


def planned(visit: str, **changes: Any) -> dict[str, Any]:
    return {
        "visitId": visit, "occurredAt": when("10-10T09:00"), "schoolId": global_id("School", "s1"), "termId": TERM,
        "days": [{"on": "2024-10-14", "halfDays": 1}], **changes,
    }  # fmt: skip


async def test_a_visit_sent_late_and_out_of_order_by_its_own_role(asker: Asker) -> None:
    me, visit = asker.house.researcher(), new_id("visit")
    left = await asker.do(me, LEAVE, visitId=visit, occurredAt=when("10-14T11:30"), halfDays=1)
    assert (left["effect"], left["visit"]["state"], left["errors"]) == ("WAITING", "INCOMPLETE", [])
    there = await asker.do(
        me, ARRIVE, visitId=visit, occurredAt=when("10-14T08:00"), schoolId=global_id("School", "s1"), termId=TERM
    )
    assert (there["effect"], there["visit"]["state"]) == ("APPLIED", "DONE")
    assert there["visit"]["unprepared"] == {"missing": ["GOAL", "FOCUS", "TASKS"], "clauses": ["MADE-1"]}
    assert [one["code"] for one in there["cautions"]] == ["UNPREPARED"]
    plan = planned(visit, goal="提升", focus="语文", tasks=["听课"], idempotencyKey="plan-0001")
    done = await asker.do(me, PLAN, **plan)
    assert (done["visit"]["state"], done["cautions"], done["replayed"]) == ("DONE", [], False)
    assert (await asker.do(me, PLAN, **plan))["replayed"]
    query = (
        "query($v: ID!) { visit(id: $v) { halfDays preparedLate days { on arrivedAt halfDays } } fieldNotes(id: $v) {"
    )
    query += " kind author typist effect occurredAt } }"
    shown = await asker.ask(me, query, v=done["visit"]["id"])
    assert shown["visit"] == {
        "halfDays": 1, "preparedLate": True,
        "days": [{"on": "2024-10-14", "arrivedAt": "2024-10-14T00:00:00+00:00", "halfDays": 1}],
    }  # fmt: skip
    assert [(one["kind"], one["author"], one["effect"]) for one in shown["fieldNotes"]] == [
        ("plan-visit", "r1", "APPLIED"),
        ("arrive-at-school", "r1", "APPLIED"),
        ("leave-school", "r1", "APPLIED"),
    ]


async def test_what_is_refused_names_the_inputs_own_field(asker: Asker) -> None:
    me = asker.house.researcher()
    for given, code, field in (
        (planned("short"), "ID_MALFORMED", "input.visitId"),
        (planned(new_id("visit"), schoolId="nowhere"), "SCHOOL_UNKNOWN", "input.schoolId"),
        (planned(new_id("visit"), termId="2031-2032-1"), "TERM_UNKNOWN", "input.termId"),
        (planned(new_id("visit"), days=[]), "TOO_MANY", "input.days"),
        (planned(new_id("visit"), idempotencyKey="short"), "KEY_MALFORMED", "input.idempotencyKey"),
    ):
        payload = await asker.do(me, PLAN, **given)
        assert (payload["visit"], payload["effect"]) == (None, None)
        assert [(one["code"], one["field"]) for one in payload["errors"]] == [(code, field)]
    lesson = {"recordId": new_id("lesson"), "occurredAt": when("10-14T09:00"), "on": "2024-10-14", "termId": TERM}
    payload = await asker.do(me, OBSERVE, **lesson, subject="语文", title="观潮", formId="lesson.9")
    assert [(one["code"], one["field"]) for one in payload["errors"]] == [("FORM_UNKNOWN", "input.formId")]


async def test_a_lesson_on_a_published_form(asker: Asker) -> None:
    me, officer = asker.house.researcher(), asker.house.officer
    scale = [{"value": str(n), "labelZh": f"{n}分"} for n in (1, 2, 3)]
    field = {"name": "pace", "kind": "SCALE", "labelZh": "节奏", "required": True, "choices": scale}
    draft = """mutation($i: DraftFormInput!) { draftForm(input: $i) {
      form { version fields { kind labelZh } } errors { code } } }"""
    drafted = await asker.do(officer, draft, name="lesson", title="听评课表", fields=[field])
    assert drafted["form"] == {"version": 0, "fields": [{"kind": "SCALE", "labelZh": "节奏"}]}
    publish = (
        "mutation($i: PublishFormInput!) { publishForm(input: $i) { form { id version current } errors { code } } }"
    )
    form = (await asker.do(officer, publish, name="lesson"))["form"]
    lesson = {
        "recordId": new_id("lesson"), "occurredAt": when("10-14T09:00"), "on": "2024-10-14", "termId": TERM,
        "schoolId": global_id("School", "s1"), "visitId": "visit-not-yet-here", "subject": "语文", "title": "观潮",
        "formId": form["id"], "comment": "好",
    }  # fmt: skip
    wrong = await asker.do(me, OBSERVE, **lesson, answers=[{"name": "pace", "value": "4"}])
    assert [(one["code"], one["field"]) for one in wrong["errors"]] == [("ANSWER_REFUSED", "input.answers.pace")]
    seen = await asker.do(me, OBSERVE, **lesson, answers=[{"name": "pace", "value": "3"}])
    assert seen["record"]["visitKnown"] is False
    assert seen["record"]["content"] == {
        "title": "观潮", "comment": "好", "answers": [{"name": "pace", "value": "3"}], "form": {"version": 1},
    }  # fmt: skip
    listed = "query { fieldRecords(kind: OBSERVATION) { totalCount edges { node { id on kind state } } } }"
    (edge,) = (await asker.ask(me, listed))["fieldRecords"]["edges"]
    assert edge["node"] == {
        "id": seen["record"]["id"], "on": "2024-10-14", "kind": "OBSERVATION", "state": "RECORDED",
    }  # fmt: skip


async def test_his_page_his_report_and_what_differs_since(asker: Asker) -> None:
    me, person = asker.house.researcher(), global_id("Researcher", "r1")
    sender = Sender(district=asker.house.district)
    visit, first = new_id("visit"), new_id("lesson")
    for endpoint, command in (
        (wire.ARRIVE_AT_SCHOOL, sender.arrive(visit)),
        (wire.LEAVE_SCHOOL, sender.leave(visit)),
        (wire.PLAN_VISIT, sender.plan(new_id("ahead"), on="10-21")),
    ):
        await asker.house.call(endpoint, command)
    lesson = {
        "occurredAt": when("10-14T09:00"), "on": "2024-10-14", "termId": TERM, "subject": "语文", "title": "观潮",
    }  # fmt: skip
    await asker.do(me, OBSERVE, recordId=first, **lesson)
    page = (await asker.ask(me, PAGE, r=person, t=TERM))["termWork"]
    assert [one["state"] for one in page["ahead"]] == ["PLANNED"]
    assert (page["months"], page["report"], page["residencies"]) == (["2024-09"], False, {"totalCount": 0})
    figures = {one["name"]: one for one in page["figures"] if one["value"]}
    assert figures["half_days"]["ids"] == [global_id("Visit", f"r1.{visit}")]
    nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    counted = [one for figure in figures.values() for one in figure["ids"]]
    found = (await asker.ask(me, nodes, ids=counted))["nodes"]
    assert [one["id"] for one in found] == counted
    assert {one["__typename"] for one in found} == {"Visit", "FieldRecord"}
    drafted = (
        "query($r: ID!, $t: ID!) { fieldWorkDraft(researcher: $r, term: $t) { textZh figures { name value ids } } }"
    )
    draft = (await asker.ask(me, drafted, r=person, t=TERM))["fieldWorkDraft"]
    assert draft["textZh"].startswith("到校1天，下校1次")
    report = await asker.do(
        me, REPORT, recordId=new_id("report"), occurredAt=when("10-18T09:00"), on="2024-10-18", termId=TERM,
        title="蹲点报告", text=draft["textZh"], figures=draft["figures"],
    )  # fmt: skip
    assert report["effect"] == "APPLIED"
    late = await asker.do(me, OBSERVE, recordId=new_id("late"), **lesson)
    asked = "query($id: ID!) { fieldRecord(id: $id) { differences { name submitted now added gone } } }"
    (differs,) = (await asker.ask(me, asked, id=report["record"]["id"]))["fieldRecord"]["differences"]
    assert differs == {"name": "lessons", "submitted": 1, "now": 2, "added": [late["record"]["id"]], "gone": []}


async def test_a_finding_from_the_visitor_to_the_school_to_a_second_person(asker: Asker) -> None:
    me, leader = asker.house.researcher(), asker.house.school("s1", teacher="t2")
    supervisor = asker.house.caller("supervisor", teacher="u1")
    found = await asker.do(
        me, FIND, findingId=new_id("finding"), occurredAt=when("10-14T15:00"), schoolId=global_id("School", "s1"),
        text="批改不及时", ownerId=global_id("Teacher", "t1"), dueOn="2024-10-17",
    )  # fmt: skip
    finding = found["finding"]["id"]
    page = (
        "query($s: ID!, $t: ID!) { schoolFieldWork(school: $s, term: $t) { findings(overdue: true) { totalCount edges"
    )
    page += " { node { id ownerId state overdue } } } visits { totalCount } } }"
    seen = (await asker.ask(leader, page, s=global_id("School", "s1"), t=TERM))["schoolFieldWork"]
    assert seen["findings"]["edges"] == [
        {"node": {"id": finding, "ownerId": global_id("Teacher", "t1"), "state": "OPEN", "overdue": True}}
    ]  # fmt: skip
    remedied = await asker.do(leader, REMEDY, findingId=finding, occurredAt=when("10-16T09:00"), text="已整改")
    check = {"findingId": finding, "passed": True, "seen": remedied["finding"]["steps"]}
    alone = await asker.do(me, CHECK, occurredAt=when("10-16T10:00"), **check)
    assert (alone["effect"], alone["finding"]["state"]) == ("WITHOUT_EFFECT", "REMEDIED")
    assert [one["code"] for one in alone["cautions"]] == ["SAME_PERSON"]
    closed = await asker.do(supervisor, CHECK, occurredAt=when("10-17T09:00"), **check)
    assert (closed["effect"], closed["finding"]["state"]) == ("APPLIED", "CLOSED")
    assert closed["finding"]["remedies"] == [{"checkedById": global_id("Teacher", "u1"), "passed": True}]
    other = asker.house.school("s2")
    hidden = await asker.ask(other, "query($id: ID!) { visitFinding(id: $id) { id } node(id: $id) { id } }", id=finding)
    assert hidden == {"visitFinding": None, "node": None}


WATCH = {
    "his": """subscription { termWorkChanged(researcher: "r1", term: "2024-2025-1") { ahead { state } } }""",
    "there": """subscription { schoolFieldWorkChanged(school: "s1", term: "2024-2025-1") { visits { totalCount } } }""",
}


@contextlib.asynccontextmanager
async def watching(door: Gate, caller: Caller, query: str) -> AsyncIterator[Watcher]:
    async with door.socket(door.token(caller)) as watcher:
        await watcher.send(type="subscribe", id="1", payload={"query": query})
        yield watcher


async def pushed(watcher: Watcher) -> Any:
    message = await watcher.next()
    assert message["type"] == "next", message
    (page,) = message["payload"]["data"].values()
    return page


async def test_a_page_changes_while_somebody_looks_at_it(asker: Asker) -> None:
    me = asker.house.researcher()
    sender = Sender(district=asker.house.district)
    other = Sender(person="r2", district=asker.house.district)
    plan = functools.partial(asker.house.call, wire.PLAN_VISIT)
    async with (
        watching(asker.door, me, WATCH["his"]) as mine,
        watching(asker.door, asker.house.school("s1"), WATCH["there"]) as schools,
    ):
        assert await pushed(mine) == {"ahead": []}
        assert await pushed(schools) == {"visits": {"totalCount": 0}}
        await plan(other.plan(new_id("visit"), on="10-21", school="s2"))  # of neither page
        await plan(sender.plan(new_id("visit"), on="10-21", school="s2"))
        assert await pushed(mine) == {"ahead": [{"state": "PLANNED"}]}
        await plan(other.plan(new_id("visit"), on="10-22"))
        assert await pushed(schools) == {"visits": {"totalCount": 1}}
        await mine.quiet()
        await schools.quiet()
