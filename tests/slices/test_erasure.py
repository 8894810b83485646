"""A person is erased by two officials: nothing by which he is known is left in any file, and his receipt stays.

Not in what others wrote of him either: the ledger holds without these texts, and says which they were.
"""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from yanxiu_cli.backup import _restore as put_back
from yanxiu_cli.backup import back_up
from yanxiu_cli.failed import Failed
from yanxiu_cli.halved_erasures import halved
from yanxiu_credits import backing_up as books_kept
from yanxiu_gateway.schema.nodes import global_id, plain_id
from yanxiu_registry.backing_up import copies, erased, erasures, lacking
from yanxiu_wire import erasure as wire
from yanxiu_wire.caller import Caller
from yanxiu_wire.erasing import Done, check_receipt, confirm, listed, read_list
from yanxiu_wire.signed import NotSigned, read_keys

from tests.files import contents
from tests.services.registry.conftest import synthetic_id
from tests.slices.district import District
from tests.slices.isolation import asked_from_elsewhere
from tests.slices.platform import Platform

NAME, EARLIER, STAFF, NUMBER = "虚构甄别甲", "虚构原名乙", "GH-ERASE-71", synthetic_id(71)
FIELDS = "erasure { id confirmedBy cleared { table rows } } receipt lookedAgain"
WHY = {
    "reason": "本人申请（虚构）",
    "document": "教函〔2024〕9号（虚构）：保存至当年年底",
    "retainedUntil": "2024-12-31",
}
# What officials wrote of him: about another's fraud, and about a grant.
SAID = {"reason": f"由{NAME}代签（虚构）", "proof": f"工号{STAFF}的签到表（虚构）"}
DECISION = f"教函〔2024〕8号，{EARLIER[0]} {EARLIER[1:]}同志原任（虚构）"
ERASURES = """query($t: ID) { erasures(first: 2, teacher: $t) { totalCount edges { node {
  id confirmedBy begunBy withdrawnBy withdrawnWhy cleared { table rows } } } } }"""
VERIFIED = "{ ledgerVerification { problem erasedTexts { erasure rows } } }"
MENTIONED = """query($t: ID) { erasures(first: 1, teacher: $t) { edges { node {
  everywhere mentions { shown items { kind word table his others kept } } } } } }"""
FOUND = "query($s: String!) { teachers(search: $s) { edges { node { id name staffNumber nationalId } } } }"


class Town(District):
    """One who was entered by a roster, renamed, trained, and left; another with a reason in the ledger's rows."""

    async def settle(self) -> None:
        await self.open()
        cells = {"staff_number": STAFF, "name": EARLIER, "school_code": "S001", "employed_since": "2020-09-01"}
        cells |= {"national_id": NUMBER, "hired_on": "2015-09-01"}
        row = {"number": 2, "cells": [{"column": name, "text": text} for name, text in cells.items()]}
        await self.enter("stageRoster", {"rosterId": "R-1", "rows": [row]})
        await self.enter("applyRoster", {"rosterId": "R-1"})
        (found,) = (await self.platform.read(self.token(), FOUND, s=STAFF))["teachers"]["edges"]
        self.teacher = found["node"]["id"]
        self.renaming = {"teacherId": self.teacher, "since": "2022-09-01", "name": NAME}
        await self.enter("correctTeacher", self.renaming, key="erase-town-renamed")
        project = await self.project()
        await self.register(self.teacher, project)
        self.other = await self.hire("GH-OTHER")
        record = (await self.register(self.other, project))["record"]["id"]
        await self.enter("voidForFraud", {"recordId": record, **SAID})
        grant = {"subject": "虚构审计员", "role": "AUDITOR", "since": "2024-01-01", "decision": DECISION}
        await self.enter("grantRole", grant)
        await self.enter("signHead", {})
        for one in (self.teacher, self.other):
            await self.leave(one)

    async def leave(self, teacher: str) -> None:
        await self.enter("correctTeacher", {"teacherId": teacher, "since": "2024-12-01", "status": "LEFT"})

    async def tries(self, name: str, given: dict[str, Any], role: Any = "district-officer", key: str = "") -> Any:
        said = {"idempotencyKey": key or self.key(), **given}
        return await self.platform.write(self.token(role), name, said, FIELDS)

    async def refused(self, name: str, given: dict[str, Any], role: Any = "district-officer") -> list[str]:
        return [one["code"] for one in (await self.tries(name, given, role))["errors"]]

    def left(self, *names: str) -> dict[str, list[str]]:
        """In which files under the platform's folder stands what he is known by."""
        known = names or (NAME, EARLIER, STAFF, NUMBER, f"{EARLIER[0]} {EARLIER[1:]}")
        words = {word.encode() for word in known}
        files = contents(self.platform.data.parent)
        found = {str(one): [word.decode() for word in words if word in held] for one, held in files}
        return {name: hits for name, hits in found.items() if hits}


