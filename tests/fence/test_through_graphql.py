"""What front ends see of a pack that fails: its own district's fields, by code, in both services; nobody else's."""

from __future__ import annotations

import asyncio
import functools
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NatsServer
from tests.fence.packs import WHEN_LOADED, install
from tests.slices.district import LAW_SINCE, District
from tests.slices.platform import NoAnswer, Platform

PROPOSE = "mutation($input: ProposeProjectInput!) { proposeProject(input: $input) { project { id } errors { code } } }"
ORGANISATIONS = "{ schoolOrganisations(first: 1) { edges { node { school { id } } } } }"
WITHIN_SECONDS = 60.0


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
async def platform(site: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Platform]:
    """All parts as processes, which find packs in a folder of the test's."""
    folder = tmp_path_factory.mktemp("graphql")
    nats = NatsServer(folder)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", str(site))
        patched.setenv("PYTHONDONTWRITEBYTECODE", "1")
        patched.setenv("YANXIU_PACK_STORE", str(folder / "store"))
        patched.setenv("YANXIU_FENCE_PAUSE_SECONDS", "1")
        patched.setenv("YANXIU_FENCE_SILENT_SECONDS", "3")
        made = Platform(nats, folder)
    try:
        await made.start()
        yield made
    finally:
        codes = await made.stop()
        nats.stop()
    assert set(codes.values()) == {0}, codes


async def told(district: District, operation: str, **variables: Any) -> dict[str, Any]:
    """The whole answer to an officer's operation, in English."""
    headers = {"authorization": f"Bearer {district.token('institute-officer')}", "accept-language": "en"}
    body = {"query": operation, "variables": variables}
    return (await district.platform.http.post("/graphql", json=body, headers=headers)).json()


async def proposed(district: District, key: str) -> dict[str, Any]:
    given = {"idempotencyKey": f"propose-{key}", "title": "虚构课程", "organiser": "虚构中心", "mode": "network"}
    return await told(district, PROPOSE, input=given | {"level": "provincial"})


async def until(holds: Callable[[Any], bool], ask: Callable[[], Awaitable[Any]]) -> Any:
    """The first answer of which it holds; that a pack was replaced is noticed a moment later, and nobody is told."""
    async with asyncio.timeout(WITHIN_SECONDS):
        while True:
            answer = await ask()
            if holds(answer):
                return answer
            await asyncio.sleep(0.1)  # a client asks again: nobody tells it that a pack was replaced


def failed(answer: dict[str, Any]) -> bool:
    """Whether a pack did, and is not only resting."""
    found = [error["extensions"] for error in answer.get("errors", [])]
    return any(one["code"] == "RULE_PACK_FAILED" and one["problem"] != "paused" for one in found)


def late(answer: dict[str, Any]) -> bool:
    """Whether it is no answer but that time was up."""
    return [error["extensions"]["code"] for error in answer.get("errors", [])] == ["DEADLINE_EXCEEDED"]


@pytest.mark.timeout(180)
async def test_a_pack_that_fails_is_named_in_both_services_and_its_neighbour_is_served(
    platform: Platform, site: Path
) -> None:
    calm = await District(platform, "calm").open()
    install(site, "x-turns")
    LAW_SINCE.setdefault("x-turns", "2024-01-01")
    evil = await District(platform, "turns", "x-turns").open()
    await evil.propose(mode="network", level="provincial")
    # Another build of the version ends its process when it is imported; it is installed while the platform runs.
    install(site, "x-turns", at_import=WHEN_LOADED["ends-its-process-at-import"], build="broken")
    numbers = itertools.count()
    (in_credits,) = (await until(failed, lambda: proposed(evil, f"again-{next(numbers)}")))["errors"]
    assert in_credits["message"] == "The rule pack x-turns of district turns ended its process."
    facts = in_credits["extensions"]
    assert (facts["service"], facts["district"], facts["pack"]) == ("credits", "turns", "x-turns")
    assert "idempotencyKey" in facts["remedy"]
    (in_visits,) = (await until(failed, lambda: told(evil, ORGANISATIONS)))["errors"]
    assert (in_visits["extensions"]["service"], in_visits["extensions"]["pack"]) == ("visits", "x-turns")

    assert (await proposed(calm, "calm"))["data"]["proposeProject"]["errors"] == []
    install(site, "x-turns", build="mended")
    answer = await until(lambda one: "errors" not in one, lambda: proposed(evil, f"at-last-{next(numbers)}"))
    assert answer["data"]["proposeProject"]["errors"] == []


async def test_a_pack_that_hangs_while_it_is_loaded_governs_nobody_and_the_registry_goes_on(
    platform: Platform, site: Path
) -> None:
    install(site, "x-hangs", at_import=WHEN_LOADED["sleeps-at-import"])
    named = {"district": "hung", "nameZh": "虚构区", "nameEn": "Madeup", "synthetic": True}
    await platform.persist(platform.operator, "createDistrict", {"idempotencyKey": "open-hung", **named})
    bound = {"idempotencyKey": "bind-hung-1", "district": "hung", "pack": "x-hangs", "since": "2024-01-01"}
    binding = asyncio.create_task(_written(platform, bound))
    # Meanwhile the registry answers others.
    other = {"district": "other", "nameZh": "虚构区", "nameEn": "Madeup", "synthetic": True}
    await platform.persist(platform.operator, "createDistrict", {"idempotencyKey": "open-other", **other})
    assert not binding.done()
    (error,) = (await binding)["errors"]
    assert (error["code"], error["value"]) == ("PACK_UNUSABLE", "x-hangs")
    assert "did not come back" in error["messageEn"]


