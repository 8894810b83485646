"""Packs that raise, hang, allocate without end, end their process or give nonsense: only their own district notices.

Each misbehaves in a district of its own, all at once and on the one process that the others are served by too.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

import pytest
from yanxiu_wire.caller import PLATFORM
from yanxiu_wire.credits import (
    DECIDE_PROJECT,
    GET_TOTALS,
    PROPOSE_PROJECT,
    REGISTER_TRAINING,
    DecideProject,
    GetTotals,
    Project,
    ProposeProject,
    RegisterTraining,
    TrainingRegistered,
)
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import DeadlineExceeded, RulePackFailed
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rules import (
    GET_CLAUSE,
    GET_RULE_PACKS,
    LIST_RULE_PACKS,
    TRY_DECISION,
    ClauseFound,
    GetClause,
    GetRulePacks,
    ListRulePacks,
    PackAsked,
    TryDecision,
)

from tests.fence.conftest import Fenced
from tests.fence.packs import BY_SCORE, FIRST_SCORE, NO_AMOUNT, SCORED, SOUND, WHEN_ASKED, WHEN_LOADED, install
from tests.services.credits.conftest import NOTICE, House

SET = {"mode": "network", "level": "provincial"}
TRAINING = {**SET, "kind": "training", "hours_planned": "10", "score": "89"}
PROBLEMS = {
    "loops": "hangs",
    "sleeps": "hangs",
    "allocates": "memory",
    "maps": "memory",
    "ends-its-process": "ended",
    "crashes": "ended",
}
RECOVER_SECONDS = 40.0


async def asked(house: House, endpoint: Endpoint[Any, Any], request: Any) -> Any:
    """The answer within the endpoint's own time limit, or the fault of the pack that came instead."""
    try:
        return await house.bus.call(endpoint, request, district=house.district, deadline=Deadline.after(8))
    except RulePackFailed as fault:
        return fault


async def propose(house: House, key: str) -> Any:
    proposal = ProposeProject(caller=house.officer, key=key, title="课程", organiser="研修中心", facts=SET)
    return await asked(house, PROPOSE_PROJECT, proposal)


async def approved(house: House) -> str:
    """A project that records may stand under; the packs here judge it as they should."""
    project = await propose(house, "project")
    assert isinstance(project, Project), (house.district, project)
    officer = house.caller("district-officer")
    day, on = date(2024, 3, 1), {"document": NOTICE, "approve": True}
    decided = await asked(
        house, DECIDE_PROJECT, DecideProject(caller=officer, key="decide", project=project.id, on=day, **on)
    )
    assert isinstance(decided, Project), (house.district, decided)
    return project.id


async def register(house: House, key: str, project: str, *, score: str = "89") -> Any:
    return await asked(
        house,
        REGISTER_TRAINING,
        RegisterTraining(
            caller=house.officer,
            key=key,
            teacher="t1",
            on=date(2024, 5, 20),
            project=project,
            facts={**TRAINING, "score": score},
        ),
    )


async def recovered(ask: Callable[[], Awaitable[Any]]) -> Any:
    """The first answer that is no fault of the pack: it rests a while, and nobody is told when it serves again."""
    async with asyncio.timeout(RECOVER_SECONDS):
        while True:
            # All of them start again at once: on a busy machine one may be late, as for any client.
            with contextlib.suppress(DeadlineExceeded):
                found = await ask()
                if not isinstance(found, RulePackFailed | Refused):
                    return found
            await asyncio.sleep(0.2)  # a client tries again: nobody tells it when a pack serves again


@contextlib.asynccontextmanager
async def served_meanwhile(house: House) -> AsyncIterator[list[Any]]:
    """While the block runs, another district is asked again and again; afterwards its answers are seen to be such."""
    done = asyncio.Event()
    answers: list[Any] = []

    async def ask() -> None:
        while not done.is_set():
            answers.append(await propose(house, house.key()))
            # As people ask, not as fast as can be: the cores are for those who misbehave.
            await asyncio.sleep(0.05)

    asking = asyncio.create_task(ask())
    try:
        yield answers
    finally:
        done.set()
        await asking
    assert answers
    assert all(isinstance(one, Project) for one in answers), [one for one in answers if not isinstance(one, Project)]


@pytest.fixture(scope="module")
async def calm(fenced: Fenced) -> House:
    """A district under a law that does what it should."""
    return await fenced.district("calm", "puer")


