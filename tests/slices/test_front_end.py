"""Front ends as they are in the world: urql, graphql-ws, Relay's compiler and the audit of GraphQL over HTTP."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
import pytest
from yanxiu_footing.clock import CHINA
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_wire.caller import Caller

from tests.slices import front_end
from tests.slices.district import TRAINING, District
from tests.slices.platform import PATIENCE_SECONDS, Platform, guarded

APP = "screens"


@pytest.fixture(scope="module")
async def built() -> None:
    await asyncio.to_thread(front_end.build)


@pytest.fixture(scope="module")
async def served(built: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Platform]:
    """A platform whose gateway runs what the app `screens` registered, and every other text too."""
    folder = tmp_path_factory.mktemp("front-end")
    documents = folder / "documents"
    documents.mkdir()
    shutil.copy(front_end.REGISTERED, documents / f"{APP}.json")
    nats = guarded(folder)
    made = Platform(nats, folder, also={"YANXIU_TRUSTED_DOCUMENTS": str(documents)})
    try:
        await made.start()
        yield made
    finally:
        await made.stop()
        nats.stop()


async def asks(platform: Platform, **given: Any) -> dict[str, Any]:
    """What the client was answered."""
    return json.loads(await front_end.node("conformance/screens.mjs", f"{platform.http.base_url}/graphql", given=given))


async def until(answer: Callable[[], Awaitable[httpx2.Response]], name: str) -> Any:
    """The first answer without errors that has the field: services hear of each other's facts a little late."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            told = (await answer()).json()
            if "errors" not in told and told["data"][name] is not None:
                return told["data"]


async def known(district: District, staff_number: str) -> str:
    """Enter a teacher whom credits has heard of."""
    teacher = await district.hire(staff_number)
    asked = 'query($t: ID!) { standing(teacher: $t, kind: "year", on: "2024-12-31") { verdict } }'
    await until(lambda: district.platform.post(district.token(), asked, {"t": teacher}), "standing")
    return teacher


async def test_the_typed_client_asks_registers_and_watches_with_urql_and_graphql_ws(served: Platform) -> None:
    district = await District(served, "front-end").open()
    project = await district.project()
    teacher = await known(district, "T001")
    token = district.token(app=APP)
    training = {
        "idempotencyKey": district.key(), "teacherId": teacher, "projectId": project,
        "completedOn": "2024-07-12", "hoursPlanned": "30", "hoursCompleted": "30", "score": "95",
    }  # fmt: skip
    roster = ["SchoolRosterDocument", {"school": district.school}]
    operations = [
        ["SignedInDocument", {}],
        ["RegisterTrainingDocument", {"input": training}],
        roster,
        ["TeacherStandingDocument", {"teacher": teacher, "kind": "year", "on": "2024-12-31"}],
    ]
    watch = ["StandingChangedDocument", {"teacher": teacher, "kind": "year"}]
    told = await asks(served, token=token, operations=operations, watch=watch)
    assert [(one["errors"], one["network"]) for one in told["answers"]] == [([], None)] * 4
    signed_in, registered, listed, standing = (one["data"] for one in told["answers"])
    assert signed_in["me"]["district"]["code"] == "front-end"
    assert registered["registerTraining"]["errors"] == []
    (row,) = listed["school"]["teachers"]["edges"]
    # Exact decimals arrive as texts.
    assert row["node"]["total"]["credits"] == registered["registerTraining"]["record"]["credits"]
    assert standing["standing"]["findings"]
    assert told["watched"]["errors"] == []
    assert told["watched"]["data"]["standingChanged"]["verdict"]
    # The same document by the id that the app registered; without the app it is unknown.
    by_id = await asks(served, token=token, registered=True, operations=[roster])
    assert by_id["answers"][0]["data"] == listed
    unknown = await asks(served, token=district.token(), registered=True, operations=[roster])
    assert unknown["answers"][0]["errors"] == ["DOCUMENT_UNKNOWN"]


async def test_a_subscription_outlives_its_token_and_goes_on_from_its_cursor(served: Platform) -> None:
    district = await District(served, "front-end-long").open()
    project, teacher = await district.project(), await known(district, "T001")
    # A minute's grace is given to clocks that differ: this token is good for some seconds more.
    officer = Caller(subject="synthetic", role="district-officer", district=district.code, app=APP)
    short = served.issuer.issue(officer, ttl=timedelta(seconds=66), now=time.time() - 120)
    # What is watched is this year, on its first day too.
    today = datetime.now(CHINA).date().isoformat()
    training = {
        "idempotencyKey": district.key(), "teacherId": teacher, "projectId": project,
        "completedOn": today, "hoursPlanned": "30", "hoursCompleted": "30", "score": "95",
    }  # fmt: skip
    told = await asks(
        served, token=served.issuer.issue(officer), first=short, registered=True, operations=[],
        watch=["StandingChangedDocument", {"teacher": teacher, "kind": "year"}],
        meanwhile=["RegisterTrainingDocument", {"input": training}],
    )  # fmt: skip
    before, after = told["watched"]
    assert (before["errors"], after["errors"], after["network"]) == ([], [], None)
    assert before["cursor"] != after["cursor"]
    assert after["resumed"] is True
    assert after["data"] != before["data"]