async def _written(platform: Platform, bound: dict[str, Any]) -> dict[str, Any]:
    while True:
        try:
            return await platform.write(platform.operator, "bindRulePack", bound)
        except NoAnswer:
            continue


async def test_a_pack_bound_from_a_day_ahead_is_taken_back_before_it(platform: Platform) -> None:
    district = await District(platform, "ahead").open()
    fields = "district { bindings { pack since } }"
    ahead = {"district": "ahead", "since": "2099-01-01"}
    bound = {"idempotencyKey": "bind-ahead-1", "pack": "putuo", **ahead}
    made = await platform.write(platform.operator, "bindRulePack", bound, fields)
    assert [one["pack"] for one in made["district"]["bindings"]] == ["puer", "putuo"]
    back = {"idempotencyKey": "cancel-ahead-1", "reason": "试算有误，暂缓施行", **ahead}
    left = await platform.write(platform.operator, "cancelRulePackBinding", back, fields)
    assert [one["pack"] for one in left["district"]["bindings"]] == ["puer"]
    again = {**back, "idempotencyKey": "cancel-ahead-2"}
    (error,) = (await platform.write(platform.operator, "cancelRulePackBinding", again))["errors"]
    assert (error["code"], error["field"]) == ("BINDING_UNKNOWN", "input.since")
    # Whose officer it is does not take back what the operator bound.
    refused = await platform.write(district.token(), "cancelRulePackBinding", {**again, "idempotencyKey": "cancel-3-x"})
    assert [one["code"] for one in refused["errors"]] == ["FORBIDDEN"]


TRY = """query($input: TryDecisionInput!) { tryDecision(input: $input) { decision { result explanation { version } }
  errors { code value } } }"""


async def tried(district: District, on: str) -> tuple[str, str]:
    """Which version judged a day of the district, and what it gave; or the code of the refusal and its value."""
    facts = {"kind": "training", "mode": "network", "level": "provincial", "hours_planned": "10", "score": "89"}
    # On a busy machine a cell that is started, or started anew, may be late: as any client does, it is asked again.
    asking = functools.partial(told, district, TRY, input={"on": on, "facts": facts})
    found = (await until(lambda one: not late(one), asking))["data"]["tryDecision"]
    if found["errors"]:
        return found["errors"][0]["code"], found["errors"][0]["value"]
    return found["decision"]["explanation"]["version"], found["decision"]["result"]["hours"]


@pytest.mark.timeout(180)
async def test_a_new_version_of_a_pack_is_adopted_from_its_day_and_taken_back_before_it(
    platform: Platform, site: Path
) -> None:
    name = "x-dated"
    install(site, name, does="return but(facts, law, hours=decimal.Decimal(1))")
    LAW_SINCE.setdefault(name, "2024-01-01")
    district = await District(platform, "dated", name).open()
    other = await District(platform, "dated-not", name).open()
    store = platform.data.parent / "store" / name / "2.0"
    store.mkdir(parents=True)
    install(store, name, does="return but(facts, law, hours=decimal.Decimal(2))", version="2.0")
    days = ("2024-10-16", "2029-12-31", "2030-01-01")
    # Each service hears of a district in its time.
    for one in (district, other):
        await until(lambda found: found == ("1.0", "1"), functools.partial(tried, one, days[0]))
    # It stands beside the other, and nothing changes on any day.
    assert [await tried(district, on) for on in days] == [("1.0", "1")] * 3

    ahead = {"district": "dated", "since": "2030-01-01"}
    bound = {"idempotencyKey": "bind-dated-none", "pack": name, "version": "3.0", **ahead}
    (error,) = (await platform.write(platform.operator, "bindRulePack", bound))["errors"]
    assert (error["code"], error["field"], error["value"]) == ("PACK_VERSION_UNKNOWN", "input.version", "3.0")
    fields = "district { bindings { version since } }"
    bound |= {"idempotencyKey": "bind-dated-two", "version": "2.0"}
    made = await platform.write(platform.operator, "bindRulePack", bound, fields)
    assert [one["version"] for one in made["district"]["bindings"]] == ["1.0", "2.0"]
    await until(lambda found: found == ("2.0", "2"), lambda: tried(district, days[2]))
    assert [await tried(district, on) for on in days[:2]] == [("1.0", "1")] * 2
    assert [await tried(other, on) for on in days] == [("1.0", "1")] * 3

    back = {"idempotencyKey": "cancel-dated", "reason": "试算有误，暂缓施行", **ahead}
    await platform.write(platform.operator, "cancelRulePackBinding", back)
    await until(lambda found: found == ("1.0", "1"), lambda: tried(district, days[2]))

    # In the place of the bound version another one governs nobody, and both are named.
    install(site, name, does="return but(facts, law, hours=decimal.Decimal(2))", version="2.0")
    missing = ("LAW_VERSION_MISSING", f"{name} 1.0")
    await until(lambda found: found == missing, lambda: tried(other, days[0]))
