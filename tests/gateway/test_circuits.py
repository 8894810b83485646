"""Circuits and second tries: what is down fails at once and alone, and is asked once a second until it is back."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest
from yanxiu_gateway.circuit import Circuit
from yanxiu_gateway.circuits import Circuits
from yanxiu_gateway.retrying import Retrying
from yanxiu_wire.caller import Caller
from yanxiu_wire.contracts import endpoints_of
from yanxiu_wire.credits import GET_PROJECTS
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import DeadlineExceeded, Overloaded, RemoteFault, ServiceUnavailable, WireFault
from yanxiu_wire.registry import GET_SCHOOLS, LIST_SCHOOLS, GetSchools, Schools
from yanxiu_wire.rpc import Bus
from yanxiu_wire.term import SET_TERM, SetTerm

CALLER = Caller(subject="synthetic", role="auditor", district="puer")
ASK = GetSchools(caller=CALLER, ids=())
COMMAND = SetTerm(
    caller=CALLER, key="k", school_year="2025", number=1, starts_on=date(2025, 9, 1), ends_on=date(2026, 1, 20)
)


def heard(fault: WireFault) -> WireFault:
    """The fault as one that the service itself told."""
    fault.answered = True
    return fault


class Timed:
    """A circuit with a clock that the test moves."""

    def __init__(self) -> None:
        self.time = 0.0
        self.opened = 0
        self.circuit = Circuit(self._note, now=lambda: self.time)

    def _note(self) -> None:
        self.opened += 1

    def say(self, answered: int = 0, lost: int = 0) -> None:
        for _ in range(answered):
            self.circuit.answered()
        for _ in range(lost):
            self.circuit.unanswered()


def test_a_circuit_opens_when_half_of_twenty_calls_bring_no_answer() -> None:
    timed = Timed()
    timed.say(answered=10, lost=9)
    assert timed.circuit.state == "closed"
    timed.say(lost=1)
    assert (timed.circuit.state, timed.opened) == ("open", 1)
    assert not timed.circuit.admits()


def test_few_calls_and_old_ones_open_nothing() -> None:
    timed = Timed()
    timed.say(lost=19)
    timed.time += 5.1
    timed.say(lost=19)
    assert timed.circuit.state == "closed"
    timed.say(answered=40)
    timed.say(lost=19)
    assert timed.circuit.state == "closed", "38 of 78"


def test_nobody_listening_opens_it_at_once() -> None:
    timed = Timed()
    timed.circuit.unanswered(nobody=True)
    assert timed.circuit.state == "open"


def test_an_open_circuit_lets_one_call_a_second_try_and_the_first_answer_closes_it() -> None:
    timed = Timed()
    timed.circuit.unanswered(nobody=True)
    timed.time += 0.9
    assert not timed.circuit.admits()
    assert timed.circuit.again_ms() == pytest.approx(100, abs=2)
    timed.time += 0.2
    assert timed.circuit.admits()
    assert timed.circuit.state == "half-open"
    assert not timed.circuit.admits(), "one at a time"
    timed.circuit.unanswered()
    assert timed.circuit.state == "open"
    timed.time += 1.0
    assert timed.circuit.admits()
    timed.circuit.answered()
    assert (timed.circuit.state, timed.opened) == ("closed", 1)
    timed.say(lost=18)
    assert timed.circuit.state == "closed", "what was before the end is forgotten"


def test_a_try_that_was_lost_does_not_leave_it_open_for_ever() -> None:
    timed = Timed()
    timed.circuit.unanswered(nobody=True)
    timed.time += 1.1
    assert timed.circuit.admits()
    timed.time += 1.1
    assert timed.circuit.admits()


class Services:
    """What is asked of services, and what they do."""

    def __init__(self, *happens: BaseException | str) -> None:
        self.happens = list(happens)
        self.asked: list[str] = []
        self.given: list[tuple[Any, str, Deadline | None]] = []

    async def __call__(self, endpoint: Any, request: Any, *, district: str, deadline: Deadline | None = None) -> Any:
        self.asked.append(endpoint.service)
        self.given.append((request, district, deadline))
        found = self.happens.pop(0) if len(self.happens) > 1 else self.happens[0]
        if isinstance(found, BaseException):
            raise found
        return found


async def ask(call: Any, endpoint: Any = GET_SCHOOLS, request: Any = ASK, seconds: float = 3.0) -> Any:
    return await call(endpoint, request, district="puer", deadline=Deadline.after(seconds))


async def test_a_service_that_nobody_serves_fails_at_once_by_name_and_others_are_asked() -> None:
    services = Services(ServiceUnavailable("registry", nobody=True), "an answer")
    circuits = Circuits(services, now=lambda: 0.0)
    for _ in range(5):
        with pytest.raises(ServiceUnavailable) as told:
            await ask(circuits)
        assert (told.value.service, told.value.again_ms) == ("registry", 1000)
    assert services.asked == ["registry"], "asked once, then failed without asking"
    assert await ask(circuits, GET_PROJECTS) == "an answer"
    assert circuits.states() == {"credits": "closed", "registry": "closed", "registry.get-schools": "open"}


@pytest.mark.parametrize(
    "fault",
    [
        heard(DeadlineExceeded("registry")),
        heard(ServiceUnavailable("registry")),
        heard(Overloaded("registry")),
        heard(RemoteFault("registry", "1")),
    ],
)
async def test_a_service_that_says_no_is_there(fault: WireFault) -> None:
    circuits = Circuits(Services(fault), now=lambda: 0.0)
    for _ in range(30):
        with pytest.raises(type(fault)):
            await ask(circuits)
    assert circuits.states() == {"registry": "closed"}


async def test_who_gave_no_time_proves_nothing() -> None:
    circuits = Circuits(Services(DeadlineExceeded("registry")), now=lambda: 0.0)
    for _ in range(30):
        with pytest.raises(DeadlineExceeded):
            await ask(circuits, seconds=0.2)
    assert circuits.states() == {"registry": "closed"}
    for _ in range(20):
        with pytest.raises(DeadlineExceeded):
            await ask(circuits)
    assert circuits.states() == {"registry": "closed", "registry.get-schools": "open"}


class Hanging:
    """Services of which some endpoints do not answer, with a clock that the test moves."""

    def __init__(self, *verbs: str, nobody: bool = False) -> None:
        self.verbs, self.nobody, self.time, self.asked = set(verbs), nobody, 0.0, 0
        self.circuits = Circuits(self._call, now=lambda: self.time)

    async def _call(self, endpoint: Any, *_asked: Any, **_named: Any) -> str:
        self.asked += 1
        if endpoint.verb in self.verbs:
            raise ServiceUnavailable(endpoint.service, nobody=True) if self.nobody else DeadlineExceeded("registry")
        return "an answer"

    async def answers(self, endpoint: Any) -> bool:
        try:
            await ask(self.circuits, endpoint)
        except (DeadlineExceeded, ServiceUnavailable):
            return False
        return True


async def test_an_endpoint_that_hangs_closes_itself_and_none_of_its_service() -> None:
    services = Hanging("list-schools")
    for _ in range(100):
        assert not await services.answers(LIST_SCHOOLS)
        assert await services.answers(GET_SCHOOLS)
    assert services.circuits.states() == {"registry": "closed", "registry.list-schools": "open"}
    assert services.asked == 100 + 20, "after twenty it is not asked any more"
    services.verbs, services.time = set(), 1.1
    assert await services.answers(LIST_SCHOOLS)
    assert services.circuits.states() == {"registry": "closed"}


async def test_a_service_that_hangs_is_known_by_twenty_calls_to_whichever_endpoints() -> None:
    every = [one for one in endpoints_of("registry") if not one.writes][:10]
    services = Hanging(*(one.verb for one in every))
    for endpoint in (*every, *every):
        assert not await services.answers(endpoint)
    assert services.circuits.states() == {"registry": "open"}
    another = next(one for one in endpoints_of("registry") if one not in every)
    assert not await services.answers(another)
    assert services.asked == 20, "what was never asked fails at once too"
    services.verbs, services.time = set(), 1.1
    assert await services.answers(another)
    assert services.circuits.states() == {"registry": "closed"}
    assert await services.answers(every[0])


async def test_a_service_that_nobody_serves_is_known_by_its_second_endpoint() -> None:
    services = Hanging("get-schools", "list-schools", nobody=True)
    assert not await services.answers(GET_SCHOOLS)
    assert services.circuits.states() == {"registry": "closed", "registry.get-schools": "open"}
    assert not await services.answers(LIST_SCHOOLS)
    assert services.circuits.states()["registry"] == "open"
    services.verbs, services.time = {"list-schools"}, 1.1
    assert await services.answers(GET_SCHOOLS), "the first answer of any endpoint opens all to be asked"
    assert services.circuits.states() == {"registry": "closed"}
    # An older process has not one of them: that tells nothing about the service.
    assert not await services.answers(LIST_SCHOOLS)
    assert await services.answers(GET_SCHOOLS)
    assert services.circuits.states() == {"registry": "closed", "registry.list-schools": "open"}


class Pauses:
    """Sleeps no time at all, and keeps how long it should have been."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.mark.parametrize(("endpoint", "request_"), [(GET_SCHOOLS, ASK), (SET_TERM, COMMAND)], ids=["read", "command"])