async def test_a_subscription_that_nobody_may_open_ends_with_the_reason(served: Platform) -> None:
    watch = ["StandingChangedDocument", {"teacher": "t", "kind": "year"}]
    told = await asks(served, token="x.y.z", operations=[], watch=watch)
    assert told["watched"]["network"] == "TOKEN_MALFORMED (4401)"


async def test_every_must_and_should_of_graphql_over_http_is_met(served: Platform) -> None:
    token = served.token("front-end", "auditor")
    audits = json.loads(await front_end.node("conformance/audit.mjs", f"{served.http.base_url}/graphql", token))
    assert len(audits) > 60
    # What it only may do is GET, which is off: a query in an address ends up in logs.
    assert {one["name"].split()[0] for one in audits if one["status"] == "notice"} <= {"MAY"}
    assert [one for one in audits if one["status"] not in ("ok", "notice")] == []


@pytest.mark.usefixtures("built")
async def test_the_compiler_of_relay_accepts_the_schema(tmp_path: Path) -> None:
    relay = tmp_path / "relay"
    shutil.copytree(front_end.FOLDER / "conformance" / "relay", relay, ignore=shutil.ignore_patterns("__generated__"))
    (relay / "__generated__").mkdir()
    config = json.loads((relay / "relay.config.json").read_text())
    shutil.copy(front_end.FOLDER.parent / "schema.graphql", relay)
    (relay / "relay.config.json").write_text(json.dumps(config | {"schema": "schema.graphql"}))
    compiler = front_end.FOLDER / "node_modules" / "relay-compiler" / "cli.js"
    await front_end.node(str(compiler), "relay.config.json", folder=relay)
    assert {file.name for file in (relay / "__generated__").iterdir()} == {
        "roster_school.graphql.js", "rosterPageQuery.graphql.js",
        "rosterQuery.graphql.js", "rosterRegisterMutation.graphql.js",
    }  # fmt: skip


SCREEN = re.compile(r"```graphql\n(.*?)```", re.DOTALL)


def screens() -> dict[str, str]:
    """Each screen's document by its name, from the files that the client is built of."""
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(front_end.SCREENS.iterdir())}


def test_the_guide_shows_the_screens_as_they_are_built() -> None:
    guide = (front_end.FOLDER.parents[1] / "docs" / "front-ends.md").read_text(encoding="utf-8")
    assert sorted(SCREEN.findall(guide)) == sorted(screens().values())
    assert len(screens()) == 11


async def test_each_screen_of_the_guide_shows_what_its_reader_came_for(served: Platform) -> None:
    taught = await District(served, "screens-credits").open()
    project, teacher = await taught.project(), await known(taught, "T001")
    documents = screens()
    training = {"idempotencyKey": taught.key(), "teacherId": teacher, "projectId": project, **TRAINING}
    made = await served.read(taught.school_officer, documents["registerTraining"], input=training)
    record = made["registerTraining"]["record"]["id"]
    himself = taught.token("teacher", teacher=plain_id("Teacher", teacher))

    async def shown(name: str, token: str, **variables: Any) -> dict[str, Any]:
        return await served.read(token, documents[name], **variables)

    year = {"kind": "year", "on": "2024-12-31"}
    assert (await shown("signedIn", himself))["me"]["teacher"]["name"] == "虚构教师"
    standing = await shown("teacherStanding", himself, teacher=teacher, **year)
    assert Decimal(standing["standing"]["credits"]) > 0
    assert (await shown("teacherRecords", himself, teacher=teacher))["records"]["totalCount"] == 1
    why = (await shown("whyThisNumber", himself, record=record))["record"]["explanation"]
    assert why["steps"]
    assert why["clauses"]
    roster = await shown("schoolRoster", taught.school_officer, school=taught.school)
    assert roster["school"]["teachers"]["totalCount"] == 1
    short = await shown("whoFallsShort", taught.token("institute-officer"), **year)
    assert (short["shortfalls"]["totalCount"], short["shortfallSummary"]["total"]["teachers"]) == (1, 1)


async def test_the_screens_of_field_work_are_shown_to_the_officers_of_a_district_with_visits(served: Platform) -> None:
    district = await District(served, "screens-visits", "ouhai").open()
    term = {"schoolYear": "2024-2025", "number": 1, "startsOn": "2024-09-01", "endsOn": "2025-01-18"}
    made = await district.enter("setTerm", term, "term { id }")
    person = await district.hire("R001")
    given = {"teacherId": person, "beginsOn": "2024-01-01", "subjects": ["语文"], "stages": ["PRIMARY"]}
    researcher = (await district.enter("enrolResearcher", given, "researcher { id }"))["researcher"]["id"]
    officer, documents = district.token("institute-officer"), screens()
    asked = {"researcher": researcher, "term": made["term"]["id"]}
    work = await until(lambda: served.post(officer, documents["researcherTerm"], asked), "termMinima")
    assert {one["state"] for one in work["termMinima"]["minima"]}
    page = {"terms": ["2024-2025-1"]}
    covered = await until(lambda: served.post(officer, documents["coverageMap"], page), "coverage")
    assert covered["coverage"]["totalCount"] == 1
    assert (await served.read(officer, documents["openFindings"]))["visitFindings"]["totalCount"] == 0