@pytest.mark.timeout(180)
async def test_what_a_pack_does_wrong_when_asked_fails_its_own_district_alone_until_it_is_replaced(
    fenced: Fenced, calm: House
) -> None:
    for name, body in WHEN_ASKED.items():
        install(fenced.site, f"x-{name}", does=body)
    houses = {name: await fenced.district(f"x-{name}", f"x-{name}") for name in WHEN_ASKED}
    projects = await _each(houses, lambda _name, house: approved(house), at_once=4)
    before = {name: await house.counts() for name, house in houses.items()}

    async with served_meanwhile(calm) as answers:
        told = await _each(houses, lambda name, house: register(house, "first", projects[name]))
        assert len(answers) > 10, "the other district was served all along"
    assert {name: (type(one), one.pack, one.district) for name, one in told.items()} == {
        name: (RulePackFailed, f"x-{name}", f"x-{name}") for name in houses
    }
    problems = {name: one.problem for name, one in told.items()}
    assert problems == PROBLEMS
    # Each is counted, by district, pack and what happened.
    for name in houses:
        counted = {"district": f"x-{name}", "pack": f"x-{name}", "problem": problems[name]}
        assert await fenced.counted("yanxiu_rule_pack_failures_total", **counted) == 1
        assert await fenced.counted("yanxiu_cells_ended_total", district=f"x-{name}") == 1
    assert await fenced.counted("yanxiu_rule_pack_failures_total", district="calm") == 0
    # Nothing is half-written: not even the key is taken. What asks no law is answered meanwhile, and so says.
    assert {name: await house.counts() for name, house in houses.items()} == before
    asked = {name: GetTotals(caller=house.officer, teachers=("t1",)) for name, house in houses.items()}
    totals = {name: await houses[name].bus.call(GET_TOTALS, one, district=f"x-{name}") for name, one in asked.items()}
    assert {name: one.items[0].records for name, one in totals.items()} == dict.fromkeys(houses, 0)

    for name in houses:
        install(fenced.site, f"x-{name}", does=SOUND, version="1.1")
    again = await _each(
        houses, lambda name, house: recovered(lambda: register(house, "first", projects[name])), at_once=4
    )
    assert all(isinstance(one, TrainingRegistered) and not one.replayed for one in again.values()), again
    assert fenced.logged("cell-killed", pack="x-loops", problem="hangs")


async def test_whatever_a_pack_raises_or_gives_is_its_failure_at_once_and_its_process_goes_on(fenced: Fenced) -> None:
    install(fenced.site, "x-scored", does=SCORED)
    house = await fenced.district("x-scored", "x-scored")
    project = await approved(house)
    before = await house.counts()
    async with asyncio.timeout(8):  # less than the deadlines of two requests
        told = {
            name: await register(house, f"score-{score}", project, score=str(score))
            for score, name in enumerate(BY_SCORE, start=FIRST_SCORE)
        }
    assert [name for name, one in told.items() if not isinstance(one, RulePackFailed)] == []
    failed = {name: (one.pack, one.district, one.problem) for name, one in told.items()}
    assert failed == dict.fromkeys(BY_SCORE, ("x-scored", "x-scored", "raised"))
    counted = {"district": "x-scored", "pack": "x-scored", "problem": "raised"}
    assert await fenced.counted("yanxiu_rule_pack_failures_total", **counted) == len(BY_SCORE)
    # Each is logged with its traceback; not even its key is taken, and no process was lost.
    assert len(fenced.logged("rule-pack-failed", pack="x-scored", problem="raised")) == len(BY_SCORE)
    assert await house.counts() == before
    assert await fenced.counted("yanxiu_cells_ended_total", district="x-scored") == 0
    install(fenced.site, "x-scored", version="1.1")
    assert isinstance(await recovered(lambda: register(house, f"score-{FIRST_SCORE}", project)), TrainingRegistered)


@pytest.mark.timeout(180)
async def test_what_a_pack_does_wrong_while_it_is_loaded_fails_its_own_district_alone_until_it_is_replaced(
    fenced: Fenced, calm: House
) -> None:
    for name, top in WHEN_LOADED.items():
        install(fenced.site, f"x-{name}", at_import=top)
    houses = {name: await fenced.district(f"x-{name}", f"x-{name}") for name in WHEN_LOADED}
    async with served_meanwhile(calm):
        told = await _each(houses, lambda _name, house: propose(house, "first"))
    refused = {name: one for name, one in told.items() if isinstance(one, Refused)}
    # What can be caught is a law that cannot be used; what cannot took its process along.
    caught = ("raises-at-import", "exits-at-import", "cancels-at-import", "allocates-at-import")
    assert {name: one.errors[0].code for name, one in refused.items()} == dict.fromkeys(caught, "LAW_UNUSABLE")
    failed = {name: (one.problem, one.pack) for name, one in told.items() if isinstance(one, RulePackFailed)}
    assert failed == {
        "loops-at-import": ("hangs", "x-loops-at-import"),
        "sleeps-at-import": ("hangs", "x-sleeps-at-import"),
        "ends-its-process-at-import": ("ended", "x-ends-its-process-at-import"),
    }
    for name in houses:
        install(fenced.site, f"x-{name}", version="1.1")
    again = await _each(houses, lambda _name, house: recovered(lambda: propose(house, "first")), at_once=4)
    assert all(isinstance(one, Project) for one in again.values()), again