@pytest.fixture(scope="module")
async def town(platform: Platform) -> Town:
    made = Town(platform, "erase-town")
    await made.settle()
    return made


async def test_who_works_still_or_is_to_be_kept_is_not_erased_and_a_proposal_is_withdrawn(town: Town) -> None:
    working = await town.hire("GH-WORKS")
    assert await town.refused("proposeErasure", {"teacherId": working, **WHY}) == ["TEACHER_EMPLOYED"]
    late = {"teacherId": town.teacher, **WHY, "retainedUntil": "2199-12-31"}
    assert await town.refused("proposeErasure", late) == ["RETENTION_RUNS"]
    assert await town.refused("proposeErasure", {"teacherId": town.teacher, **WHY, "reason": " "}) == ["VALUE_INVALID"]
    assert await town.refused("confirmErasure", {"erasureId": "no-such-erasure"}) == ["ERASURE_UNKNOWN"]
    proposed = (await town.tries("proposeErasure", {"teacherId": town.other, **WHY}))["erasure"]["id"]
    mistaken = {"erasureId": proposed, "reason": "文号有误（虚构）"}
    withdrawn = "erasure { withdrawnBy withdrawnWhy }"
    said = {"idempotencyKey": town.key(), **mistaken}
    told = await town.platform.write(town.token(), "withdrawErasure", said, withdrawn)
    assert told["erasure"]["withdrawnWhy"] == "文号有误（虚构）"
    assert await town.refused("confirmErasure", {"erasureId": proposed}, "institute-officer") == ["ERASURE_WITHDRAWN"]


async def _it_is_told_where_he_is_named(town: Town, of: dict[str, Any]) -> str:
    """Before anybody decides; and where that is not about him, the second official says whether it goes.

    Returns the check code of what was told.
    """
    (edge,) = (await town.platform.read(town.token(), MENTIONED, t=town.teacher))["erasures"]["edges"]
    told = {(one["word"], one["table"]): (one["his"], one["others"]) for one in edge["node"]["mentions"]["items"]}
    assert told[NAME, "credits.reversal"] == (0, 1), "of another's fraud"
    assert (told[STAFF, "credits.integrity_entry"], told[EARLIER, "role_grant"]) == ((0, 1), (0, 1))
    (refused,) = (await town.tries("confirmErasure", of, "institute-officer"))["errors"]
    assert (refused["code"], int(refused["value"]) >= 3) == ("WORDS_ELSEWHERE", True)
    assert edge["node"]["everywhere"] is None
    others = {**of, "everywhere": ["NAME"]}
    assert await town.refused("confirmErasure", others, "institute-officer") == ["WORDS_NOT_SHOWN"]
    others["shown"] = "0123456789abcdef"
    assert await town.refused("confirmErasure", others, "institute-officer") == ["WORDS_CHANGED"]
    return edge["node"]["mentions"]["shown"]


class During:
    """Copies of a service before which something is done once."""

    def __init__(self, its: Any, work: Callable[[], Awaitable[None]]) -> None:
        self._its, self._work = its, work

    def __getattr__(self, name: str) -> Any:
        return getattr(self._its, name)

    async def out(self, *given: Any) -> bool:
        await self._work()
        return await self._its.out(*given)


