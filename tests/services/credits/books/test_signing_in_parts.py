"""Whoever writes is not kept waiting by the signing of a head: what takes long is done outside its transactions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from yanxiu_credits.books import anchors, sign_head, tree
from yanxiu_credits.books.post import Draft, post
from yanxiu_credits.books.tree import LEVELS, TILE, Node
from yanxiu_credits.ledger import digest
from yanxiu_wire import merkle
from yanxiu_wire.books import SignedHead
from yanxiu_wire.credits import TrainingRegistered
from yanxiu_wire.deadline import Deadline

TILES = 3


async def filled(house: Any, count: int) -> None:
    """Many entries at once, as a batch posts them."""
    drafts = [
        Draft(
            teacher="t1", record=f"r{one}", activity=f"a{one}", kind="registration", generation=1,
            on=house.service.clock.today(), micro_hours=10**6, micro_credits=10**6, hours_unit="学时",
            credits_unit="学分", pack="p", version="1", evidence=digest(str(one)), recorded_us=one,
        )
        for one in range(count)
    ]  # fmt: skip
    async with house.service.databases.write(house.district, Deadline.after(60)) as conn:
        await post(conn, house.district, drafts)


Hook = Callable[[Any], Awaitable[None]]


@pytest.fixture
def after(house: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Hook], None]:
    """Have something happen whenever the signing has the result of that function, which it calls without the lock."""

    district = house.district

    def set_up(name: str, happens: Hook) -> None:
        function = getattr(sign_head, name)

        async def told(*given: Any) -> Any:
            result = await function(*given)
            # The service itself may be signing another district's head.
            if given[1] == district:
                await happens(result)
            return result

        monkeypatch.setattr(sign_head, name, told)

    return set_up


async def test_training_is_registered_between_all_parts_of_a_head(
    house: Any, after: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree, "AT_A_TIME", 1)
    await filled(house, TILES * TILE)
    registered: list[TrainingRegistered] = []
    stored: list[int] = []

    async def register(_result: Any) -> None:
        made = await house.register(facts={"hours": str(len(registered) + 1)})
        assert isinstance(made, TrainingRegistered), made
        registered.append(made)

    keep_nodes = tree.keep_nodes

    async def keep(conn: Any, district: str, nodes: Sequence[Node]) -> None:
        if district == house.district:
            stored.append(len(nodes))
        await keep_nodes(conn, district, nodes)

    after("gather_new", register)
    after("next_nodes", register)
    monkeypatch.setattr(sign_head, "keep_nodes", keep)
    signed = await house.sign()
    assert isinstance(signed, SignedHead)
    assert stored == [1] * TILES
    # Once when what stands beside is gathered, after each tile, and when it is seen that there is none left.
    assert len(registered) == 1 + TILES + 1
    rows = await house.rows("ledger")
    assert signed.size == len(rows) == TILES * TILE + len(registered)
    assert signed.root == merkle.root(merkle.leaf(bytes.fromhex(row["hash"])) for row in rows).hex()


@pytest.mark.parametrize("where", ["gather_new", "next_nodes"])
async def test_what_another_process_signed_and_stored_meanwhile_stands(
    house: Any, after: Any, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr(tree, "AT_A_TIME", 2)
    await filled(house, TILES * TILE)
    others: list[Any] = []

    async def sign_too(_result: Any) -> None:
        if not others:
            others.append(None)
            others[0] = await house.sign()

    after(where, sign_too)
    signed = await house.sign()
    assert isinstance(signed, SignedHead)
    assert signed == others[0]
    assert len(await house.rows("signed_head")) == 1
    assert sorted((row["level"], row["at"]) for row in await house.rows("tree_node")) == [
        (8, at) for at in range(TILES)
    ]


async def test_a_ledger_that_ran_far_ahead_is_not_caught_up_with_under_the_lock(
    house: Any, after: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree, "AT_A_TIME", 1)
    await house.register(facts={"hours": "1"})
    begun = 0

    async def count(_gathered: Any) -> None:
        nonlocal begun
        begun += 1

    async def run_ahead(nodes: Sequence[Node]) -> None:
        if begun == 1 and not nodes:
            await filled(house, (len(LEVELS) + 1) * TILE)

    after("gather_new", count)
    after("next_nodes", run_ahead)
    signed = await house.sign()
    assert isinstance(signed, SignedHead)
    assert (begun, signed.size) == (2, 1 + (len(LEVELS) + 1) * TILE)


async def test_what_is_too_much_for_one_head_is_the_next_ones(
    house: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anchors, "_MOST", 2)
    await house.register(facts={"hours": "1"})
    for year in (2021, 2022, 2023):
        await house.lock(on=date(year, 6, 1))
    before = clock.day
    try:
        covered = []
        for _ in range(2):
            await house.sign()
            covered.append(len(await house.rows("anchor")))
            clock.day += timedelta(days=1)
    finally:
        clock.day = before
    assert covered == [2, 3]
    assert (await house.verify()).problem is None
