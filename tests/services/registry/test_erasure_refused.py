"""What stands against an erasure: a grant, a name in what is kept for ever, an impossible day, the person himself."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from yanxiu_durable.migrate import upgrade
from yanxiu_registry.context import Registry
from yanxiu_registry.erasing.assess_erasure import stream_keeps_names
from yanxiu_registry.erasing.assess_words import within, words_among
from yanxiu_registry.erasing.tables import nameless_since
from yanxiu_registry.migrating import MIGRATIONS
from yanxiu_registry.tables import METADATA
from yanxiu_wire import erasure as wire
from yanxiu_wire import grants as wire_grants
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from tests.services.registry.conftest import TODAY, Client, codes

PROGRESS = METADATA.tables["outbox_progress"]
UPGRADED = datetime(2026, 1, 1, tzinfo=UTC)
LEFT = date(2026, 1, 1)
WHY = {"reason": "本人申请（虚构）", "document": "教函〔2024〕9号（虚构）", "retained_until": TODAY - timedelta(days=1)}


async def left(client: Client, staff_number: str = "GH-7001") -> Any:
    """A teacher who had another name, and left."""
    school = await client.school(staff_number)
    person = await client.teacher(school.id, staff_number, name="虚构旧名")
    of = {"teacher": person.id}
    await client.ask(wire_teacher.CORRECT_TEACHER, **of, since=date(2022, 9, 1), changes={"name": "虚构新名"})
    await client.ask(wire_teacher.CORRECT_TEACHER, **of, since=LEFT, changes={"status": "left"})
    return person


async def proposed(client: Client, teacher: str, **given: Any) -> Any:
    return await client.ask(wire.PROPOSE_ERASURE, teacher=teacher, **{**WHY, **given})


@pytest.mark.parametrize(
    ("since", "created", "code"),
    [
        (None, None, []),
        (UPGRADED, None, ["STREAM_KEEPS_NAMES"]),
        (UPGRADED, "2025-12-31T23:59:59.123456789Z", ["STREAM_KEEPS_NAMES"]),
        (UPGRADED, "2026-01-01 00:00:01.5+00:00", []),
    ],
)
def test_a_stream_older_than_nameless_announcements_has_his_name(
    since: datetime | None, created: str | None, code: list[str]
) -> None:
    assert [one.code for one in stream_keeps_names(since, created)] == code


async def test_nobody_is_erased_before_such_a_stream_is_made_anew(puer: Client, registry: Registry) -> None:
    person = await left(puer)
    for upgraded, refused in ((datetime(2999, 1, 1, tzinfo=UTC), True), (datetime(2000, 1, 1, tzinfo=UTC), False)):
        async with registry.dbs.write("puer", Deadline.after(30)) as conn:
            await conn.execute(sa.delete(nameless_since))
            await conn.execute(sa.insert(nameless_since).values(district="puer", at=upgraded))
            # As the relay notes it, when it has looked.
            await conn.execute(sa.delete(PROGRESS))
            noted = {"district": "puer", "stream_created": "2026-01-01T00:00:00.1Z", "verified_seq": 0}
            await conn.execute(sa.insert(PROGRESS).values(noted))
        told = await proposed(puer, person.id)
        assert (isinstance(told, Refused) and codes(told) == ["STREAM_KEEPS_NAMES"]) == refused


def test_the_upgrade_notes_which_districts_announced_by_name(tmp_path: Path) -> None:
    file = tmp_path / "puer.db"
    before = shutil.copytree(MIGRATIONS, tmp_path / "before")
    for one in (before / "versions").glob("00*.py"):
        if one.name >= "0012":
            one.unlink()
    upgrade(file, before)
    columns = {"district": "puer", "seq": 1, "id": "e", "body": b"{}", "recorded_ms": 0}
    columns["subject"] = "yanxiu.v1.events.registry.teacher-changed.puer"
    with contextlib.closing(sqlite3.connect(file)) as db, db:
        db.execute(str(sa.insert(METADATA.tables["outbox"]).values(columns).compile()), columns)
    upgrade(file, MIGRATIONS)
    with contextlib.closing(sqlite3.connect(file)) as db:
        assert [one for (one,) in db.execute("SELECT district FROM nameless_since")] == ["puer"]


def of_subject(client: Client, subject: str) -> Client:
    caller = Caller(subject=subject, role="institute-officer", district=client.district)
    return Client(client.bus, client.district, caller)


async def granted(client: Client, subject: str, teacher: str) -> Any:
    given = {"role": "teacher", "teacher": teacher, "since": TODAY, "decision": "教函〔2024〕9号（虚构）"}
    return await client.ask(wire_grants.GRANT_ROLE, subject=subject, **given)


@pytest.mark.parametrize("said", ["虚构 旧名 申请", "虚构新名本人申请", "工号 gh7001 的教师"])
async def test_the_texts_that_are_kept_for_ever_name_nobody(puer: Client, said: str) -> None:
    person = await left(puer)
    for field in ("reason", "document"):
        told = await proposed(puer, person.id, **{field: said})
        assert [(one.code, one.field) for one in told.errors] == [("TEXT_NAMES_PERSON", field)]


async def test_his_data_are_kept_at_least_as_long_as_he_worked(puer: Client) -> None:
    person = await left(puer)
    assert codes(await proposed(puer, person.id, retained_until=date(1900, 1, 1))) == ["DATE_OUT_OF_ORDER"]


async def test_who_could_sign_in_still_is_not_erased_until_his_grant_is_revoked(puer: Client) -> None:
    person = await left(puer)
    grant = await granted(puer, "sub-left", person.id)
    told = await proposed(puer, person.id)
    assert [(one.code, one.value) for one in told.errors] == [("TEACHER_HOLDS_GRANT", grant.id)]
    await puer.ask(wire_grants.REVOKE_GRANT, grant=grant.id, why="离职")
    erasure = await proposed(puer, person.id)
    again = await granted(puer, "sub-left", person.id)
    second = of_subject(puer, "sub-second")
    assert codes(await second.erase(erasure.id)) == ["TEACHER_HOLDS_GRANT"]
    await puer.ask(wire_grants.REVOKE_GRANT, grant=again.id, why="离职")
    assert (await second.erase(erasure.id)).confirmed_by == "sub-second"
    assert codes(await granted(puer, "sub-left", person.id)) == ["TEACHER_ERASED"]


async def test_an_official_who_is_the_person_or_has_two_accounts_is_known_by_his_grants(puer: Client) -> None:
    person, official = await left(puer), await left(puer, "GH-7002")
    for subject, teacher in (("sub-own", person.id), ("sub-a", official.id), ("sub-b", official.id)):
        grant = await granted(puer, subject, teacher)
        await puer.ask(wire_grants.REVOKE_GRANT, grant=grant.id, why="离职")
    assert codes(await proposed(of_subject(puer, "sub-own"), person.id)) == ["SAME_PERSON"]
    erasure = await proposed(of_subject(puer, "sub-a"), person.id)
    for subject in ("sub-own", "sub-b"):
        told = await of_subject(puer, subject).erase(erasure.id)
        assert codes(told) == ["SAME_PERSON"], subject


async def test_a_proposal_with_a_mistake_is_replaced_by_a_later_one(puer: Client) -> None:
    person, other = await left(puer), of_subject(puer, "sub-second")
    first = await proposed(puer, person.id, document="教函〔2024〕8号（虚构）")
    second = await proposed(other, person.id)
    told = await other.erase(first.id)
    assert [(one.code, one.value) for one in told.errors] == [("ERASURE_SUPERSEDED", second.id)]
    assert codes(await other.erase(second.id)) == ["SAME_PERSON"]
    assert (await puer.erase(second.id)).confirmed_by == puer.who.subject
    assert codes(await proposed(puer, person.id)) == ["ERASURE_EXISTS"]


async def test_answers_about_another_of_a_like_name_stay(puer: Client, database: Any) -> None:
    school = await puer.school("S-1")
    short = await puer.teacher(school.id, "1", name="虚构")
    await puer.teacher(school.id, "GH-8001", name="虚构姓名")
    await puer.ask(wire_teacher.CORRECT_TEACHER, teacher=short.id, since=LEFT, changes={"status": "left"})
    erasure = await proposed(puer, short.id, reason="本人申请", document="教函〔2024〕9号")
    await of_subject(puer, "sub-second").erase(erasure.id)
    replies = database.edit("registry", "puer", "SELECT reply FROM inbox WHERE reply_type = 'Teacher'")
    assert [one for (one,) in replies if "虚构姓名".encode() in bytes(one or b"")]
    assert not [one for (one,) in replies if '"虚构"'.encode() in bytes(one or b"")]


async def test_what_the_second_official_has_begun_nobody_withdraws_or_proposes_anew(puer: Client) -> None:
    person = await left(puer)
    made = await proposed(puer, person.id)
    second = puer.as_("institute-officer")
    known = await second.ask(wire.GET_ERASURE_WORDS, erasure=made.id)
    counted = await second.ask(wire.COUNT_MENTIONS_OF_REGISTRY, teacher=person.id, words=known)
    assert not isinstance(counted, Refused)
    begun = await second.ask(wire.BEGIN_ERASURE, erasure=made.id, everywhere=("name",))
    assert (begun.begun_by, begun.everywhere) == (second.who.subject, ("name",))
    assert codes(await puer.ask(wire.WITHDRAW_ERASURE, erasure=made.id, reason="文号有误")) == ["ERASURE_BEGUN"]
    assert codes(await proposed(puer, person.id)) == ["ERASURE_BEGUN"]
    words = await second.ask(wire.GET_ERASURE_WORDS, erasure=made.id)
    assert (words.names, words.shared, words.numbers) == (("虚构新名", "虚构旧名"), (), ())
    assert words.shared_numbers == ("GH-7001",)
    again = await second.ask(wire.BEGIN_ERASURE, erasure=made.id, everywhere=("name", "number"))
    assert again.everywhere == ("name",), "it is decided once"
    later = await second.ask(wire.GET_ERASURE_WORDS, erasure=made.id)
    assert len({words.salt, later.salt, ""}) == 3, "each time under another salt"


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        ("LI MING", "shared"),
        ("Ｌｉ　Ｍｉｎｇ", "shared"),
        ("Li-Ming", "shared"),
        ("li mingzhu", "spared"),
        ("Wang", "names"),
    ],
)
def test_names_of_others_are_compared_by_letters_alone(other: str, kind: str) -> None:
    words = words_among({"Li Ming"}, {"GH-7001"}, {other})
    assert (words.names, words.shared) == ((("Li Ming",), ()) if kind != "shared" else ((), ("Li Ming",)))
    assert words.spared == ((other,) if kind == "spared" else ())
    alone = within(words, ())
    assert (alone.names, alone.numbers, alone.shared, alone.shared_numbers) == ((), (), ("Li Ming",), ("GH-7001",))
    assert within(words, None) == words, "as older versions began it"
