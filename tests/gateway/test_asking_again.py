"""What was answered before is answered so again where every service says the same now, and by execution where not."""

from __future__ import annotations

import asyncio
import functools
import json
from collections import Counter
from typing import Any, cast

import pytest
from graphql import DocumentNode, get_operation_ast, parse
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from yanxiu_gateway import asking_again, executing
from yanxiu_gateway.asking_again import AskingAgain
from yanxiu_gateway.asking_briefly import Briefly
from yanxiu_gateway.backend import Backend
from yanxiu_gateway.circuits import Circuits
from yanxiu_gateway.executing import Executed, Executing, Operation
from yanxiu_gateway.kept_answers import KeptAnswers
from yanxiu_gateway.schema.build import GatewaySchema, build_schema
from yanxiu_gateway.schema.nodes import global_id
from yanxiu_wire import tracing
from yanxiu_wire.bundle import Answer, Asked
from yanxiu_wire.caller import Caller
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable
from yanxiu_wire.known import Encoded, Replied, told_of
from yanxiu_wire.rpc import Bus

from tests.examples import with_service
from tests.gateway.land import RECORDS
from tests.gateway.world import World

SCHEMA: GatewaySchema = build_schema()
OFFICER = Caller(subject="synthetic", role="institute-officer", district="puer")
CALLERS = (OFFICER, replace(OFFICER, subject="other"), replace(OFFICER, district="putuo"))
TEACHER_ID, SCHOOL_ID = "puer-school-0-teacher-1", "puer-school-0"
TEACHER = f"""{{ teacher(id: "{global_id("Teacher", TEACHER_ID)}")
  {{ id name title total {{ credits }} school {{ name }} }} }}"""
SCHOOL = f"""{{ school(id: "{global_id("School", SCHOOL_ID)}") {{ name teachers(first: 3) {{ edges {{ node
  {{ id name total {{ credits }} records(first: 4) {{ edges {{ node {{ id hours status }} }} }} }} }} }} }} }}"""
DISTRICT = "{ district { nameZh schools(first: 3) { totalCount edges { node { id name } } } } }"
LEDGER = "{ ledger(first: 3) { edges { node { seq hours record { id status } teacher { name school { name } } } } } }"
NOBODY = f'{{ teacher(id: "{global_id("Teacher", "no-such")}") {{ name total {{ credits }} }} district {{ nameZh }} }}'
QUERIES = (TEACHER, SCHOOL, DISTRICT, LEDGER, NOBODY)


class Services:
    """The world's services as they are behind the bus; `asked` are the questions, each of which leaves its line."""

    def __init__(self, world: World, *, older: bool = False) -> None:
        self._world = world
        self._older = older
        self.asked: list[tuple[str, str, bytes]] = []
        self.same = self.briefly = 0
        self.hangs = ""
        self._endpoints: dict[tuple[str, str], Endpoint[Any, Any]] = {}

    async def call(
        self, endpoint: Endpoint[Any, Any], request: Any, *, district: str, deadline: Deadline | None = None
    ) -> Any:
        """As `Bus.call`."""
        assert deadline is not None
        asked = request if isinstance(request, Encoded) else Encoded(encode(request))
        self._endpoints[endpoint.service, endpoint.verb] = endpoint
        answer = None if asked.sent is None else await asked.sent.take(endpoint, deadline)
        if answer is None:
            answer = await self._answer(endpoint, district, asked, deadline)
        if answer.same:
            return Replied(None, None)
        reply = decode(endpoint.reply, answer.data)
        return Replied(reply, answer.data) if request is asked else reply

    async def _answer(self, endpoint: Endpoint[Any, Any], district: str, asked: Encoded, deadline: Deadline) -> Answer:
        self.asked.append((endpoint.verb, district, asked.body))
        await (asyncio.sleep(max(deadline.remaining(), 0)) if endpoint.verb == self.hangs else asyncio.sleep(0))
        if deadline.remaining() <= 0:
            raise DeadlineExceeded(endpoint.service)
        if endpoint.service in self._world.down:
            raise ServiceUnavailable(endpoint.service)
        answer = await self._world.handle(endpoint)(district, decode(endpoint.request, asked.body), deadline)
        told = told_of(encode(answer), "" if self._older else asked.known)
        self.same += not told
        return Answer("", told, same=not told)

    # ---- as `SharedBundles` and `Circuits`, for who asks briefly ----

    def ask(self, service: str, district: str, head: Asked, body: bytes, _whose: object) -> asyncio.Task[Any]:
        """A part of a message: what nobody listens for goes alone, and nothing but an answer ever comes."""

        async def part() -> Answer | None:
            endpoint = self._endpoints[service, head.verb]
            if service in self._world.down:
                return None
            if head.verb == self.hangs:
                self.asked.append((head.verb, district, body))
                await asyncio.Event().wait()
            self.briefly += 1
            return await self._answer(endpoint, district, Encoded(body, head.known), Deadline(head.deadline_ms))

        return asyncio.create_task(part())

    def closed(self, _endpoint: Endpoint[Any, Any]) -> bool:
        return True

    def answered(self, _endpoint: Endpoint[Any, Any]) -> None:
        pass

    @property
    def shared_bundles(self) -> Services:
        return self

    def verbs(self) -> list[str]:
        """What was asked since the last time."""
        asked, self.asked = self.asked, []
        return [verb for verb, _, _ in asked]


