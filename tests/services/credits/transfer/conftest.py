"""Two districts of one deployment, and laws that differ about what a teacher brings along."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from yanxiu_credits.__main__ import running
from yanxiu_credits.service import Service
from yanxiu_credits.settings import Settings
from yanxiu_rulekit.decision import Moved
from yanxiu_rulekit.law import Law
from yanxiu_rulekit.plugins import Rulebook, load_packs
from yanxiu_wire import registry
from yanxiu_wire import transfer as wire
from yanxiu_wire.books import GET_TRANSCRIPT, GetTranscript
from yanxiu_wire.credits import TrainingRegistered

from tests.services.credits.conftest import LAW_SINCE, FixedClock, House, made_up_pack
from tests.stores import Store

TOO_MUCH = Decimal(30)


def move(moved: Moved, law: Law) -> Mapping[str, Any]:
    """Inside the city and stage a record counts; more than thirty credits never; all else is for an official."""
    recognised: bool | None = (moved.within_city and moved.same_stage) or None
    if moved.credits > TOO_MUCH:
        recognised = False
    law.step(
        "moved", moved.credits, unit="学分", clauses=("MADE-3",),
        zh="转入{value}学分", en="{value} credits brought along",
    )  # fmt: skip
    amounts = (moved.hours, moved.credits) if recognised else (Decimal(0), Decimal(0))
    reasons = () if recognised else ("MADE-4",) if recognised is False else ("MADE-3",)
    return {"recognised": recognised, "hours": amounts[0], "credits": amounts[1], "reasons": reasons}


def pack(name: str, **changed: Any) -> Any:
    made = made_up_pack(name)
    made.credit = msgspec.structs.replace(made.credit, **changed)
    return made


@pytest.fixture(scope="module")
async def service(nats_server: Any, database: Store, clock: FixedClock) -> AsyncIterator[Service]:
    """Laws that take transfers (`strict` has a higher mark, `classes` other units), a silent one, and the real ones."""
    packs = {
        "made": pack("made", transfer=move),
        "classes": pack("classes", transfer=move, hours_unit="课时"),
        "silent": pack("silent"),
        "strict": made_up_pack("strict", pass_mark=80),
    }
    packs["strict"].credit = msgspec.structs.replace(packs["strict"].credit, transfer=move)
    settings = Settings(nats_url=nats_server.url, keys=database.fields["data"] / "keys", **database.fields)
    async with running(settings, Rulebook({**load_packs().packs, **packs}, {}), clock=clock) as made:
        yield made


class Place(House):
    """A district with the teacher t1, from which or to which somebody moves."""

    async def transcript(self, teacher: str = "t1", **asked: Any) -> str:
        answer = await self.call(GET_TRANSCRIPT, GetTranscript(caller=self.officer, teacher=teacher, **asked))
        return answer.document

    async def earn(self, teacher: str = "t1", **changes: Any) -> Any:
        answer = await self.course(teacher, **changes)
        assert isinstance(answer, TrainingRegistered), answer
        return answer.record

    async def receive(self, document: str, teacher: str = "t1", **changes: Any) -> Any:
        stated = {"within_city": True, "same_stage": True, "identity_confirmed": True, **changes}
        stated.setdefault("caller", self.officer)
        stated.setdefault("key", self.key())
        return await self.call(
            wire.RECEIVE_TRANSFER, wire.ReceiveTransfer(teacher=teacher, document=document, **stated)
        )

    async def decide(self, transfer: str, number: int = 1, *, recognise: bool = True, **more: Any) -> Any:
        given = {"reason": "已核原始材料", "caller": self.officer, "key": self.key(), **more}
        return await self.call(
            wire.DECIDE_TRANSFER_ITEM,
            wire.DecideTransferItem(transfer=transfer, number=number, recognise=recognise, **given),
        )

    async def fetch(self, transfer: str, caller: Any = None, *, explain: bool = False) -> Any:
        query = wire.GetTransfers(caller=caller or self.officer, ids=(transfer,), explain=explain)
        return (await self.call(wire.GET_TRANSFERS, query)).items[0]


_numbers = itertools.count(1)
Opening = Callable[..., Any]


@pytest.fixture
def open_place(service: Service, bus: Any) -> Opening:
    """Opens a district under a law, with t1 at work there."""

    async def opened(law: str, *teachers: str, **own: Any) -> Place:
        place = Place(service, bus, f"m-{next(_numbers)}")
        await place.bind(
            registry.PackBinding(pack=law, since=LAW_SINCE if law not in REAL else date(2024, 1, 1), **own)
        )
        for teacher in teachers or ("t1",):
            await place.employ(teacher, hired_on=date(2021, 9, 1))
        return place

    return opened


REAL = ("puer", "putuo", "ouhai")


@pytest.fixture
async def left(open_place: Opening) -> Place:
    """The district that a teacher leaves."""
    return await open_place("made")


@pytest.fixture
async def entered(open_place: Opening) -> Place:
    """The district that he comes to, under the same law."""
    return await open_place("made")