async def test_what_failed_for_a_moment_is_asked_once_more(endpoint: Any, request_: Any) -> None:
    services, pauses = Services(heard(ServiceUnavailable("registry")), "an answer"), Pauses()
    assert await ask(Retrying(services, sleep=pauses), endpoint, request_) == "an answer"
    assert services.given[0][:2] == services.given[1][:2], "the same command and key"
    assert 0.05 <= pauses.slept[0] <= 0.15


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (ServiceUnavailable("registry", nobody=True), 3.0),
        (Overloaded("registry"), 3.0),
        (heard(DeadlineExceeded("registry")), 3.0),
        (DeadlineExceeded("registry"), 0.4),
        (RemoteFault("registry", "1"), 3.0),
        (ServiceUnavailable("registry"), 0.4),
    ],
    ids=["nobody", "overloaded", "told-late", "late", "failed", "no-time"],
)
async def test_what_asking_again_would_not_help_is_asked_once(fault: WireFault, seconds: float) -> None:
    services = Services(fault)
    with pytest.raises(type(fault)):
        await ask(Retrying(services, sleep=Pauses()), seconds=seconds)
    assert len(services.asked) == 1


@pytest.mark.parametrize(("endpoint", "request_"), [(GET_SCHOOLS, ASK), (SET_TERM, COMMAND)], ids=["read", "command"])
async def test_an_answer_that_was_lost_is_asked_for_again_in_time(endpoint: Any, request_: Any) -> None:
    services = Services(DeadlineExceeded("registry"), "an answer")
    assert await ask(Retrying(services, sleep=Pauses()), endpoint, request_) == "an answer"
    first, second = (given[-1].at_ms for given in services.given)
    assert first < second, "the first try leaves time for the second"