@functools.cache
def read(text: str) -> DocumentNode:
    return parse(text)


class Gateway:
    """A gateway over the world, which keeps answers unless it is `plain`, and asks briefly whether they hold."""

    def __init__(self, world: World, *, plain: bool = False, older: bool = False, briefly: bool = True) -> None:
        self.services = Services(world, older=older)
        self.kept = KeptAnswers()
        short = Briefly(cast("Bus", self.services), cast("Circuits", self.services)) if briefly else None
        again = None if plain else AskingAgain(self.services.call, self.kept, short)
        self.executing = Executing(SCHEMA, Backend(again or self.services.call), again)

    async def ask(self, text: str, caller: Caller = OFFICER) -> Executed:
        document = read(text)
        node = get_operation_ast(document)
        assert node is not None
        with tracing.continued():
            return await self.executing.execute(Operation(text, document, node, None, None, caller, "zh"))


def told(executed: Executed) -> Any:
    return executed.data, sorted((str(one.path), one.message) for one in executed.errors)


WAYS = {"briefly": True, "the long way": False}


@pytest.fixture(params=WAYS.values(), ids=WAYS)
def briefly(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture
def gateway(world: World, briefly: bool) -> Gateway:
    return Gateway(world, briefly=briefly)


@pytest.fixture
def plain(world: World) -> Gateway:
    return Gateway(world, plain=True)


def rename_teacher(world: World, number: int) -> None:
    teachers = world.lands["puer"].teachers
    teachers[TEACHER_ID] = replace(teachers[TEACHER_ID], name=f"虚构改名{number}")


def rename_school(world: World, number: int) -> None:
    schools = world.lands["puer"].schools
    schools[SCHOOL_ID] = replace(schools[SCHOOL_ID], name=f"虚构改名校{number}")


def move(world: World, number: int) -> None:
    teachers = world.lands["puer"].teachers
    teachers[TEACHER_ID] = replace(teachers[TEACHER_ID], school=f"puer-school-{number % 3}")


def leave(world: World, number: int) -> None:
    if (gone := f"puer-school-0-teacher-{number}") != TEACHER_ID:
        world.lands["puer"].teachers.pop(gone, None)


def reverse(world: World, number: int) -> None:
    records = world.lands["puer"].records
    one = f"puer-school-0-teacher-{number}-record-{number % RECORDS}"
    if one in records:
        records[one] = replace(records[one], status="REVERSED")


def rebind(world: World, number: int) -> None:
    world.lands["puer"].district = replace(world.lands["puer"].district, name_zh=f"虚构区{number}")


def shorten(world: World, number: int) -> None:
    del world.lands["puer"].entries[: number % 3]


def fail(world: World, number: int) -> None:
    world.down ^= {("registry", "credits")[number % 2]}


WRITES = (rename_teacher, rename_school, move, leave, reverse, rebind, shorten, fail)
ASKED = st.tuples(st.just("ask"), st.sampled_from(QUERIES), st.sampled_from((*CALLERS, OFFICER, OFFICER)))
WRITTEN = st.tuples(st.just("write"), st.sampled_from(WRITES), st.integers(0, 4))


@given(st.lists(st.one_of(ASKED, ASKED, ASKED, WRITTEN), min_size=10, max_size=30), st.booleans())
@with_service(40)
async def test_whatever_is_written_between_askings_the_answer_and_the_questions_are_those_of_an_execution(
    steps: list[tuple[str, Any, Any]], way: bool
) -> None:
    world = World()
    gateway, plain = Gateway(world, briefly=way), Gateway(world, plain=True)
    # Asked for three times, all of them are kept.
    asked = [(text, OFFICER) for text in QUERIES * 3]
    for kind, what, more in [*(("ask", *one) for one in asked), *steps]:
        if kind == "write":
            what(world, more)
            continue
        ours, theirs = await gateway.ask(what, more), await plain.ask(what, more)
        assert told(ours) == told(theirs)
        assert Counter(gateway.services.asked) == Counter(plain.services.asked)
        gateway.services.asked.clear()
        plain.services.asked.clear()
    assert gateway.services.same, "nothing was known at all"
    assert bool(gateway.services.briefly) is way


@pytest.mark.parametrize("text", [TEACHER, SCHOOL, DISTRICT, LEDGER])
async def test_an_answer_is_kept_at_its_second_asking_and_told_byte_for_byte_at_the_third(
    text: str, gateway: Gateway
) -> None:
    first, second = await gateway.ask(text), await gateway.ask(text)
    asked = len(gateway.services.asked) // 2
    assert (len(gateway.kept), gateway.services.same) == (1, 0)
    third = await gateway.ask(text)
    assert third.data is second.data
    assert third == first
    assert (gateway.services.same, len(gateway.services.asked)) == (asked, 3 * asked)


async def warm(gateway: Gateway, text: str) -> None:
    for _ in range(3):
        await gateway.ask(text)
    assert gateway.services.same
    gateway.services.asked.clear()
    gateway.services.same = 0


async def test_where_the_first_round_differs_nothing_is_asked_that_followed_from_the_answer_of_before(
    gateway: Gateway, plain: Gateway, world: World
) -> None:
    await warm(gateway, LEDGER)
    world.lands["puer"].entries.clear()
    assert told(await gateway.ask(LEDGER)) == told(await plain.ask(LEDGER))
    assert gateway.services.verbs() == plain.services.verbs() == ["list-entries"]


async def test_where_the_second_round_differs_what_was_the_same_is_not_asked_again(
    gateway: Gateway, plain: Gateway, world: World
) -> None:
    await warm(gateway, LEDGER)
    owner = world.lands["puer"].teachers[world.lands["puer"].entries[0].teacher]
    world.lands["puer"].teachers[owner.id] = replace(owner, name="虚构改名")
    ours = await gateway.ask(LEDGER)
    assert told(ours) == told(await plain.ask(LEDGER))
    assert "虚构改名" in (ours.data or b"").decode()
    assert gateway.services.same >= 1
    assert sorted(gateway.services.verbs()) == sorted(plain.services.verbs())
    # What was told now is what is kept, and its rounds are as they were.
    assert (await gateway.ask(LEDGER)).data is ours.data


async def test_an_outage_is_told_as_ever_and_takes_what_was_kept_with_it(
    gateway: Gateway, plain: Gateway, world: World
) -> None:
    await warm(gateway, TEACHER)
    world.down = {"credits"}
    ours, theirs = await gateway.ask(TEACHER), await plain.ask(TEACHER)
    assert told(ours) == told(theirs)
    assert [str(one.original_error) for one in ours.errors] == [str(one.original_error) for one in theirs.errors]
    assert sorted(gateway.services.verbs()) == sorted(plain.services.verbs())
    assert len(gateway.kept) == 0
    world.down = set()
    assert told(await gateway.ask(TEACHER)) == told(await plain.ask(TEACHER))


# What the gateway itself finds wrong, beside what a service answers.
WRONG = "{ district { nameZh } gone: schools(first: 999) { totalCount } }"
REVEALED = f'{{ teacher(id: "{global_id("Teacher", TEACHER_ID)}") {{ nationalId(reveal: true, reason: "查证") }} }}'
REFUSED = (
    '{ school(id: "%s") { teachers(first: 1) { edges { node { standing(kind: "no-such-kind") { verdict } } } } } }'
)


@pytest.mark.parametrize("text", [REVEALED, REFUSED % global_id("School", SCHOOL_ID), "{ me { role } }", WRONG])
async def test_what_leaves_a_record_is_refused_asks_nothing_or_has_an_error_is_never_kept(
    text: str, gateway: Gateway
) -> None:
    for _ in range(4):
        await gateway.ask(text)
    assert (len(gateway.kept), gateway.services.same) == (0, 0)


async def test_what_was_asked_and_not_waited_for_keeps_the_answer_out(gateway: Gateway) -> None:
    gateway.services.hangs = "get-totals"
    for _ in range(4):
        assert not (await gateway.ask(NOBODY)).errors
    assert gateway.services.verbs().count("get-totals") == 4
    assert len(gateway.kept) == 0


async def test_a_service_that_knows_no_digests_tells_everything_and_the_answer_is_the_same(
    world: World, plain: Gateway, briefly: bool
) -> None:
    gateway = Gateway(world, older=True, briefly=briefly)
    for _ in range(4):
        assert told(await gateway.ask(SCHOOL)) == told(await plain.ask(SCHOOL))
    assert gateway.services.verbs() == plain.services.verbs()


async def test_many_at_once_are_asked_for_together_and_told_the_same(gateway: Gateway) -> None:
    await warm(gateway, TEACHER)
    many = await asyncio.gather(*(gateway.ask(TEACHER) for _ in range(32)))
    assert len({id(one.data) for one in many}) == 1
    # One begun at once and one for all who came meanwhile, of three questions each.
    assert len(gateway.services.asked) == 6


# Two chains beside one another: of one the first question hangs, of the other a second follows from the first.
CHAINS = f"""{{
  teacher(id: "{global_id("Teacher", TEACHER_ID)}") {{ name total {{ credits }} }}
  ledger(first: 2) {{ edges {{ node {{ seq }} }} }}
  school(id: "{global_id("School", SCHOOL_ID)}")
  {{ teachers(first: 2) {{ edges {{ node {{ id school {{ name }} }} }} }} }} }}"""


@pytest.mark.parametrize("hangs", ["get-totals", "list-entries"])
async def test_a_service_that_hangs_takes_no_field_of_another_with_it(
    world: World, monkeypatch: pytest.MonkeyPatch, hangs: str, briefly: bool
) -> None:
    monkeypatch.setattr(asking_again, "MOMENT_SECONDS", 0.02)
    monkeypatch.setattr(executing, "QUERY_SECONDS", 0.5)
    both = Gateway(world, briefly=briefly), Gateway(world, plain=True)
    for gateway in both:
        for _ in range(3):
            await gateway.ask(CHAINS)
        gateway.services.hangs = hangs
        gateway.services.asked.clear()
    ours, theirs = [await gateway.ask(CHAINS) for gateway in both]
    assert ours.data is not None
    assert json.loads(ours.data)["school"]
    assert told(ours) == told(theirs)
    assert Counter(both[0].services.asked) == Counter(both[1].services.asked)
    assert not both[0].kept, "what failed is not kept"
