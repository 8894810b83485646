"""Checking in: a token serves one person, one session, once, in its window; what cannot be told is flagged."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from yanxiu_credits.attendance.check_in_tokens import CheckInTokens
from yanxiu_wire import attendance as wire

from tests.services.credits.attendance.conftest import END, MINUTE, START, MovingClock, School, china

TICK = timedelta(microseconds=1)


def part(claims: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")


def opened(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


async def test_who_checks_in_is_there_for_all_hours_of_the_session(school: School, clock: MovingClock) -> None:
    session = await school.session()
    clock.set(START)
    answer = await school.arrive(session)
    assert isinstance(answer, wire.AttendanceTaken)
    assert (answer.attendance.state, answer.attendance.hours, answer.attendance.flags) == ("present", 2, ())
    assert answer.attendance.checked_in_at >= START


async def test_a_session_to_come_is_refused_with_the_time_it_opens(
    school: School, clock: MovingClock, error_of: Any
) -> None:
    session = await school.session()
    clock.set(session.check_in_from - MINUTE)
    error = error_of(await school.arrive(session), "SESSION_NOT_OPEN")
    assert error.value == session.check_in_from.isoformat()
    assert "2025-03-14 08:45" in error.message_zh
    assert "2025-03-14 08:45" in error.message_en
    assert (await school.house.counts())["check_in"] == 0


async def test_a_session_that_has_gone_on_for_long_is_over_for_check_in(
    school: School, clock: MovingClock, error_of: Any
) -> None:
    session = await school.session()
    clock.set(session.check_in_until)
    token = await school.token(session)
    clock.set(session.check_in_until + 2 * TICK)
    error_of(await school.use(token), "CHECK_IN_OVER")
    error_of(await school.call(wire.ISSUE_CHECK_IN, school.teacher("t1"), session=session.id), "CHECK_IN_OVER")


@pytest.mark.parametrize("edge", ["first", "last"])
async def test_the_first_and_the_last_instant_of_the_window_belong_to_it(
    school: School, clock: MovingClock, edge: str
) -> None:
    session = await school.session()
    at = session.check_in_from if edge == "first" else session.check_in_until
    clock.set(at - 10 * TICK)
    token = await school.token(session)
    clock.set(at)
    assert isinstance(await school.use(token), wire.AttendanceTaken)


async def test_an_instant_before_the_window_is_not_in_it(school: School, clock: MovingClock, error_of: Any) -> None:
    session = await school.session()
    clock.set(session.check_in_from - 10 * TICK)
    token = await school.token(session)
    clock.set(session.check_in_from - TICK)
    error_of(await school.use(token), "SESSION_NOT_OPEN")


async def test_a_token_lives_for_seconds_give_or_take_what_clocks_differ_by(
    school: School, clock: MovingClock, error_of: Any
) -> None:
    session = await school.session()
    clock.set(START)
    issued = await school.call(wire.ISSUE_CHECK_IN, school.teacher("t1"), session=session.id)
    token, tolerance = issued.tokens[0], timedelta(seconds=120)
    assert token.expires_at == START + timedelta(seconds=30)
    clock.set(token.expires_at + tolerance + timedelta(milliseconds=1))
    error_of(await school.use(token.token), "TOKEN_EXPIRED")
    clock.set(token.expires_at + tolerance - timedelta(milliseconds=1))
    assert isinstance(await school.use(token.token), wire.AttendanceTaken)


async def test_a_process_whose_clock_is_two_minutes_behind_takes_the_token(
    school: School, clock: MovingClock, error_of: Any
) -> None:
    session = await school.session()
    clock.set(START)
    token = await school.token(session)
    clock.set(START - timedelta(seconds=121))
    error_of(await school.use(token), "TOKEN_EXPIRED")
    clock.set(START - timedelta(seconds=119))
    assert isinstance(await school.use(token), wire.AttendanceTaken)


async def test_a_token_serves_once(school: School, clock: MovingClock, error_of: Any) -> None:
    session = await school.session()
    clock.set(START)
    token = await school.token(session)
    assert isinstance(await school.use(token), wire.AttendanceTaken)
    error_of(await school.use(token), "TOKEN_USED")
    # Long afterwards it is still said to be used, not only expired.
    clock.set(END)
    error_of(await school.use(token), "TOKEN_USED")


async def test_the_same_command_again_gets_the_same_answer(school: School, clock: MovingClock) -> None:
    session = await school.session()
    clock.set(START)
    token = await school.token(session)
    first = await school.use(token, key="same-key")
    clock.set(START + timedelta(minutes=5))
    again = await school.use(token, key="same-key")
    assert (first.replayed, again.replayed) == (False, True)
    assert again.attendance == first.attendance
    assert (await school.house.counts())["check_in"] == 1


async def test_nobody_checks_in_twice_with_two_tokens(school: School, clock: MovingClock, error_of: Any) -> None:
    session = await school.session()
    clock.set(START)
    one, other = await school.token(session), await school.token(session)
    assert isinstance(await school.use(one), wire.AttendanceTaken)
    error_of(await school.use(other), "ALREADY_CHECKED_IN")


async def test_the_token_of_another_person_is_unknown(school: School, clock: MovingClock, error_of: Any) -> None:
    session = await school.session()
    clock.set(START)
    token = await school.token(session, "t1")
    error = error_of(await school.use(token, "t2"), "TOKEN_UNKNOWN")
    assert error.value is None
    assert isinstance(await school.use(token, "t1"), wire.AttendanceTaken)


async def forgeries(school: School, session: wire.Session, other: wire.Session) -> dict[str, str]:
    token = await school.token(session, "t1")
    head, body, signature = token.split(".")
    claims = opened(token)
    theirs = CheckInTokens(b"0" * 32, life=timedelta(seconds=30), tolerance=timedelta(0))
    of_another_key, _ = theirs.issue(
        school.house.district, session=session.id, teacher="t1", nonce=claims["jti"], now=START
    )
    ours = school.house.service.tokens
    of_another_district, _ = ours.issue("elsewhere", session=session.id, teacher="t1", nonce=claims["jti"], now=START)
    never_issued, _ = ours.issue(school.house.district, session=session.id, teacher="t1", nonce="made-up", now=START)
    none = part({"alg": "none", "typ": "JWT"})
    public = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(school.house.district.ljust(32, "x")))
    return {
        "another person in the payload": f"{head}.{part({**claims, 'sub': 't2'})}.{signature}",
        "another session in the payload": f"{head}.{part({**claims, 'sid': other.id})}.{signature}",
        "a longer life in the payload": f"{head}.{part({**claims, 'exp': claims['exp'] + 3600})}.{signature}",
        "alg none without a signature": f"{none}.{body}.",
        "alg none with the signature": f"{none}.{body}.{signature}",
        "signed under another key": of_another_key,
        "signed under a key that can be guessed": public,
        "signed for another district": of_another_district,
        "signed by us and never issued": never_issued,
        "cut off": token[:-4],
        "empty": "",
        "no token": "请让我签到",
        "far too long": "a" * 100_000,
    }


async def test_a_forged_token_is_refused_however_it_was_made(school: School, clock: MovingClock, error_of: Any) -> None:
    session, other = await school.session(), await school.session(title="另一场", school=school.house.school)
    clock.set(START)
    forged = await forgeries(school, session, other)
    for how, token in forged.items():
        for teacher in ("t1", "t2"):
            answer = await school.use(token, teacher)
            assert [one.code for one in answer.errors] == ["TOKEN_UNKNOWN"], how
    assert (await school.house.counts())["check_in"] == 0


async def test_a_token_signed_for_another_session_than_it_was_issued_for_is_refused(
    school: School, clock: MovingClock, error_of: Any
) -> None:
    """Even who holds the key cannot turn an issued number to another session or person."""
    session, other = await school.session(), await school.session(title="另一场")
    clock.set(START)
    nonce = opened(await school.token(session))["jti"]
    tokens, district = school.house.service.tokens, school.house.district
    moved, _ = tokens.issue(district, session=other.id, teacher="t1", nonce=nonce, now=START)
    lent, _ = tokens.issue(district, session=session.id, teacher="t2", nonce=nonce, now=START)
    error_of(await school.use(moved, "t1"), "TOKEN_UNKNOWN")
    error_of(await school.use(lent, "t2"), "TOKEN_UNKNOWN")


async def test_two_people_on_one_device_are_both_flagged_until_the_school_settles_them(
    school: School, clock: MovingClock
) -> None:
    session = await school.session()
    clock.set(START)
    assert (await school.arrive(session, "t1", "shared phone")).attendance.state == "present"
    second = (await school.arrive(session, "t2", "shared phone")).attendance
    assert [(one.kind, one.other_teacher, one.open) for one in second.flags] == [("shared-device", "t1", True)]
    seen = await school.attendance(session)
    assert {name: (one.state, one.hours) for name, one in seen.items()} == {
        "t1": ("unsettled", 0),
        "t2": ("unsettled", 0),
    }
    assert seen["t1"].flags[0].other_teacher == "t2"
    settled = (await school.settle(session, "t1")).attendance
    assert (settled.state, settled.hours, settled.flags[0].open) == ("present", 2, False)
    assert (await school.attendance(session))["t2"].state == "unsettled"


async def test_a_device_is_kept_as_a_hash_that_says_nothing_in_another_session(
    school: School, clock: MovingClock
) -> None:
    session, other = await school.session(), await school.session(title="下午", starts_at=china(14), ends_at=china(16))
    clock.set(START)
    await school.arrive(session, "t1", "IMEI 353879234252633")
    clock.set(china(14))
    assert (await school.arrive(other, "t2", "IMEI 353879234252633")).attendance.flags == ()
    rows = await school.house.rows("check_in")
    assert len({row["device"] for row in rows}) == 2
    assert "353879234252633" not in json.dumps([dict(row) for row in rows], default=str)


async def test_one_person_in_two_sessions_at_a_time_is_flagged_in_both(school: School, clock: MovingClock) -> None:
    one, other = await school.session(), await school.session(title="并行", ends_at=china(10))
    clock.set(START)
    await school.arrive(one)
    flagged = (await school.arrive(other)).attendance
    assert [(flag.kind, flag.other_session) for flag in flagged.flags] == [("overlap", one.id)]
    first = (await school.attendance(one))["t1"]
    assert [(flag.kind, flag.other_session, flag.open) for flag in first.flags] == [("overlap", other.id, True)]
    assert (first.state, flagged.state) == ("unsettled", "unsettled")


async def test_sessions_that_only_meet_do_not_overlap(school: School, clock: MovingClock) -> None:
    one, other = await school.session(), await school.session(title="其后", starts_at=END, ends_at=china(12))
    clock.set(START)
    await school.arrive(one)
    clock.set(END)
    assert (await school.arrive(other)).attendance.flags == ()


async def test_fifty_at_once_with_one_token_make_one_attendance(school: School, clock: MovingClock) -> None:
    session = await school.session()
    clock.set(START)
    token = await school.token(session)
    answers = await asyncio.gather(*(school.use(token, device=f"phone {n}") for n in range(50)))
    taken = [one for one in answers if isinstance(one, wire.AttendanceTaken)]
    assert len(taken) == 1
    assert {one.errors[0].code for one in answers if one is not taken[0]} == {"TOKEN_USED"}
    counts = await school.house.counts()
    assert (counts["check_in"], counts["attendance_flag"]) == (1, 0)


async def test_a_school_issues_tokens_for_its_teachers_and_for_no_others(school: School, error_of: Any) -> None:
    session = await school.session()
    issued = await school.call(wire.ISSUE_CHECK_IN, session=session.id, teachers=("t1", "t2"))
    assert [one.teacher for one in issued.tokens] == ["t1", "t2"]
    rows = await school.house.rows("check_in_token")
    assert {(row["teacher"], row["issued_by"]) for row in rows} == {
        ("t1", "test-school-training-officer"),
        ("t2", "test-school-training-officer"),
    }
    error_of(await school.call(wire.ISSUE_CHECK_IN, session=session.id, teachers=("t3",)), "TEACHER_UNKNOWN")
    error_of(await school.call(wire.ISSUE_CHECK_IN, session=session.id, teachers=("nobody",)), "TEACHER_UNKNOWN")
    error_of(await school.call(wire.ISSUE_CHECK_IN, session=session.id), "TOO_MANY")


async def test_a_teacher_asks_for_nobody_else_and_not_at_another_school(school: School, error_of: Any) -> None:
    session = await school.session()
    asked = await school.call(wire.ISSUE_CHECK_IN, school.teacher("t1"), session=session.id, teachers=("t2",))
    error_of(asked, "TEACHER_UNKNOWN")
    error_of(await school.call(wire.ISSUE_CHECK_IN, school.teacher("t3"), session=session.id), "SESSION_UNKNOWN")
    open_to_all = await school.session(school.officer, title="全区讲座")
    assert isinstance(
        await school.call(wire.ISSUE_CHECK_IN, school.teacher("t3"), session=open_to_all.id), wire.CheckInIssued
    )


async def test_who_was_not_at_work_on_the_day_gets_no_token(school: School, error_of: Any) -> None:
    from yanxiu_wire import teacher as wire_teacher

    await school.house.employ(
        "gone",
        wire_teacher.Employment(
            school="school-1", since=china(0).date().replace(2021), until=china(0).date().replace(2024)
        ),
    )
    session = await school.session()
    answer = await school.call(wire.ISSUE_CHECK_IN, school.officer, session=session.id, teachers=("gone",))
    error_of(answer, "TEACHER_NOT_EMPLOYED")


async def test_leaving_early_is_flagged_and_leaving_at_the_end_is_not(
    school: School, clock: MovingClock, error_of: Any
) -> None:
    session = await school.session()
    clock.set(START)
    await school.arrive(session, "t1")
    await school.arrive(session, "t2")
    clock.set(END - MINUTE)
    left = (await school.call(wire.CHECK_OUT, school.teacher("t1"), session=session.id)).attendance
    assert ([one.kind for one in left.flags], left.state) == (["left-early"], "unsettled")
    clock.set(END)
    stayed = (await school.call(wire.CHECK_OUT, school.teacher("t2"), session=session.id)).attendance
    assert (stayed.flags, stayed.state, stayed.hours) == ((), "present", 2)
    error_of(await school.call(wire.CHECK_OUT, school.teacher("t2"), session=session.id), "NOT_CHECKED_IN")