async def test_without_budget_a_first_try_has_all_the_time() -> None:
    services = Services(ServiceUnavailable("registry"))
    retrying = Retrying(services, sleep=Pauses())
    for _ in range(100):
        with pytest.raises(ServiceUnavailable):
            await ask(retrying)
    before, last = services.given[0][-1].at_ms, services.given[-1][-1].at_ms
    assert last - before > 1000


async def test_first_tries_that_are_answered_cost_nothing() -> None:
    services = Services("an answer")
    retrying = Retrying(services, sleep=Pauses())
    for _ in range(200):
        await ask(retrying)
    assert services.given[-1][-1].remaining() < 3.0 / 2, "there is still enough for a second try"


async def test_a_tenth_of_the_requests_may_be_second_tries() -> None:
    services = Services(ServiceUnavailable("registry"))
    retrying = Retrying(services, sleep=Pauses())
    for _ in range(1000):
        with pytest.raises(ServiceUnavailable):
            await ask(retrying)
    assert 1000 + 100 <= len(services.asked) <= 1000 + 164, "a tenth, and sixty-four that were saved up"


async def test_a_call_that_is_cancelled_counts_for_nothing() -> None:
    circuits = Circuits(Services(asyncio.CancelledError()), now=lambda: 0.0)
    for _ in range(30):
        with pytest.raises(asyncio.CancelledError):
            await ask(circuits)
    assert circuits.states() == {"registry": "closed"}


async def test_over_a_real_bus_a_service_that_is_away_fails_fast_and_is_found_again_within_a_second(
    own_bus: Bus,
) -> None:
    time = [0.0]
    circuits = Circuits(own_bus.call, now=lambda: time[0])
    for _ in range(200):
        with pytest.raises(ServiceUnavailable):
            await ask(circuits)
    assert circuits.states() == {"registry": "closed", "registry.get-schools": "open"}

    async def schools(_district: str, _query: Any, _deadline: Deadline) -> Schools:
        return Schools(items=())

    serving = await own_bus.serve("registry", "1.0.0", {GET_SCHOOLS: schools})
    with pytest.raises(ServiceUnavailable):
        await ask(circuits)
    time[0] += 1.1
    assert await ask(circuits) == Schools(items=())
    assert circuits.states() == {"registry": "closed"}
    await serving.drain()