async def test_an_amount_that_no_ledger_holds_is_refused_naming_it(fenced: Fenced) -> None:
    for name, body in NO_AMOUNT.items():
        install(fenced.site, f"x-{name}", does=body)
    houses = {name: await fenced.district(f"x-{name}", f"x-{name}") for name in NO_AMOUNT}
    projects = await _each(houses, lambda _name, house: approved(house), at_once=4)
    told = await _each(houses, lambda name, house: register(house, "first", projects[name]))
    codes = {name: one.errors[0].code for name, one in told.items()}
    assert codes == dict.fromkeys(NO_AMOUNT, "AMOUNT_NOT_EXACT"), told


async def test_a_pack_for_another_kit_is_refused_at_load_and_the_same_pack_for_this_kit_serves(fenced: Fenced) -> None:
    install(fenced.site, "x-other-kit", kit=">=2,<3")
    house = await fenced.district("x-other-kit", "x-other-kit")
    refused = await propose(house, "first")
    assert refused.errors[0].code == "LAW_UNUSABLE"
    (said,) = fenced.logged("rule-pack-refused", pack="x-other-kit")
    assert "is made for yanxiu-rulekit<3,>=2, and this is" in said["reason"]
    install(fenced.site, "x-other-kit", version="1.1")
    assert isinstance(await recovered(lambda: propose(house, "first")), Project)


async def test_a_pack_that_is_installed_while_the_service_runs_serves_a_district_bound_to_it(fenced: Fenced) -> None:
    house = await fenced.district("x-later", "x-later")
    refused = await propose(house, "first")
    assert refused.errors[0].code == "LAW_UNUSABLE"
    install(fenced.site, "x-later")
    assert isinstance(await recovered(lambda: propose(house, "first")), Project)


async def _each(
    houses: Mapping[str, House], ask: Callable[[str, House], Awaitable[Any]], *, at_once: int = 100
) -> dict[str, Any]:
    """What each is answered; a district's first request starts its cell, which many at once would make slow."""
    places = asyncio.Semaphore(at_once)

    async def one(name: str, house: House) -> Any:
        async with places:
            return await ask(name, house)

    return dict(zip(houses, await asyncio.gather(*(one(*each) for each in houses.items())), strict=True))


@pytest.mark.timeout(120)
async def test_a_pack_of_others_that_hangs_takes_no_page_and_no_trial_of_another_law_along_not_even_once(
    fenced: Fenced, calm: House
) -> None:
    install(fenced.site, "x-unread", at_import=WHEN_LOADED["sleeps-at-import"])

    async def ask(endpoint: Endpoint[Any, Any], query: Any) -> Any:
        return await asked(calm, endpoint, query(caller=calm.officer))

    def tried(jurisdiction: str | None) -> Any:
        law = PackAsked(jurisdiction=jurisdiction, on=date(2024, 10, 16))
        return ask(TRY_DECISION, partial(TryDecision, law=law, facts=TRAINING))

    clause = partial(GetClause, id="PUER-11-3")
    both = partial(GetRulePacks, asked=(PackAsked(), PackAsked(jurisdiction="putuo")))
    async with served_meanwhile(calm):
        listed = asyncio.create_task(ask(LIST_RULE_PACKS, ListRulePacks))
        about_it = asyncio.create_task(tried("x-unread"))
        while not (listed.done() and about_it.done()):
            for answer in (await tried(None), await tried("puer"), await tried("putuo")):
                assert not isinstance(answer, RulePackFailed), answer
            assert isinstance(await ask(GET_CLAUSE, clause), ClauseFound)
            assert [one.jurisdiction for one in (await ask(GET_RULE_PACKS, both)).items] == ["puer", "putuo"]
    found, failed = await listed, await about_it
    assert {one.jurisdiction: one.problem for one in found.broken}["x-unread"] in ("hangs", "paused")
    assert {"puer", "putuo"} <= {one.jurisdiction for one in found.items}
    # It is the pack's failure and not that of the district that asked.
    assert (failed.pack, failed.district) == ("x-unread", PLATFORM)
    assert await fenced.counted("yanxiu_rule_pack_failures_total", district="calm") == 0
    assert await fenced.counted("yanxiu_rule_pack_failures_total", district=PLATFORM, pack="x-unread") >= 1
