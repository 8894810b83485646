"""Workflows through GraphQL: what a front end asks, what it sends, and what it is answered."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from yanxiu_wire import process as view
from yanxiu_wire import workflow as wire
from yanxiu_wire.jobs import Job
from yanxiu_wire.refusal import RefusalItem

from tests.gateway.conftest import Client
from tests.gateway.test_reads import PROJECT, SCHOOL, TEACHER, gid
from tests.gateway.world import World, refuse

KEY = "0190-key-of-this-test"
PERIOD = view.ProcessPeriod(kind="term", label="2024-2025-2", starts_on=date(2025, 2, 17), ends_on=date(2025, 7, 4))
WAITS = RefusalItem(
    code="STEP_TOO_EARLY", clauses=("PUER-F2-4-2",), message_zh="公示未满。", message_en="Still public.",
    remedy_zh="请等待。", remedy_en="Wait.",
)  # fmt: skip
STEP = view.OpenStep(
    name="approve", label_zh="审核通过", label_en="approve", by=("district-officer",),
    opens=date(2025, 3, 1), closes=date(2025, 3, 7), when_zh="一周内", when_en="within a week", overdue=True,
    asks=(view.Asked(name="opinion", label_zh="意见", label_en="opinion", form="text", required=False),),
    clauses=("PUER-9-1",), readings=(), consequence_zh="不得实施", consequence_en="may not run", mine=True,
    hindrances=(WAITS,),
)  # fmt: skip
SIGNED = view.Signature(
    seq=1, step="declare", label_zh="申报", label_en="declare", subject="clerk", role="school-leader",
    school="puer-school-0", on_behalf_of="leader", on=date(2025, 3, 9), mark="late", from_state="drafting",
    to_state="declared", statements={"aim": "提升"}, reason=None, pack="yanxiu-puer", version="2023.1",
    evidence=(view.Evidence(name="plan", title="计划书", reference="file://x", sha256="a" * 64),),
    signed_at=datetime(2025, 3, 9, 4, tzinfo=UTC), previous="0" * 64, hash="b" * 64,
)  # fmt: skip
OBJECTION = view.Objection(
    id="objection-1", teacher="puer-school-0-teacher-1", record=None, text="有误", raised_by="teacher-1",
    raised_on=date(2025, 3, 10), state="open",
)  # fmt: skip
PROCESS = view.Process(
    id="process-1", workflow="school_plan", label_zh="校本研修计划", label_en="a school's plan", carries="projects",
    school="puer-school-0", period=PERIOD, state="declared", state_label_zh="已申报", state_label_en="declared",
    phase="in_publicity", ended=False, version=3, entered=date(2025, 3, 9), opened_on=date(2025, 3, 8),
    pack="yanxiu-puer", pack_version="2023.1", clauses=("PUER-9-1",), projects=("puer-project-1",),
    statements={"aim": "提升"}, signatures=(SIGNED,), steps=(STEP,), objections=(OBJECTION,),
    publicity=view.Publicity(
        round=1, teachers=1, opened_on=date(2025, 3, 9), open_until=date(2025, 3, 14), open=True, digest="c" * 64
    ),
)  # fmt: skip
LINE = view.PublicLine(
    teacher="puer-school-0-teacher-1", verdict="FAIL", hours=Decimal("59.5"), credits=Decimal("59.5"),
    recognised_hours=Decimal(0), recognised_credits=Decimal(0), hours_unit="学时", credits_unit="学分",
)  # fmt: skip
DELEGATION = view.Delegation(
    id="delegation-1", from_subject="leader", role="school-leader", school="puer-school-0", to_subject="clerk",
    workflows=(), since=date(2025, 3, 1), until=date(2025, 3, 31), reason="外出",
)  # fmt: skip
TASK = view.Task(
    workflow="school_plan", label_zh="校本研修计划", label_en="a school's plan", process=None, version=0,
    school="puer-school-0", period=PERIOD, on=date(2025, 2, 17), step=STEP, delegation="delegation-1",
    on_behalf_of="leader",
)  # fmt: skip
UNSETTLED = view.UnsettledPeriod(
    lock="lock-1", school=None, period=PERIOD, opened_until=date(2025, 3, 13), teachers=2
)  # fmt: skip
NOTICE = view.Notice(
    id="notice-1", teacher="puer-school-0-teacher-1", process="process-1", period=PERIOD, verdict="PASS",
    recognised_hours=Decimal(72), recognised_credits=Decimal("73.5"), hours_unit="学时", credits_unit="学分",
    told_on=date(2025, 4, 3),
)  # fmt: skip


class WorkflowWorld(World):
    """The world with one process in it."""

    def _moved(self, _land: Any, command: Any) -> Any:
        if getattr(command, "process", "process-1") != "process-1":
            return refuse("PROCESS_UNKNOWN", "process", command.process)
        return wire.ProcessMovedOn(process=PROCESS)

    open_process = take_step = return_process = take_back_recognition = _moved

    def take_steps(self, _land: Any, _command: Any) -> Any:
        return Job(
            id="job-1", kind="take-steps", state="running", total=3, done=0, failed=0, asked_by="synthetic",
            created_at=datetime(2025, 3, 9, 4, tzinfo=UTC),
        )  # fmt: skip

    def delegate_steps(self, _land: Any, command: Any) -> Any:
        return msgspec.structs.replace(DELEGATION, to_subject=command.to_subject, workflows=command.workflows)

    def end_delegation(self, _land: Any, command: Any) -> Any:
        if command.delegation != DELEGATION.id:
            return refuse("DELEGATION_UNKNOWN", "delegation", command.delegation)
        return msgspec.structs.replace(DELEGATION, ended_on=date(2025, 3, 9))

    def raise_objection(self, _land: Any, command: Any) -> Any:
        return wire.ObjectionAnswered(
            process=command.process, objection=msgspec.structs.replace(OBJECTION, text=command.text)
        )

    def settle_objection(self, _land: Any, command: Any) -> Any:
        state = "upheld" if command.upheld else "dismissed"
        return wire.ObjectionAnswered(
            process="process-1", objection=msgspec.structs.replace(OBJECTION, state=state, reason=command.reason)
        )

    def get_processes(self, _land: Any, query: Any) -> Any:
        return wire.Processes(items=tuple(PROCESS if one == "process-1" else None for one in query.ids))

    def list_processes(self, _land: Any, _query: Any) -> Any:
        short = msgspec.structs.replace(PROCESS, signatures=(), steps=(), objections=(), publicity=None, statements={})
        return wire.ProcessPage(items=(short,), cursors=("1",), has_next=False, total=1)

    def list_tasks(self, _land: Any, _query: Any) -> Any:
        return wire.Tasks(items=(TASK,), total=7, unsettled=(UNSETTLED,), cursors=("c-1",), has_next=True)

    def get_public_lists(self, _land: Any, query: Any) -> Any:
        on = date(2024, 12, 31)
        page = wire.PublicLinePage(items=(LINE,), cursors=("1",), has_next=False, total=1, on=on)
        return wire.PublicLists(pages=(page,) * len(query.processes))

    def list_delegations(self, _land: Any, query: Any) -> Any:
        return wire.Delegations(items=(DELEGATION,) if query.all else ())

    def list_notices(self, _land: Any, query: Any) -> Any:
        items = (NOTICE,) if query.teacher == NOTICE.teacher else ()
        return wire.NoticePage(items=items, cursors=("1",) * len(items), has_next=False, total=len(items))

    def get_record_states(self, _land: Any, query: Any) -> Any:
        return wire.RecordStates(items=tuple("recognised" for _ in query.ids))

    def list_workflows(self, _land: Any, _query: Any) -> Any:
        step = view.WorkflowStep(
            name="declare", label_zh="申报", label_en="declare", from_states=("drafting",), to_state="declared",
            by=("school-leader",), asks=STEP.asks, not_by=(), clauses=("PUER-9-1",), when_zh="一周内",
            when_en="within a week", consequence_zh="标记", consequence_en="marked",
        )  # fmt: skip
        shown = view.WorkflowView(
            name="school_plan", label_zh="计划", label_en="plan", carries="projects", scope="school", per="term",
            states=(("drafting", "起草", "drafting"),), steps=(step,), clauses=("PUER-9-1",),
        )  # fmt: skip
        return wire.Workflows(items=(shown,))

    def verify_signatures(self, _land: Any, _query: Any) -> Any:
        return wire.SignaturesVerified(processes=1, signatures=2, first_bad="process-1", problem="altered: signature 1")


@pytest.fixture
def world() -> WorkflowWorld:
    return WorkflowWorld()


async def process_id(client: Client) -> str:
    return (await client.data("{ processes { edges { node { id } } } }"))["processes"]["edges"][0]["node"]["id"]


async def test_a_process_shows_who_signed_what_and_what_comes_next(client: Client, world: World) -> None:
    query = """query($id: ID!) { process(id: $id) {
        workflow label state stateLabelZh phase ended version period { label startsOn } school { name }
        projects { id } statements { name value } clauses
        signatures { step subject onBehalfOf role on mark evidence { title sha256 } school { name } hash }
        steps { name by opens closes overdue when mine consequence asks { name label form required }
                hindrances { code message clauses } }
        publicity { teachers open openUntil } objections { id text state teacher { name } }
        publicLines { totalCount edges { node { verdict recognisedCredits teacherId name teacher { name } } } }
    } }"""
    found = (await client.data(query, variables={"id": await process_id(client)}))["process"]
    assert (found["label"], found["phase"], found["version"]) == ("校本研修计划", "IN_PUBLICITY", 3)
    assert found["projects"] == [{"id": PROJECT}]
    (signed,) = found["signatures"]
    assert (signed["subject"], signed["onBehalfOf"], signed["role"]) == ("clerk", "leader", "SCHOOL_LEADER")
    assert (signed["mark"], signed["evidence"]) == ("LATE", [{"title": "计划书", "sha256": "a" * 64}])
    (step,) = found["steps"]
    assert (step["by"], step["overdue"], step["when"]) == (["DISTRICT_OFFICER"], True, "一周内")
    assert step["hindrances"] == [{"code": "STEP_TOO_EARLY", "message": "公示未满。", "clauses": ["PUER-F2-4-2"]}]
    assert found["publicity"] == {"teachers": 1, "open": True, "openUntil": "2025-03-14"}
    assert found["objections"][0]["teacher"]["name"]
    (line,) = [edge["node"] for edge in found["publicLines"]["edges"]]
    assert (line["verdict"], line["name"], line["teacherId"]) == ("FAIL", "虚构教师1", TEACHER)
    (asked,) = [one for name, _, one in world.calls if name == "registry.get-public-names"]
    assert (asked.teachers, asked.on) == ((LINE.teacher,), date(2024, 12, 31)), "only those whom credits has shown"
    missing = await client.data(query, variables={"id": "none"})
    assert missing["process"] is None


async def test_a_process_is_refetched_by_its_global_id_and_read_in_full_from_a_list(
    client: Client, world: WorkflowWorld
) -> None:
    query = "query($id: ID!) { node(id: $id) { id ... on Process { state } } }"
    identity = await process_id(client)
    assert (await client.data(query, variables={"id": identity}))["node"] == {"id": identity, "state": "declared"}
    world.calls.clear()
    asked = (
        '{ processes(workflow: "school_plan", ended: false) { edges { node { steps { name } signatures { step } } } } }'
    )
    node = (await client.data(asked))["processes"]["edges"][0]["node"]
    assert node == {"steps": [{"name": "approve"}], "signatures": [{"step": "declare"}]}
    # One page, and one batch for what only a whole process has.
    assert [name for name, _, _ in world.calls] == ["credits.list-processes", "credits.get-processes"]
    assert (world.calls[0][2].workflow, world.calls[0][2].ended) == ("school_plan", False)


async def test_tasks_speak_the_readers_language_and_name_whom_one_acts_for(client: Client) -> None:
    query = (
        "{ tasks(first: 5) { totalCount pageInfo { hasNextPage endCursor } "
        "edges { node { label processId on delegationId onBehalfOf step { label consequence } } } } }"
    )
    for language, label, step in (("zh-CN", "校本研修计划", "审核通过"), ("en", "a school's plan", "approve")):
        found = (await client.data(query, headers={"accept-language": language}))["tasks"]
        assert (found["totalCount"], found["pageInfo"]) == (7, {"hasNextPage": True, "endCursor": "c-1"})
        task = found["edges"][0]["node"]
        assert (task["label"], task["step"]["label"], task["processId"]) == (label, step, None)
        assert (task["onBehalfOf"], task["on"]) == ("leader", "2025-02-17")
    data = await client.data("{ tasks { unsettled { lockId school { name } period { label } openedUntil teachers } } }")
    assert data["tasks"]["unsettled"] == [
        {
            "lockId": gid("PeriodLock", "lock-1"), "school": None, "period": {"label": "2024-2025-2"},
            "openedUntil": "2025-03-13", "teachers": 2,
        }
    ]  # fmt: skip
    answer = await client.ask("{ tasks(first: 0) { totalCount } }")
    assert answer["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"


async def test_a_step_is_sent_in_the_wires_words(client: Client, world: WorkflowWorld) -> None:
    given = {
        "idempotencyKey": KEY,
        "processId": await process_id(client),
        "step": "review",
        "version": 3,
        "statements": [{"name": "opinion", "value": "同意"}],
        "evidence": [{"name": "plan", "title": "计划书", "reference": "file://x", "sha256": "a" * 64}],
        "projectFacts": [{"projectId": PROJECT, "facts": [{"name": "project_credit", "value": "0.75"}]}],
    }
    query = (
        "mutation($input: TakeStepInput!) { takeStep(input: $input) { process { state } replayed errors "
        "{ code field } } }"
    )
    answer = (await client.data(query, variables={"input": given}))["takeStep"]
    assert answer == {"process": {"state": "declared"}, "replayed": False, "errors": []}
    command = next(request for name, _, request in world.calls if name == "credits.take-step")
    assert (command.process, command.step, command.version, command.key) == ("process-1", "review", 3, KEY)
    assert command.statements == {"opinion": "同意"}
    assert command.evidence[0].title == "计划书"
    assert command.project_facts == {"puer-project-1": {"project_credit": "0.75"}}
    assert (await client.data(query, variables={"input": given}))["takeStep"]["replayed"] is True
    other = {**given, "processId": "none", "idempotencyKey": KEY + "2"}
    refused = (await client.data(query, variables={"input": other}))["takeStep"]
    assert refused["errors"] == [{"code": "PROCESS_UNKNOWN", "field": "input.processId"}]
    assert refused["process"] is None


async def test_a_process_is_opened_and_returned(client: Client, world: WorkflowWorld) -> None:
    opened = """mutation($input: OpenProcessInput!) { openProcess(input: $input) { process { id } errors { code } } }"""
    given = {
        "idempotencyKey": KEY, "workflow": "school_plan", "schoolId": SCHOOL, "on": "2025-03-08",
        "projectIds": [PROJECT],
    }  # fmt: skip
    assert (await client.data(opened, variables={"input": given}))["openProcess"]["errors"] == []
    command = world.calls[0][2]
    assert (command.workflow, command.school, command.projects) == ("school_plan", "puer-school-0", ("puer-project-1",))
    returned = (
        "mutation($input: ReturnProcessInput!) { returnProcess(input: $input) { process { state } errors { code } } }"
    )
    back = {"idempotencyKey": KEY + "3", "processId": "process-1", "version": 3, "reason": "材料不全"}
    assert (await client.data(returned, variables={"input": back}))["returnProcess"]["process"]["state"] == "declared"
    short = (await client.data(returned, variables={"input": {**back, "idempotencyKey": "x"}}))["returnProcess"]
    assert short["errors"] == [{"code": "KEY_MALFORMED"}]


async def test_delegations_are_given_listed_and_ended(client: Client) -> None:
    given = {
        "idempotencyKey": KEY, "toSubject": "clerk", "since": "2025-03-01", "until": "2025-03-31", "reason": "外出",
        "workflows": ["school_plan"],
    }  # fmt: skip
    query = (
        "mutation($input: DelegateInput!) { delegate(input: $input) { delegation { id toSubject workflows role } } }"
    )
    made = (await client.data(query, variables={"input": given}))["delegate"]["delegation"]
    assert (made["toSubject"], made["workflows"], made["role"]) == ("clerk", ["school_plan"], "SCHOOL_LEADER")
    end = (
        "mutation($input: EndDelegationInput!) { endDelegation(input: $input) { delegation { endedOn } "
        "errors { field } } }"
    )
    ended = {"idempotencyKey": KEY + "4", "delegationId": made["id"]}
    assert (await client.data(end, variables={"input": ended}))["endDelegation"]["delegation"][
        "endedOn"
    ] == "2025-03-09"
    wrong = {"idempotencyKey": KEY + "5", "delegationId": "none"}
    refused = (await client.data(end, variables={"input": wrong}))["endDelegation"]
    assert refused["errors"] == [{"field": "input.delegationId"}]
    listed = "query($all: Boolean!) { delegations(ofDistrict: $all) { fromSubject } }"
    assert (await client.data(listed, variables={"all": False}))["delegations"] == []
    assert (await client.data(listed, variables={"all": True}))["delegations"] == [{"fromSubject": "leader"}]


async def test_an_objection_is_raised_and_settled_with_its_process(client: Client, world: WorkflowWorld) -> None:
    raised = (
        "mutation($input: RaiseObjectionInput!) { raiseObjection(input: $input) { objection { id text } "
        "process { state } } }"
    )
    given = {"idempotencyKey": KEY, "processId": "process-1", "text": "学时有误", "teacherId": TEACHER}
    answer = (await client.data(raised, variables={"input": given}))["raiseObjection"]
    assert (answer["objection"]["text"], answer["process"]) == ("学时有误", {"state": "declared"})
    assert world.calls[0][2].teacher == "puer-school-0-teacher-1"
    settle = "mutation($input: SettleObjectionInput!) { settleObjection(input: $input) { objection { state reason } } }"
    given = {"idempotencyKey": KEY + "6", "objectionId": answer["objection"]["id"], "upheld": True, "reason": "属实"}
    done = (await client.data(settle, variables={"input": given}))["settleObjection"]["objection"]
    assert done == {"state": "UPHELD", "reason": "属实"}
    command = next(request for name, _, request in world.calls if name == "credits.settle-objection")
    assert command.objection == "objection-1"


async def test_a_teacher_reads_what_he_was_told_and_where_his_records_stand(client: Client) -> None:
    token = client.token(role="teacher", teacher="puer-school-0-teacher-1")
    query = (
        "{ me { notices { totalCount edges { node { verdict recognisedCredits period { label } } } } } "
        "records(first: 1) { edges { node { state } } } }"
    )
    found = await client.data(query, token=token)
    (edge,) = found["me"]["notices"]["edges"]
    assert edge["node"] == {"verdict": "PASS", "recognisedCredits": "73.5", "period": {"label": "2024-2025-2"}}
    assert found["records"]["edges"][0]["node"]["state"] == "RECOGNISED"
    assert (await client.data("{ me { notices { totalCount } } }"))["me"]["notices"] is None


async def test_the_laws_workflows_and_the_signatures_can_be_asked_for(client: Client) -> None:
    query = (
        "{ workflows { name per states { labelZh } steps { name by when asks { name } } } "
        "signatureVerification { intact firstBad problem } }"
    )
    found = await client.data(query)
    (workflow,) = found["workflows"]
    assert workflow["steps"] == [
        {"name": "declare", "by": ["SCHOOL_LEADER"], "when": "一周内", "asks": [{"name": "opinion"}]}
    ]
    verified = found["signatureVerification"]
    assert (verified["intact"], verified["problem"]) == (False, "altered: signature 1")
    assert verified["firstBad"] == await process_id(client)


async def test_a_step_is_taken_for_all_as_a_job(client: Client, world: WorkflowWorld) -> None:
    query = "mutation($input: TakeStepsInput!) { takeSteps(input: $input) { job { state total } errors { code } } }"
    given = {"idempotencyKey": KEY, "workflow": "year_recognition", "step": "recognise", "period": "2024年度"}
    answer = (await client.data(query, variables={"input": given}))["takeSteps"]
    assert answer == {"job": {"state": "RUNNING", "total": 3}, "errors": []}
    command = world.calls[0][2]
    assert (command.workflow, command.step, command.period) == ("year_recognition", "recognise", "2024年度")
