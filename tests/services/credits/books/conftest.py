"""A credits service under a law that says what fraud leads to, and what tests of the books do with a district."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from yanxiu_credits.__main__ import running
from yanxiu_credits.books.post import Draft, post
from yanxiu_credits.books.tables import recognition
from yanxiu_credits.ledger import evidence_of
from yanxiu_credits.service import Service
from yanxiu_credits.settings import Settings
from yanxiu_credits.store.ledger import read_head
from yanxiu_footing.clock import Clock, to_us
from yanxiu_rulekit.decision import Forgery, decision
from yanxiu_rulekit.facts import Facts
from yanxiu_rulekit.law import Law
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.plugins import Rulebook
from yanxiu_wire import books as wire
from yanxiu_wire import registry
from yanxiu_wire.credits import GET_TOTALS, VERIFY_LEDGER, GetTotals, LedgerVerified, VerifyLedger
from yanxiu_wire.deadline import Deadline

from tests.services.credits.conftest import LAW_SINCE, House, made_up_pack, made_up_record
from tests.stores import Store


class FraudFacts(Facts, frozen=True, kw_only=True):
    actor: str
    record_credits: Decimal
    serious: bool


@decision("fraud", facts=FraudFacts, clauses=("MADE-2", "MADE-3"))
def made_up_fraud(facts: FraudFacts, law: Law) -> Mapping[str, Any]:
    law.step(
        "void", Decimal(0), unit="学分", clauses=("MADE-2",),
        zh="取消{credits}学分", en="{credits} credits are cancelled", credits=facts.record_credits,
    )  # fmt: skip
    if facts.serious:
        law.step("discipline", None, clauses=("MADE-3",), zh="通报", en="made known")
    return {
        "integrity_file_entries": 1 if facts.actor == "teacher" else 0,
        "discipline": ["registrar"] if facts.serious else [],
        "citywide_notice": facts.serious,
    }


def asks_fraud(forged: Forgery) -> Mapping[str, Any]:
    return {"actor": forged.actor, "record_credits": forged.credits, "serious": forged.serious}


def pack_with_fraud() -> RulePack:
    made = made_up_pack("made")
    assert made.credit is not None
    return RulePack(
        name=made.name,
        version=made.version,
        source=made.source,
        parameters=made.parameters,
        decisions=[made_up_record, made_up_fraud],
        credit=msgspec.structs.replace(made.credit, fraud="fraud", fraud_facts=asks_fraud),
    )


class Books(House):
    """A district and the commands of the books, each by an officer unless a caller is named."""

    async def reverse(self, record: str, reason: str = "登记有误", **more: Any) -> Any:
        return await self.call(wire.REVERSE_RECORD, wire.ReverseRecord(record=record, reason=reason, **self._of(more)))

    async def correct(self, record: str, facts: Mapping[str, Any], **more: Any) -> Any:
        more.setdefault("reason", "学时填错")
        command = wire.CorrectTraining(record=record, facts=facts, **self._of(more))
        return await self.call(wire.CORRECT_TRAINING, command)

    async def void(self, record: str, **more: Any) -> Any:
        given = {"reason": "证书系伪造", "proof": "卷宗 12 号", **more}
        return await self.call(wire.VOID_FOR_FRAUD, wire.VoidForFraud(record=record, **self._of(given)))

    async def lock(self, **more: Any) -> Any:
        given = {"kind": "year", "on": date(2024, 6, 1), "reason": "年度认定完毕", "school": self.school, **more}
        return await self.call(wire.LOCK_PERIOD, wire.LockPeriod(**self._of(given)))

    async def unlock(self, lock: str, **more: Any) -> Any:
        more.setdefault("caller", self.caller("district-officer"))
        more.setdefault("reason", "复核后更正")
        return await self.call(wire.UNLOCK_PERIOD, wire.UnlockPeriod(lock=lock, **self._of(more)))

    async def tell_school(self, school: str) -> None:
        """Announce a school and wait until it is known."""
        await self.tell(registry.SCHOOL_CHANGED, school_of(school))
        await self.until(lambda rows: school in {row["school"] for row in rows}, "school_fact")

    async def sign(self) -> Any:
        return await self.call(wire.SIGN_HEAD, wire.SignHead(caller=self.caller("auditor"), key=self.key()))

    async def verify(self, *heads: str) -> LedgerVerified:
        found = await self.call(VERIFY_LEDGER, VerifyLedger(caller=self.caller("auditor"), heads=heads))
        return found if isinstance(found, LedgerVerified) else pytest.fail(str(found))

    async def total(self, teacher: str = "t1") -> Any:
        return (await self.call(GET_TOTALS, GetTotals(caller=self.officer, teachers=(teacher,)))).items[0]

    async def recognise(self, teacher: str = "t1", credits_: int = 10, *, label: str = "2024") -> str:
        """Post a recognition as a workflow does: the row with its standing, and its entry, in one transaction."""
        async with self.service.databases.write(self.district, Deadline.after(10)) as conn:
            head = await read_head(conn, self.district)
            row = recognition_row(self, teacher, credits_, label, head[0] + 1)
            await conn.execute(sa.insert(recognition), row)
            await post(conn, self.district, [recognition_draft(row)], head=head)
        return row["id"]

    def _of(self, given: dict[str, Any]) -> dict[str, Any]:
        given.setdefault("caller", self.officer)
        given.setdefault("key", self.key())
        return given


def recognition_row(house: Books, teacher: str, credits_: int, label: str, seq: int) -> dict[str, Any]:
    row = {
        "district": house.district, "id": f"rec-{teacher}-{label}-{seq}", "teacher": teacher, "school": house.school,
        "period_kind": "year", "label": label, "generation": seq, "starts_on": date(int(label), 1, 1),
        "ends_on": date(int(label), 12, 31), "process": "p", "standing": "{}", "pack": "made-up-made",
        "version": "1.0", "micro_hours": credits_ * 10**6, "micro_credits": credits_ * 10**6, "hours_unit": "学时",
        "credits_unit": "学分", "entry": seq, "decided_by": "test", "recorded_us": to_us(house.service.clock.now()),
    }  # fmt: skip
    return {**row, "evidence": evidence_of(row, {})}


def recognition_draft(row: dict[str, Any]) -> Draft:
    same = ("teacher", "generation", "micro_hours", "micro_credits", "hours_unit", "credits_unit", "pack", "version")
    return Draft(
        record=row["id"], activity=f"year:{row['label']}", kind="recognition", on=row["ends_on"],
        evidence=row["evidence"], recorded_us=row["recorded_us"], **{name: row[name] for name in same},
    )  # fmt: skip


@pytest.fixture(scope="module")
async def service(nats_server: Any, database: Store, clock: Clock) -> AsyncIterator[Service]:
    """The credits service under the law `made`."""
    fields = database.fields
    settings = Settings(nats_url=nats_server.url, keys=fields["data"] / "keys", **fields)
    async with running(settings, Rulebook({"made": pack_with_fraud()}, {}), clock=clock) as made:
        yield made


@pytest.fixture
async def house(service: Service, empty_house: House) -> Books:
    """A district under the law `made` with two teachers, t1 and t2, at school-1."""
    made = Books(service, empty_house.bus, empty_house.district)
    await made.bind(registry.PackBinding(pack="made", since=LAW_SINCE))
    await made.tell_school(made.school)
    await made.employ("t1", wait=False)
    await made.employ("t2")
    return made


def school_of(school: str) -> registry.SchoolChanged:
    return registry.SchoolChanged(school=school, version=1, history=())


@pytest.fixture
def tamper(database: Store, house: Books) -> Callable[[str], Awaitable[None]]:
    """Edit the district's tables behind the service's back, with the guards taken away."""

    async def edit(sql: str) -> None:
        await asyncio.to_thread(database.edit, "credits", house.district, sql, force=True)

    return edit
