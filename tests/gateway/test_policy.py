"""Jobs, previews and adoptions through GraphQL: what front ends send, what is asked of the service, what comes back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from yanxiu_gateway.schema.nodes import global_id
from yanxiu_wire import jobs as wire_jobs
from yanxiu_wire import policy as wire

from tests.gateway.conftest import Client
from tests.gateway.world import Land, World, _page, refuse

AT = datetime(2025, 3, 14, 1, tzinfo=UTC)
TEACHER, SCHOOL = "puer-school-1-teacher-0", "puer-school-1"


def job(state: wire_jobs.JobState = "running", **more: Any) -> wire_jobs.Job:
    return wire_jobs.Job(
        id="job-1", kind="preview", state=state, total=8, done=3, failed=1, asked_by="x", created_at=AT, started_at=AT,
        per_minute=Decimal("6.0"), seconds_left=40, replicas=2, about={"period": "2024"}, **more,
    )  # fmt: skip


def school(name: str | None) -> wire.PreviewSchool:
    return wire.PreviewSchool(
        school=name, teachers=2, gains=0, loses=1, mixed=0, same=1, now_pass=0, now_fail=1,
        recognised_hours=Decimal(-10), recognised_credits=Decimal("-7.5"),
    )  # fmt: skip


PREVIEW = wire.Preview(
    id="preview-1", job="job-1", state="ready", draft={"since": "2024-01-01"}, binding={"pack": "puer"},
    since=date(2024, 1, 1), kind="year", label="2024", starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31),
    hours_unit="学时", credits_unit="学分", head_seq=12, head_hash="ab", facts="f", asked_by="x", created_at=AT,
    total=school(None), records=1, locked_records=0, locks=("year 2023",),
)  # fmt: skip
CAUSE = wire.Cause(clause="PUER-11-3", label="校本上限", before="60", after="40", unit="学时", parameter="cap")
BEFORE = wire.StandingFigures(
    verdict="PASS", hours=Decimal(80), credits=Decimal(80), recognised_hours=Decimal(80), recognised_credits=Decimal(80)
)
LINE = wire.PreviewLine(
    teacher=TEACHER, school=SCHOOL, effect="loses", records=1, before=BEFORE, after=BEFORE, causes=(CAUSE,)
)
RECORD = wire.PreviewedRecord(
    record=f"{TEACHER}-record-1", teacher=TEACHER, school=SCHOOL, on=date(2024, 5, 1),
    before=wire.RecordWorth(status="COUNTED", hours=Decimal(8), credits=Decimal(8)),
    after=wire.RecordWorth(status="REJECTED", hours=Decimal(0), credits=Decimal(0)), causes=(CAUSE,),
)  # fmt: skip


class Policies(World):
    """The synthetic world with one preview and its job."""

    def get_jobs(self, _land: Land, query: wire_jobs.GetJobs) -> Any:
        problem = wire_jobs.JobProblem(part=2, tries=5, reason=refuse("PART_FAILED", "part", "2").errors[0])
        found = job("failed", problems=(problem,))
        return wire_jobs.Jobs(items=tuple(found if one == "job-1" else None for one in query.ids))

    def list_jobs(self, _land: Land, query: wire_jobs.ListJobs) -> Any:
        return _page(wire_jobs.JobPage, [job()], query.page)

    def start_job(self, _land: Land, command: wire_jobs.StartJob) -> Any:
        return job() if command.kind == "verify" else refuse("JOB_KIND_UNKNOWN", "kind", command.kind)

    def cancel_job(self, _land: Land, command: wire_jobs.CancelJob) -> Any:
        return job("cancelled") if command.job == "job-1" else refuse("JOB_UNKNOWN", "job", command.job)

    def preview_policy(self, _land: Land, command: wire.PreviewPolicy) -> Any:
        return refuse("SETTING_REFUSED", "settings.cap", "90") if command.settings.get("cap") == "90" else PREVIEW

    def adopt_policy(self, _land: Land, command: wire.AdoptPolicy) -> Any:
        return PREVIEW if command.preview == "preview-1" else refuse("PREVIEW_UNKNOWN", "preview", command.preview)

    def get_previews(self, _land: Land, query: wire.GetPreviews) -> Any:
        return wire.Previews(items=tuple(PREVIEW if one == "preview-1" else None for one in query.ids))

    def list_previews(self, _land: Land, query: wire.ListPreviews) -> Any:
        return _page(wire.PreviewPage, [PREVIEW], query.page)

    def get_preview_lines(self, _land: Land, query: wire.GetPreviewLines) -> Any:
        return wire.PreviewLinePages(pages=(_page(wire.PreviewLinePage, [LINE], query.page),) * len(query.previews))

    def get_previewed_records(self, _land: Land, query: wire.GetPreviewedRecords) -> Any:
        page = _page(wire.PreviewedRecordPage, [RECORD], query.page)
        return wire.PreviewedRecordPages(pages=(page,) * len(query.previews))

    def summarise_previews(self, _land: Land, query: wire.SummarisePreviews) -> Any:
        return wire.PreviewSummaries(items=(wire.PreviewSchools(items=(school(SCHOOL),)),) * len(query.previews))


@pytest.fixture
def world() -> World:
    return Policies()


def asked(world: World, verb: str) -> list[Any]:
    return [request for name, _, request in world.calls if name == f"credits.{verb}"]


async def test_a_job_shows_its_progress_and_why_a_part_failed(client: Client) -> None:
    answer = await client.data(
        f"""{{ job(id: "{global_id("Job", "job-1")}") {{ id kind state total done failed percent perMinute secondsLeft
        replicas about {{ name value }} result {{ name }}
        problems {{ part tries reason {{ code messageZh remedyEn }} }} }}
        gone: job(id: "{global_id("Job", "job-2")}") {{ id }}
        jobs(state: RUNNING) {{ totalCount edges {{ node {{ state percent }} }} }} }}"""
    )
    assert answer["gone"] is None
    found = answer["job"]
    assert (found["state"], found["percent"], found["perMinute"], found["secondsLeft"]) == ("FAILED", 50, "6", 40)
    assert found["about"] == [{"name": "period", "value": "2024"}]
    assert found["result"] == []
    (problem,) = found["problems"]
    assert (problem["part"], problem["tries"], problem["reason"]["code"]) == (2, 5, "PART_FAILED")
    assert answer["jobs"]["edges"] == [{"node": {"state": "RUNNING", "percent": 50}}]


async def test_jobs_are_started_and_cancelled_with_a_key(client: Client, world: World) -> None:
    answer = await client.data(
        f"""mutation {{
        startJob(input: {{idempotencyKey: "start-job-1", kind: "verify"}}) {{ job {{ kind }} errors {{ code }} }}
        wrong: startJob(input: {{idempotencyKey: "start-job-2", kind: "adopt"}}) {{ errors {{ code field }} }}
        cancelJob(input: {{idempotencyKey: "cancel-job-1", jobId: "{global_id("Job", "job-1")}"}})
          {{ job {{ state }} errors {{ code }} }}
        none: cancelJob(input: {{idempotencyKey: "cancel-job-2", jobId: "x"}}) {{ errors {{ code field }} }}
        short: cancelJob(input: {{idempotencyKey: "short", jobId: "x"}}) {{ errors {{ code }} }} }}"""
    )
    assert answer["startJob"] == {"job": {"kind": "preview"}, "errors": []}
    assert answer["wrong"]["errors"] == [{"code": "JOB_KIND_UNKNOWN", "field": "input.kind"}]
    assert answer["cancelJob"]["job"] == {"state": "CANCELLED"}
    assert answer["none"]["errors"] == [{"code": "JOB_UNKNOWN", "field": "input.jobId"}]
    assert answer["short"]["errors"] == [{"code": "KEY_MALFORMED"}]
    assert [one.key for one in asked(world, "cancel-job")] == ["cancel-job-1", "cancel-job-2"]


PREVIEW_POLICY = """mutation ($input: PreviewPolicyInput!) { previewPolicy(input: $input) {
  preview { id state since label } errors { code field value } } }"""


async def test_a_draft_is_sent_as_the_front_end_wrote_it(client: Client, world: World) -> None:
    draft = {
        "idempotencyKey": "preview-1", "since": "2024-01-01", "kind": "year", "on": "2024-06-01",
        "settings": [{"name": "cap", "value": "40"}], "decidedBy": "局发〔9〕",
        "values": [{"parameter": "year_credits", "since": "2024-01-01", "value": "90", "unit": "学分", "cite": "P-1"}],
    }  # fmt: skip
    answer = (await client.data(PREVIEW_POLICY, variables={"input": draft}))["previewPolicy"]
    assert answer["errors"] == []
    assert answer["preview"]["id"] == global_id("PolicyPreview", "preview-1")
    (command,) = asked(world, "preview-policy")
    assert (command.settings, command.decided_by, command.kind) == ({"cap": "40"}, "局发〔9〕", "year")
    assert (command.values[0].parameter, command.values[0].value) == ("year_credits", "90")
    wrong = {**draft, "idempotencyKey": "preview-2", "settings": [{"name": "cap", "value": "90"}]}
    answer = (await client.data(PREVIEW_POLICY, variables={"input": wrong}))["previewPolicy"]
    assert answer["errors"] == [{"code": "SETTING_REFUSED", "field": "input.settings.cap", "value": "90"}]


async def test_a_preview_shows_who_loses_and_why(client: Client, world: World) -> None:
    answer = await client.data(
        f"""{{ policyPreview(id: "{global_id("PolicyPreview", "preview-1")}") {{
          state headSeq records lockedRecords locks binding {{ name value }} job {{ percent }} adoption {{ id }}
          total {{ loses nowFail recognisedCredits school {{ code }} }}
          schools {{ school {{ code }} loses }}
          lines(first: 10, effects: [LOSES, MIXED], school: "{global_id("School", SCHOOL)}") {{
            totalCount edges {{ node {{ effect records teacher {{ staffNumber }} school {{ code }}
              before {{ verdict recognisedCredits }} causes {{ clause parameter before after unit }} matched }} }} }}
          changedRecords(first: 5) {{ edges {{ node {{ record {{ id }} before {{ status }} after {{ status }} }} }} }}
        }} policyPreviews {{ totalCount edges {{ node {{ label }} }} }} }}"""
    )
    found = answer["policyPreview"]
    assert (found["state"], found["headSeq"], found["records"], found["locks"]) == ("READY", 12, 1, ["year 2023"])
    assert found["total"] == {"loses": 1, "nowFail": 1, "recognisedCredits": "-7.5", "school": None}
    assert found["schools"] == [{"school": {"code": "S001"}, "loses": 1}]
    assert found["adoption"] is None
    line = found["lines"]["edges"][0]["node"]
    assert (line["effect"], line["before"]) == ("LOSES", {"verdict": "PASS", "recognisedCredits": "80"})
    assert line["causes"][0] == {
        "clause": "PUER-11-3", "parameter": "cap", "before": "60", "after": "40", "unit": "学时"
    }  # fmt: skip
    assert line["school"] == {"code": "S001"}
    record = found["changedRecords"]["edges"][0]["node"]
    assert (record["before"]["status"], record["after"]["status"]) == ("COUNTED", "REJECTED")
    (query,) = asked(world, "get-preview-lines")
    assert (query.effects, query.school, query.page.first) == (("loses", "mixed"), SCHOOL, 10)
    assert answer["policyPreviews"]["totalCount"] == 1


async def test_a_preview_is_adopted_with_its_reason(client: Client, world: World) -> None:
    answer = await client.data(
        f"""mutation {{
        adoptPolicy(input: {{idempotencyKey: "adopt-0001", previewId: "{global_id("PolicyPreview", "preview-1")}",
          reason: "局发〔9〕"}}) {{ preview {{ id }} errors {{ code }} }}
        none: adoptPolicy(input: {{idempotencyKey: "adopt-0002", previewId: "x", reason: "r"}})
          {{ errors {{ code field }} }} }}"""
    )
    assert answer["adoptPolicy"]["errors"] == []
    assert answer["none"]["errors"] == [{"code": "PREVIEW_UNKNOWN", "field": "input.previewId"}]
    assert [one.reason for one in asked(world, "adopt-policy")] == ["局发〔9〕", "r"]
