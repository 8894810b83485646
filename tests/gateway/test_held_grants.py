"""How long a grant is believed: a second, its own period, a minute while the registry is away; a watch fails closed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from yanxiu_gateway import held_grants
from yanxiu_gateway.backend import Backend
from yanxiu_gateway.changes import Changes
from yanxiu_gateway.held_grants import FRESH_SECONDS, KEPT_SECONDS, HeldGrants
from yanxiu_wire.faults import ServiceUnavailable
from yanxiu_wire.grants import Grant, GrantChanged, OwnGrants

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
GRANT = Grant(
    id="g-1",
    subject="sub-1",
    role="auditor",
    since=date(2026, 3, 1),
    decision="普教〔2026〕7号（虚构）",
    granted_by="officer",
    granted_at=NOON,
)


class Ear:
    newest: str | None = None

    async def stop(self) -> None:
        """Nothing is held."""


class Registry:
    """What the registry would say, a clock, and the word of an event; `away` makes it silent."""

    def __init__(self) -> None:
        self.held: tuple[Grant, ...] = (GRANT,)
        self.asked = 0
        self.away = False
        self.seconds = 0.0
        self.tell: Callable[[Any], None] = lambda _body: None
        self.grants = HeldGrants(
            Backend(self.call),
            Changes(self.listen),
            clock=lambda: self.seconds,
            now=lambda: NOON + timedelta(seconds=self.seconds),
        )

    async def call(self, *_asked: Any, **_more: Any) -> OwnGrants:
        self.asked += 1
        if self.away:
            raise ServiceUnavailable("registry")
        return OwnGrants(items=self.held)

    async def listen(self, _event: Any, _district: str, told: Callable[[Any], None]) -> Ear:
        self.tell = told
        return Ear()

    async def ids(self) -> list[str]:
        return [one.id for one in await self.grants.of("puer", "sub-1")]


@pytest.fixture
def registry() -> Registry:
    return Registry()


async def test_a_grant_is_asked_about_once_a_second_and_a_revoked_one_believed_no_longer(registry: Registry) -> None:
    assert [await registry.ids() for _ in range(5)] == [["g-1"]] * 5
    assert registry.asked == 1
    registry.held, registry.seconds = (), FRESH_SECONDS
    assert await registry.ids() == ["g-1"]
    registry.seconds += 0.1
    assert await registry.ids() == []


async def test_a_grant_given_just_now_may_be_used_at_once(registry: Registry) -> None:
    registry.held = ()
    assert await registry.ids() == []
    registry.held = (GRANT,)
    assert await registry.ids() == ["g-1"]


async def test_at_the_end_of_its_period_a_grant_is_over_whatever_is_remembered(registry: Registry) -> None:
    registry.held = (replace(GRANT, ends_at=NOON + timedelta(seconds=0.5)),)
    assert await registry.ids() == ["g-1"]
    registry.seconds = 0.5
    assert (await registry.ids(), registry.asked) == ([], 1)


async def test_while_the_registry_is_away_its_last_word_holds_for_a_minute_and_nobody_new_is_known(
    registry: Registry,
) -> None:
    assert await registry.ids() == ["g-1"]
    registry.away, registry.seconds = True, KEPT_SECONDS
    assert await registry.ids() == ["g-1"]
    with pytest.raises(ServiceUnavailable):
        await registry.grants.of("puer", "sub-2")
    registry.seconds += 1
    with pytest.raises(ServiceUnavailable):
        await registry.ids()


@pytest.mark.parametrize("word", [GrantChanged(grant="g-1", subject="sub-1"), None], ids=["told", "may-have-missed"])
async def test_a_watch_ends_with_the_word_of_the_revocation_and_after_words_that_were_lost(
    registry: Registry, word: GrantChanged | None
) -> None:
    async with registry.grants.watch("puer", "sub-1", GRANT) as ended, asyncio.timeout(2):
        while not registry.asked:  # noqa: ASYNC110 - that it has begun to hear
            await asyncio.sleep(0)
        registry.tell(GrantChanged(grant="g-9", subject="sub-9"))
        registry.tell(word)
        await asyncio.sleep(0)
        assert not ended.is_set(), "the grant holds still"
        registry.held = ()
        registry.tell(word)
        await ended.wait()


async def test_what_was_revoked_before_the_watch_began_ends_it(registry: Registry) -> None:
    assert await registry.ids() == ["g-1"]
    registry.held = ()
    async with registry.grants.watch("puer", "sub-1", GRANT) as ended, asyncio.timeout(2):
        await ended.wait()


async def test_a_registry_that_does_not_answer_ends_the_watch(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_grants, "RETRY_SECONDS", 0.0)
    registry.away = True
    async with registry.grants.watch("puer", "sub-1", GRANT) as ended, asyncio.timeout(2):
        await ended.wait()
    assert registry.asked == held_grants.TRIES
