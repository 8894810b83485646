"""Sessions and attendance through GraphQL: what front ends send, what services are asked, what comes back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from yanxiu_gateway.schema.nodes import global_id
from yanxiu_wire import attendance as wire

from tests.gateway.conftest import Client
from tests.gateway.world import Land, World, _page, refuse

START, END = datetime(2025, 3, 14, 1, tzinfo=UTC), datetime(2025, 3, 14, 3, tzinfo=UTC)
SESSION = wire.Session(
    id="session-1",
    project="puer-project-1",
    school="puer-school-1",
    title="课堂观察",
    on=date(2025, 3, 14),
    starts_at=START,
    ends_at=END,
    hours=Decimal("1.50"),
    facts={"form": "专题讲座"},
    check_in_from=START,
    check_in_until=END,
    scheduled_by="x",
)
TEACHER = "puer-school-1-teacher-0"
OTHER = "puer-school-1-teacher-1"


def attendance(teacher: str = TEACHER) -> wire.Attendance:
    flag = wire.AttendanceFlag(kind="shared-device", other_teacher=OTHER, open=True, raised_at=START)
    overlap = wire.AttendanceFlag(kind="overlap", other_session="session-1", open=False, raised_at=START)
    said = wire.Settlement(
        number=1, present=True, hours=Decimal(1), reason="有签到表", by="x", recorded_at=END, after_closing=False
    )
    return wire.Attendance(
        session="session-1", teacher=teacher, state="unsettled", hours=Decimal(0), checked_in_at=START,
        flags=(flag, overlap), settlements=(said,), record=f"{TEACHER}-record-1",
    )  # fmt: skip


class Sessions(World):
    """The synthetic world with one session in it."""

    def schedule_session(self, _land: Land, command: wire.ScheduleSession) -> Any:
        if command.school not in (None, "puer-school-1"):
            return refuse("SCHOOL_UNKNOWN", "school", command.school)
        warned = refuse("HOURS_BEYOND_PLAN", "hours", "3.5").errors
        return wire.SessionScheduled(session=SESSION, warnings=warned)

    def correct_session(self, _land: Land, command: wire.CorrectSession) -> Any:
        return wire.SessionScheduled(session=msgspec.structs.replace(SESSION, title=command.title or SESSION.title))

    def cancel_session(self, _land: Land, command: wire.CancelSession) -> Any:
        return msgspec.structs.replace(SESSION, state="cancelled", cancel_reason=command.reason)

    def close_session(self, _land: Land, _command: wire.CloseSession) -> Any:
        return refuse("FLAGS_UNSETTLED", "session", "t1, t2")

    def get_sessions(self, _land: Land, query: wire.GetSessions) -> Any:
        return wire.Sessions(items=tuple(SESSION if one == "session-1" else None for one in query.ids))

    def list_sessions(self, _land: Land, query: wire.ListSessions) -> Any:
        return _page(wire.SessionPage, [SESSION], query.page)

    def issue_check_in(self, _land: Land, command: wire.IssueCheckIn) -> Any:
        asked = command.teachers or (command.caller.teacher or "",)
        return wire.CheckInIssued(
            tokens=tuple(
                wire.CheckInToken(session="session-1", teacher=one, token="a.b.c", expires_at=END, opens_at=START)
                for one in asked
            )
        )

    def check_in(self, _land: Land, command: wire.CheckIn) -> Any:
        if command.token != "a.b.c":
            return refuse("TOKEN_UNKNOWN", "token")
        return wire.AttendanceTaken(attendance=attendance())

    def check_out(self, _land: Land, _command: wire.CheckOut) -> Any:
        return wire.AttendanceTaken(attendance=attendance())

    def settle_attendance(self, _land: Land, command: wire.SettleAttendance) -> Any:
        if command.hours is not None and command.hours > 2:
            return refuse("HOURS_OUT_OF_RANGE", "hours", str(command.hours))
        return wire.AttendanceTaken(attendance=attendance(command.teacher))

    def list_attendance(self, _land: Land, query: wire.ListAttendance) -> Any:
        rows = [attendance(TEACHER), attendance(OTHER)]
        return wire.AttendancePages(pages=tuple(_page(wire.AttendancePage, rows, query.page) for _ in query.sessions))

    def register_attended(self, _land: Land, command: wire.RegisterAttended) -> Any:
        if command.session is None and command.project is None:
            return refuse("SESSION_OR_PROJECT", "session")
        made = wire.AttendedResult(teacher=TEACHER, record=f"{TEACHER}-record-1")
        wrong = refuse("FACT_MALFORMED", "facts.score", "high").errors
        return wire.AttendedRegistered(results=(made, wire.AttendedResult(teacher=OTHER, errors=wrong)))


@pytest.fixture
def world() -> World:
    return Sessions()


def asked(world: World, verb: str) -> list[Any]:
    return [request for name, _, request in world.calls if name == f"credits.{verb}"]


ANNOUNCE = """mutation ($input: ScheduleSessionInput!) { scheduleSession(input: $input) {
  session { id title startsAt hours facts { name value } state school { code } project { title } }
  warnings { code message messageZh remedyEn } errors { code field value } } }"""


def announce(**changes: Any) -> dict[str, Any]:
    given = {
        "idempotencyKey": "announce-1", "title": "课堂观察", "on": "2025-03-14",
        "startsAt": "2025-03-14T09:00:00+08:00", "endsAt": "2025-03-14T11:00:00+08:00", "hours": "1.5",
        "projectId": global_id("Project", "puer-project-1"), "facts": [{"name": "form", "value": "专题讲座"}],
    }  # fmt: skip
    return {"input": given | changes}


async def test_a_session_is_announced_with_instants_and_comes_back_with_its_warnings(
    client: Client, world: World
) -> None:
    answer = (await client.data(ANNOUNCE, variables=announce()))["scheduleSession"]
    assert answer["errors"] == []
    assert answer["session"] == {
        "id": global_id("Session", "session-1"), "title": "课堂观察", "startsAt": "2025-03-14T01:00:00+00:00",
        "hours": "1.5", "facts": [{"name": "form", "value": "专题讲座"}], "state": "SCHEDULED",
        "school": {"code": "S001"}, "project": {"title": "虚构项目"},
    }  # fmt: skip
    assert [one["code"] for one in answer["warnings"]] == ["HOURS_BEYOND_PLAN"]
    (command,) = asked(world, "schedule-session")
    assert (command.starts_at, command.ends_at, command.hours) == (START, END, Decimal("1.5"))
    assert (command.opens_before, command.closes_after, command.project) == (15, 15, "puer-project-1")


async def test_an_instant_without_its_offset_is_refused_before_any_service_is_asked(
    client: Client, world: World
) -> None:
    answer = await client.ask(ANNOUNCE, variables=announce(startsAt="2025-03-14T09:00:00"))
    (error,) = answer["errors"]
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("BAD_USER_INPUT", "input.startsAt")
    assert "2025-03-14T09:00:00+08:00" in error["extensions"]["remedyEn"]
    assert world.calls == []


async def test_a_refusal_names_the_input_as_the_client_wrote_it(client: Client) -> None:
    theirs = announce(schoolId=global_id("School", "puer-school-2"))
    answer = (await client.data(ANNOUNCE, variables=theirs))["scheduleSession"]
    assert (answer["session"], answer["warnings"]) == (None, [])
    assert [(one["code"], one["field"]) for one in answer["errors"]] == [("SCHOOL_UNKNOWN", "input.schoolId")]
    bad = (await client.data(ANNOUNCE, variables=announce(idempotencyKey="short")))["scheduleSession"]
    assert [one["code"] for one in bad["errors"]] == ["KEY_MALFORMED"]


async def test_a_session_is_corrected_cancelled_and_closed(client: Client, world: World) -> None:
    session = global_id("Session", "session-1")
    answer = await client.data(
        f"""mutation {{
        correctSession(input: {{idempotencyKey: "correct-1", sessionId: "{session}", title: "改", closesAfter: 30}})
          {{ session {{ title }} errors {{ code }} }}
        cancelSession(input: {{idempotencyKey: "cancel-11", sessionId: "{session}", reason: "停电"}})
          {{ session {{ state cancelReason }} errors {{ code }} }}
        closeSession(input: {{idempotencyKey: "close-111", sessionId: "{session}"}})
          {{ session {{ state }} errors {{ code field value }} }} }}"""
    )
    assert answer["correctSession"]["session"] == {"title": "改"}
    assert answer["cancelSession"]["session"] == {"state": "CANCELLED", "cancelReason": "停电"}
    assert answer["closeSession"]["errors"] == [
        {"code": "FLAGS_UNSETTLED", "field": "input.sessionId", "value": "t1, t2"}
    ]
    (command,) = asked(world, "correct-session")
    assert (command.closes_after, command.opens_before, command.facts) == (30, None, None)


async def test_a_page_of_sessions_with_attendance_asks_once_for_each_level(client: Client, world: World) -> None:
    answer = await client.data(
        """{ sessions(since: "2025-03-14T00:00:00+08:00") { totalCount edges { node { title
        attendance(open: true) { totalCount edges { node { state hours teacher { name } record { hours }
          flags { kind open otherTeacher { name } otherSession { title } }
          settlements { number present hours reason afterClosing } } } } } } } }"""
    )
    (edge,) = answer["sessions"]["edges"]
    rows = [one["node"] for one in edge["node"]["attendance"]["edges"]]
    assert [one["teacher"]["name"] for one in rows] == ["虚构教师0", "虚构教师1"]
    assert rows[0]["flags"] == [
        {"kind": "SHARED_DEVICE", "open": True, "otherTeacher": {"name": "虚构教师1"}, "otherSession": None},
        {"kind": "OVERLAP", "open": False, "otherTeacher": None, "otherSession": {"title": "课堂观察"}},
    ]
    assert rows[0]["settlements"] == [
        {"number": 1, "present": True, "hours": "1", "reason": "有签到表", "afterClosing": False}
    ]
    assert rows[0]["record"] == {"hours": "30"}
    names = [name for name, _, _ in world.calls]
    assert all(names.count(name) == 1 for name in set(names) - {"registry.get-teachers"}), names
    assert asked(world, "list-attendance")[0].open is True


async def test_a_session_is_fetched_again_by_its_global_id(client: Client) -> None:
    node = global_id("Session", "session-1")
    answer = await client.data(
        f'{{ node(id: "{node}") {{ id ... on Session {{ title }} }} session(id: "{node}") {{ on }} }}'
    )
    assert answer == {"node": {"id": node, "title": "课堂观察"}, "session": {"on": "2025-03-14"}}


async def test_a_teacher_asks_for_a_token_and_checks_in(client: Client, world: World) -> None:
    session = global_id("Session", "session-1")
    token = client.token(role="teacher", teacher=TEACHER)
    issued = await client.data(
        f"""mutation {{ issueCheckIn(input: {{idempotencyKey: "issue-111", sessionId: "{session}"}})
        {{ tokens {{ token expiresAt opensAt teacher {{ name }} session {{ title }} }} errors {{ code }} }} }}""",
        token=token,
    )
    assert issued["issueCheckIn"]["tokens"] == [
        {"token": "a.b.c", "expiresAt": END.isoformat(), "opensAt": START.isoformat(),
         "teacher": {"name": "虚构教师0"}, "session": {"title": "课堂观察"}}
    ]  # fmt: skip
    came = """mutation ($token: String!, $key: ID!) {
      checkIn(input: {idempotencyKey: $key, token: $token, device: "phone"})
      { attendance { state checkedInAt } replayed errors { code field value } } }"""
    good = (await client.data(came, token=token, variables={"token": "a.b.c", "key": "check-in-1"}))["checkIn"]
    assert good["attendance"] == {"state": "UNSETTLED", "checkedInAt": START.isoformat()}
    again = (await client.data(came, token=token, variables={"token": "a.b.c", "key": "check-in-1"}))["checkIn"]
    assert (good["replayed"], again["replayed"]) == (False, True)
    bad = (await client.data(came, token=token, variables={"token": "x", "key": "check-in-2"}))["checkIn"]
    assert bad["errors"] == [{"code": "TOKEN_UNKNOWN", "field": "input.token", "value": None}]
    left = await client.data(
        f"""mutation {{ checkOut(input: {{idempotencyKey: "leave-111", sessionId: "{session}"}})
        {{ attendance {{ state }} errors {{ code }} }} }}""",
        token=token,
    )
    assert left["checkOut"]["attendance"] == {"state": "UNSETTLED"}
    assert asked(world, "check-in")[0].device == "phone"


async def test_a_school_settles_and_names_the_field_that_is_wrong(client: Client) -> None:
    settle = """mutation ($input: SettleAttendanceInput!) { settleAttendance(input: $input)
      { attendance { teacher { name } } errors { code field value } } }"""
    given = {
        "idempotencyKey": "settle-11", "sessionId": global_id("Session", "session-1"),
        "teacherId": global_id("Teacher", OTHER), "present": True, "hours": "1.5", "reason": "有签到表",
    }  # fmt: skip
    good = (await client.data(settle, variables={"input": given}))["settleAttendance"]
    assert good["attendance"] == {"teacher": {"name": "虚构教师1"}}
    over = {**given, "idempotencyKey": "settle-12", "hours": "2.1"}
    bad = (await client.data(settle, variables={"input": over}))["settleAttendance"]
    assert bad["errors"] == [{"code": "HOURS_OUT_OF_RANGE", "field": "input.hours", "value": "2.1"}]


async def test_what_came_of_each_attender_is_told(client: Client, world: World) -> None:
    register = """mutation ($input: RegisterAttendedInput!) { registerAttended(input: $input)
      { results { teacher { name } record { credits } replayed errors { code field value } }
        errors { code field } } }"""
    given = {
        "idempotencyKey": "register-1", "projectId": global_id("Project", "puer-project-1"),
        "facts": [{"name": "score", "value": "90"}],
        "own": [{"teacherId": global_id("Teacher", OTHER), "facts": [{"name": "score", "value": "high"}]}],
    }  # fmt: skip
    answer = (await client.data(register, variables={"input": given}))["registerAttended"]
    assert answer["results"] == [
        {"teacher": {"name": "虚构教师0"}, "record": {"credits": "36.5"}, "replayed": False, "errors": []},
        {"teacher": {"name": "虚构教师1"}, "record": None, "replayed": False,
         "errors": [{"code": "FACT_MALFORMED", "field": "input.facts", "value": "high"}]},
    ]  # fmt: skip
    (command,) = asked(world, "register-attended")
    assert (command.project, command.session, command.own) == ("puer-project-1", None, {OTHER: {"score": "high"}})
    neither = (await client.data(register, variables={"input": {"idempotencyKey": "register-2"}}))["registerAttended"]
    assert neither == {"results": [], "errors": [{"code": "SESSION_OR_PROJECT", "field": "input.sessionId"}]}
