"""National ids: encrypted at rest, masked by default, unique by blind index, revealed on record only."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_footing.audit.tables import audit_record
from yanxiu_registry.__main__ import running
from yanxiu_registry.context import Registry
from yanxiu_registry.national_id import check_character, fault, mask, sought, without_ids
from yanxiu_registry.settings import Settings
from yanxiu_registry.vault import KEY_FILE, KeyUnusable, SealBroken, Vault, open_key
from yanxiu_rulekit.plugins import Rulebook
from yanxiu_wire import roster_import
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.audit import LIST_REGISTRY_AUDIT
from yanxiu_wire.rpc import Bus

from tests.files import contents
from tests.services.registry.conftest import NOW, TODAY, Client, codes, open_district, synthetic_id
from tests.stores import Store

NUMBER = synthetic_id(17)
MASKED = NUMBER[:3] + "*" * 11 + NUMBER[-4:]


async def test_every_answer_masks_the_number(puer: Client) -> None:
    school = await puer.school("0001")
    made = await puer.teacher(school.id, "T1", national_id=NUMBER.lower())
    found = (await puer.ask(wire_teacher.GET_TEACHERS, ids=(made.id,))).items[0]
    listed = (await puer.ask(wire_teacher.LIST_TEACHERS)).pages[0].items[0]
    assert made.national_id == found.national_id == listed.national_id == MASKED
    for role in ("supervisor", "researcher", "auditor"):
        seen = (await puer.as_(role).ask(wire_teacher.GET_TEACHERS, ids=(made.id,), reveal=True)).items[0]
        assert seen.national_id == MASKED, role


async def test_a_reveal_is_on_record_with_who_and_why(puer: Client, registry: Registry) -> None:
    school = await puer.school("0001")
    made = [await puer.teacher(school.id, f"T{one}", national_id=synthetic_id(one)) for one in range(2)]
    bare = await puer.teacher(school.id, "T9")
    ids = tuple(one.id for one in (*made, bare))
    officer = puer.as_("institute-officer")
    found = await officer.ask(wire_teacher.GET_TEACHERS, ids=ids, reveal=True, reason="核对职称材料")
    assert [one.national_id for one in found.items] == [synthetic_id(0), synthetic_id(1), None]
    async with registry.dbs.read("puer") as conn:
        *_, line = (await conn.execute(sa.select(audit_record).order_by(audit_record.c.seq))).all()
    assert (line.action, line.objects.split(), line.total) == ("get-teachers", [one.id for one in made], 2)
    assert (line.subject, line.role, line.outcome) == ("institute-officer@test", "institute-officer", "done")
    assert line.question == '{"reveal":"true"}', "no text of anybody's is in the trail"
    told = (await puer.as_("auditor").ask(LIST_REGISTRY_AUDIT, about=(made[0].id,), kind="read")).items[0]
    assert (told.reason, told.at.date()) == ("核对职称材料", NOW.date()), "the reason stands beside it"


async def test_two_teachers_never_have_one_number_and_only_who_may_know_is_told_whose(puer: Client) -> None:
    first, second = await puer.school("0001"), await puer.school("0002")
    await puer.teacher(first.id, "T1", national_id=NUMBER)
    told = await puer.teacher(second.id, "T2", national_id=NUMBER.lower())
    assert codes(told) == ["NATIONAL_ID_TAKEN"]
    assert "T1" in told.errors[0].message_zh
    assert told.errors[0].value == MASKED
    school_officer = puer.as_("school-training-officer", school=second.id)
    kept_quiet = await school_officer.teacher(second.id, "T2", national_id=NUMBER)
    assert codes(kept_quiet) == ["NATIONAL_ID_TAKEN"]
    assert "T1" not in str(kept_quiet)


async def test_the_same_number_in_two_districts_is_two_peoples_files(puer: Client, bus: Bus) -> None:
    other = await open_district(bus, "putuo")
    for client in (puer, other):
        school = await client.school("0001")
        assert (await client.teacher(school.id, "T1", national_id=NUMBER)).national_id == MASKED


async def test_no_file_of_the_service_holds_a_plain_number(
    puer: Client, database: Store, nats_server: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    school = await puer.school("0001")
    numbers = [synthetic_id(one) for one in range(60, 120)]
    for place, number in enumerate(numbers[:20]):
        await puer.teacher(school.id, f"T{place}", national_id=number)
    misplaced = {"staff_number": numbers[20], "name": numbers[21], "national_id": numbers[22], "school_code": "?"}
    rows = [roster_import.RosterRow(number=1, cells=misplaced)]
    rows += [
        roster_import.RosterRow(
            number=place,
            cells={"staff_number": f"R{place}", "name": "甲", "national_id": number, "school_code": "0001"},
        )
        for place, number in enumerate(numbers[23:40], start=2)
    ]
    await puer.ask(roster_import.STAGE_ROSTER, roster="r", rows=tuple(rows))
    report = await puer.ask(roster_import.CHECK_ROSTER, roster="r")
    refused = await puer.ask(roster_import.APPLY_ROSTER, roster="r")
    good = await puer.ask(roster_import.STAGE_ROSTER, roster="good", rows=tuple(rows[1:]))
    applied = await puer.ask(roster_import.APPLY_ROSTER, roster="good")
    taken = await puer.teacher(school.id, "T99", national_id=numbers[0])
    wrong = await puer.teacher(school.id, "T98", national_id=numbers[50][:-2] + "00")
    found = (await puer.ask(wire_teacher.LIST_TEACHERS)).pages[0].items[0]
    corrected = await puer.ask(
        wire_teacher.CORRECT_TEACHER, teacher=found.id, since=TODAY, changes={"national_id": numbers[45]}
    )
    assert applied.created == 17
    captured = capfd.readouterr()
    told = " ".join(map(str, (report, refused, good, applied, taken, wrong, corrected, captured.out, captured.err)))
    assert not [number for number in numbers if number in told]
    folders = (database.folder, nats_server.store)
    # One look at most files, which are large: all of the numbers begin alike.
    held = {path: data if b"999999" in data else b"" for folder in folders for path, data in contents(folder)}
    assert any(path.suffix == ".db-wal" or path.parent.name == "pg_wal" for path in held), "the log is among the files"
    assert [(name, one) for name, data in held.items() for one in numbers if one.encode() in data] == []


async def test_a_lost_or_another_key_refuses_to_start(settings: Settings, rulebook: Rulebook, bus: Bus) -> None:
    async with running(settings, rulebook, clock=lambda: NOW):
        await open_district(bus, "puer")
    key = settings.keys / KEY_FILE
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(KeyUnusable, match="missing"):
        await running(settings, rulebook).__aenter__()
    assert not key.exists()
    open_key(settings.keys, may_create=True)
    with pytest.raises(KeyUnusable, match="puer"):
        await running(settings, rulebook).__aenter__()
    key.write_bytes(kept)
    async with running(settings, rulebook) as registry:
        assert await registry.dbs.districts() == ("puer",)


@pytest.mark.parametrize("content", [b"", b"not base64 \xff", b"c2hvcnQ="])
def test_a_key_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEY_FILE).write_bytes(content)
    with pytest.raises(KeyUnusable):
        open_key(tmp_path, may_create=True)


def test_a_seal_opens_for_its_district_and_owner_alone() -> None:
    vault = Vault(bytes(32))
    sealed = vault.seal("puer", "t1", NUMBER)
    assert vault.open("puer", "t1", sealed) == NUMBER
    assert vault.seal("puer", "t1", NUMBER) != sealed, "equal numbers do not look equal"
    broken = sealed[:-1] + bytes([sealed[-1] ^ 1])
    cases = [(vault, "putuo", "t1", sealed), (vault, "puer", "t2", sealed), (vault, "puer", "t1", broken)]
    cases += [(Vault(bytes(31) + b"1"), "puer", "t1", sealed), (vault, "puer", "t1", b"\x02" + sealed[1:])]
    for other, district, owner, value in cases:
        with pytest.raises(SealBroken):
            other.open(district, owner, value)
    assert vault.index("puer", NUMBER) == vault.index("puer", NUMBER) != vault.index("putuo", NUMBER)


# The example of GB 11643-1999 itself, and the ways a number goes wrong.
@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("11010519491231002X", True),
        ("110105194912310021", False),
        ("11010519491331002X", False),
        ("110105491231002", False),
        ("1101051949123100２X", False),
        ("", False),
    ],
)
def test_a_number_is_checked_as_the_standard_says(number: str, *, good: bool) -> None:
    assert (fault(number, TODAY) is None) == good


def test_a_birth_in_the_future_or_too_young_for_work_is_not_plausible() -> None:
    first17 = "99999920200101001"
    assert "not plausible" in (fault(first17 + check_character(first17), date(2026, 1, 1)) or ("", ""))[1]


@given(st.integers(0, 10**6), st.integers(0, 16), st.integers(0, 9))
def test_one_wrong_digit_is_always_noticed(seed: int, place: int, digit: int) -> None:
    number = synthetic_id(seed)
    other = number[:place] + str(digit) + number[place + 1 :]
    assert (fault(other, TODAY) is None) == (other == number)


@given(st.text(max_size=40), st.integers(0, 10**6), st.text(max_size=40))
def test_a_number_in_a_text_is_masked_wherever_it_stands_alone(before: str, seed: int, after: str) -> None:
    number = synthetic_id(seed)
    assert number not in without_ids(f"{before} {number} {after}")
    assert number[6:14] not in mask(number)


def test_a_number_is_not_searched_for_and_all_else_is_as_it_was_written() -> None:
    assert sought(f"张 {NUMBER}") == f"张 {MASKED}"
    # Neither letters of full width nor a staff number of 15 digits are changed on the way.
    assert [sought(text) for text in ("张（三）", "123456789012345", "", None)] == [
        "张（三）",
        "123456789012345",
        "",
        None,
    ]
