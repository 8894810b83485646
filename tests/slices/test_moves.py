"""A teacher moves: inside the district all follows him; beyond it each record is judged anew."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_wire.books import GET_TRANSCRIPT, GetTranscript
from yanxiu_wire.caller import Caller

from tests.slices.district import NETWORK, District
from tests.slices.platform import Platform

SUMMER, AUTUMN = "2024-07-12", "2024-10-12"
RECORD = "record { id on hours credits school { code } }"
EARNED = """query($teacher: ID!, $day: Date) { teacher(id: $teacher, asOf: $day) { school { code }
  total { hours credits } records { edges { node { on school { code } hours } } } } }"""


def leader(district: District, school: str) -> str:
    return district.token("school-leader", school=plain_id("School", school))


async def earned(district: District, teacher: str, token: str = "", day: str | None = None) -> Any:
    found = await district.platform.read(token or district.token(), EARNED, teacher=teacher, day=day)
    return found["teacher"]


async def transcript_of(district: District, teacher: str) -> Any:
    bus = await district.platform.bus()
    try:
        officer = Caller(subject="synthetic", role="institute-officer", district=district.code)
        asked = GetTranscript(caller=officer, teacher=plain_id("Teacher", teacher))
        return await bus.call(GET_TRANSCRIPT, asked, district=district.code)
    finally:
        await bus.close()


async def heard_of(district: District, teacher: str, school: str) -> None:
    """Return when the credits service knows that the teacher works there, which it hears by an event."""
    query = "query($id: ID!) { teacher(id: $id) { total { hours } } }"
    async with asyncio.timeout(district.platform.patience):
        while True:
            found = await district.platform.read(leader(district, school), query, id=teacher)
            if found["teacher"] and found["teacher"]["total"]:
                return
            await asyncio.sleep(0.05)  # a copy tells nobody outside what it has heard


async def test_inside_a_district_old_activities_stay_at_the_old_school_and_totals_follow_the_teacher(
    platform: Platform,
) -> None:
    district = await District(platform, "moves-within").open()
    old, new = district.school, await district.found("S002")
    teacher = await district.hire("T001")
    before = await district.register(teacher, await district.project(), fields=RECORD)
    assert before["record"]["school"] == {"code": "S001"}
    moved = {"teacherId": teacher, "schoolId": new, "since": "2024-09-01"}
    await district.enter("employTeacher", moved, "teacher { id }")
    await heard_of(district, teacher, new)

    after = await district.register(teacher, await district.project(**NETWORK), fields=RECORD, completedOn=AUTUMN)
    assert after["record"]["school"] == {"code": "S002"}
    hours = Decimal(before["record"]["hours"]) + Decimal(after["record"]["hours"])
    found = await earned(district, teacher, day=AUTUMN)
    assert found["school"] == {"code": "S002"}
    assert Decimal(found["total"]["hours"]) == hours
    # The old record was not rewritten, and it is seen at both schools: as history, and as part of the teacher.
    rows = [one["node"] for one in found["records"]["edges"]]
    assert [(one["on"], one["school"]["code"]) for one in rows] == [(SUMMER, "S001"), (AUTUMN, "S002")]
    query = "query($id: ID!) { record(id: $id) { school { code } } }"
    for token, sees_old, sees_new in ((leader(district, old), True, False), (leader(district, new), True, True)):
        seen = [
            (await platform.read(token, query, id=one["record"]["id"]))["record"] is not None for one in (before, after)
        ]
        assert seen == [sees_old, sees_new]


async def test_beyond_the_district_each_record_is_judged_by_the_law_of_the_district_entered(
    platform: Platform,
) -> None:
    left = await District(platform, "moves-left").open()
    teacher = await left.hire("T001")
    record = (await left.register(teacher, await left.project(), fields=RECORD))["record"]
    transcript = await transcript_of(left, teacher)
    entered = await District(platform, "moves-entered").open()
    newcomer = await entered.hire("T777")
    official = entered.token("institute-officer")
    stated = {"teacherId": newcomer, "document": transcript.document, "identityConfirmed": True}
    fields = """transfer { id recognised review items { number outcome clauses recognisedHours
      record { hours on school { code } explanation { steps { zh } clauses { code } } } } }"""

    city = {**stated, "withinCity": True, "sameStage": True}
    moved = (await entered.enter("receiveTransfer", city, fields, token=official))["transfer"]
    (item,) = moved["items"]
    assert (moved["recognised"], item["outcome"], item["recognisedHours"]) == (1, "RECOGNISED", record["hours"])
    made = item["record"]
    assert (made["on"], made["school"]) == (SUMMER, None)
    assert "PUER-F2-5-2" in {one["code"] for one in made["explanation"]["clauses"]}
    assert (await earned(entered, newcomer))["total"]["hours"] == record["hours"]

    again = await platform.write(official, "receiveTransfer", {**city, "idempotencyKey": "another-key"}, fields)
    assert [one["code"] for one in again["errors"]] == ["TRANSCRIPT_ALREADY_RECEIVED"]

    far = await District(platform, "moves-far").open()
    stranger = await far.hire("T888")
    waits = {**stated, "teacherId": stranger, "withinCity": False, "sameStage": True}
    token = far.token("institute-officer")
    away = (await far.enter("receiveTransfer", waits, fields, token=token))["transfer"]
    assert [(one["outcome"], one["clauses"]) for one in away["items"]] == [("REVIEW", ["PUER-F2-5-2"])]
    decided = {"transferId": away["id"], "number": 1, "recognise": True, "reason": "已核原始材料"}
    settled = (await far.enter("decideTransferItem", decided, fields, token=token))["transfer"]
    assert settled["items"][0]["outcome"] == "RECOGNISED"
    assert "已核原始材料" in settled["items"][0]["record"]["explanation"]["steps"][0]["zh"]
    assert (await earned(far, stranger))["total"]["hours"] == record["hours"]