async def _confirmed_amid_a_backup(
    town: Town, of: dict[str, Any], folder: Path, patch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """Between the copies of two services: the backup is made anew, and one that was not is not put back."""
    answers: list[dict[str, Any]] = []

    async def confirm() -> None:
        if not answers:
            answers.append(await town.tries("confirmErasure", of, "institute-officer"))

    async def look(files: Any, district: str) -> list[str]:
        if not (folder / "halved").exists():
            shutil.copytree(folder / "backup", folder / "halved")
        return await halved(files, district)

    patch.setattr(books_kept, "copies", During(books_kept.copies, confirm))
    patch.setattr("yanxiu_cli.backup.halved", look)
    (folder / "backup").mkdir()
    public = (town.platform.keys / "ledger-jwks.json").read_text()
    made = await back_up(town.code, folder / "backup", town.platform.data, public)
    assert [one["errors"] for one in answers] == [[]]
    words = [word.encode() for word in (NAME, EARLIER, STAFF)]
    service = folder / "halved" / "visits" / f"{town.code}.db"
    assert [one for one in (folder / "backup").rglob("*.db") if found_in(one, words)] == []
    assert service.is_file()
    with pytest.raises(Failed, match="Erasures ran through this backup"):
        await put_back(folder / "halved", made, folder / "put", (public, town.platform.keys), (), replace=False)
    assert not (folder / "put").exists()
    return answers[0]


async def test_two_officials_erase_him_from_every_file_and_the_receipt_is_the_same_each_time(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert town.left(), "he stands in files before"
    older = tmp_path / "older.db"
    assert await copies.out(town.platform.data, town.code, older, lambda _done, _all: None)
    older_books = tmp_path / "older-books.db"
    assert await books_kept.copies.out(town.platform.data, town.code, older_books, lambda _done, _all: None)
    proposed = await town.tries("proposeErasure", {"teacherId": town.teacher, **WHY})
    assert proposed["errors"] == []
    of = {"erasureId": proposed["erasure"]["id"]}
    assert await town.refused("confirmErasure", of) == ["SAME_PERSON"]
    of["shown"] = await _it_is_told_where_he_is_named(town, of)
    of["everywhere"] = ["NAME", "NUMBER"]
    done = await _confirmed_amid_a_backup(town, of, tmp_path, monkeypatch)
    assert done["errors"] == []
    cleared = {one["table"]: one["rows"] for one in done["erasure"]["cleared"]}
    assert cleared["teacher"] == 1
    assert cleared["teacher_fact"] >= 2, "what was superseded too"
    assert cleared["roster"] == 1
    assert cleared["roster_change"] == 1
    assert cleared["inbox"] >= 3, "the roster's, the correction's and the leaving's answer"
    assert (cleared["role_grant"], cleared["credits.reversal"], cleared["credits.integrity_entry"]) == (1, 1, 1)
    assert town.left() == {}
    (exists,) = (await town.tries("proposeErasure", {"teacherId": town.teacher, **WHY}))["errors"]
    assert (exists["code"], exists["value"]) == ("ERASURE_EXISTS", of["erasureId"])
    again = await town.tries("confirmErasure", of, "institute-officer")
    assert (again["receipt"], again["lookedAgain"], done["lookedAgain"]) == (done["receipt"], None, True)
    keys = read_keys((town.platform.keys / "ledger-jwks.json").read_text())
    assert global_id("Erasure", check_receipt(done["receipt"], keys).erasure) == of["erasureId"]
    with pytest.raises(NotSigned):
        check_receipt(done["receipt"].replace('"teacher_fact":', '"other_fact":'), keys)
    other = await town.tries("confirmErasure", of, "district-officer")
    assert other["receipt"] == done["receipt"], "whichever office asks"
    await _what_is_left(town, of["erasureId"])
    elsewhere = await District(town.platform, "erase-elsewhere").open()
    await asked_from_elsewhere(elsewhere, town, {of["erasureId"]: town.token("auditor")})
    await _an_older_backup_learns_of_it(town, older, older_books, tmp_path)


def found_in(file: Path, words: list[bytes]) -> list[bytes]:
    content = file.read_bytes()
    return [word for word in words if word in content]


async def _an_older_backup_learns_of_it(town: Town, older: Path, older_books: Path, scratch: Path) -> None:
    """From the list that is kept outside, or from the register that is there; by a receipt that is genuine."""
    words = [word.encode() for word in (NAME, EARLIER, STAFF)]
    assert found_in(older, words) == words
    caller = Caller(subject="cli", role="institute-officer", district=town.code)
    bus = await town.platform.bus()
    try:
        text = await listed(partial(bus.call, district=town.code), caller, town.code, datetime.now(UTC))
    finally:
        await bus.close()
    assert isinstance(text, str)
    assert not [word for word in (NAME, EARLIER, STAFF, NUMBER) if word in text]
    public = (town.platform.keys / "ledger-jwks.json").read_text()
    keys = read_keys(public)
    known = read_list(text, town.code, keys)
    assert known == await erasures(town.platform.data, town.code)
    for wrong, district in ((text.replace(known[0].teacher, "another"), town.code), (text, "another")):
        with pytest.raises(NotSigned):
            read_list(wrong, district, keys)
    todo = await lacking(older, town.code, known, scratch)
    (said,) = [its for _, its in todo]
    assert (set(said.names), said.numbers) == ({NAME, EARLIER}, (STAFF,))
    books = await books_kept.cleared(older_books, town.code, todo, scratch, town.platform.keys)
    assert (found_in(older_books, words[::2]), found_in(books, words)) == (words[::2], [])
    verified = await books_kept.verify(scratch / "cleared", town.code, public)
    assert (verified.broken, verified.erased) == (None, {known[0].id: 1})
    made = await erased(older, town.code, known, scratch)
    assert found_in(made, words) == []
    assert await erasures(scratch / "erased", town.code) == known
    assert await erased(made, town.code, known, scratch / "again") == made, "once it is done there is nothing to do"
    assert await lacking(made, town.code, known, scratch / "again") == []


async def _what_is_left(town: Town, erasure: str) -> None:
    """The card of nobody, the sums that were earned, and an answer that is not given again."""
    shown = "query($t: ID!) { node(id: $t) { ... on Teacher { name staffNumber nationalId total { credits } } } }"
    card = (await town.platform.read(town.token(), shown, t=town.teacher))["node"]
    assert (card["name"], card["nationalId"]) == ("已删除", None)
    assert card["total"]["credits"] not in (None, "0"), "the ledger is as it was"
    assert await town.platform.read(town.token(), FOUND, s=STAFF) == {"teachers": {"edges": []}}
    repeated = {"idempotencyKey": "erase-town-renamed", **town.renaming}
    answer = await town.platform.write(town.token(), "correctTeacher", repeated)
    assert [one["code"] for one in answer["errors"]] == ["KEY_ERASED"]
    verified = (await town.platform.read(town.token("auditor"), VERIFIED))["ledgerVerification"]
    assert verified == {"problem": None, "erasedTexts": [{"erasure": erasure, "rows": 1}]}
    listed_ = (await town.platform.read(town.token("auditor"), ERASURES, t=town.teacher))["erasures"]
    (one,) = (edge["node"] for edge in listed_["edges"])
    assert (one["id"], one["begunBy"] is not None, one["withdrawnBy"]) == (erasure, True, None)
    trail = """query($t: ID!) { auditTrail(filter: {person: $t, kind: COMMAND}) { edges { node { action } } } }"""
    told = await town.platform.read(town.token("auditor"), trail, t=town.teacher)
    assert "propose-erasure" in {one["node"]["action"] for one in told["auditTrail"]["edges"]}, erasure


async def test_what_is_written_between_the_other_services_and_the_register_is_taken_out_too(town: Town) -> None:
    late = "虚构迟某"
    given = {"staffNumber": "GH-LATE-1", "name": late, "schoolId": town.school, "employedSince": "2020-09-01"}
    teacher = (await town.enter("createTeacher", given, "teacher { id }"))["teacher"]["id"]
    await town.leave(teacher)
    proposed = (await town.tries("proposeErasure", {"teacherId": teacher, **WHY}))["erasure"]["id"]
    caller = Caller(subject="second", role="institute-officer", district=town.code)
    erasure = plain_id("Erasure", proposed)
    bus = await town.platform.bus()

    async def call(endpoint: Any, request: Any) -> Any:
        if endpoint is wire.CONFIRM_ERASURE:
            locked = {"kind": "year", "on": "2024-06-01", "reason": f"应{late}之请（虚构）", "schoolId": town.school}
            await town.enter("lockPeriod", locked)
            assert town.left(late)
        return await bus.call(endpoint, request, district=town.code)

    try:
        words = await call(wire.GET_ERASURE_WORDS, wire.GetErasureWords(caller=caller, erasure=erasure))
        of = {"erasure": erasure, "everywhere": ("name",), "shown": words.shown}
        done = await confirm(call, wire.ConfirmErasure(caller=caller, key=town.key(), **of))
    finally:
        await bus.close()
    assert isinstance(done, Done)
    assert (done.looked_again, town.left(late)) == (True, {})
