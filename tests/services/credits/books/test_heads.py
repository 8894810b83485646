"""Signed heads: what was signed stays the beginning of the ledger, and anyone can check that it does."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey
from yanxiu_credits.books.keys import PRIVATE_FILE, PUBLIC_FILE, LedgerKeyUnusable, Signer
from yanxiu_credits.books.post import Draft, post
from yanxiu_credits.books.signing_daily import sign_heads
from yanxiu_credits.ledger import digest
from yanxiu_wire import merkle
from yanxiu_wire.books import (
    GET_LEDGER_KEYS,
    HEAD_SIGNED,
    LIST_HEADS,
    PROVE_CONSISTENCY,
    SIGN_HEAD,
    GetLedgerKeys,
    ListHeads,
    ProveConsistency,
    SignedHead,
    SignHead,
)
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.message import Page
from yanxiu_wire.signed import NotSigned, fingerprint, read_head, read_keys

Check = Callable[[Any, str], Any]


# ---- the tree ----------------------------------------------------------------------------------------------------


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf(bytes.fromhex(digest(str(number)))) for number in range(count)]


def whole(hashes: list[bytes]) -> bytes:
    """The root by the definition of RFC 9162, section 2.1.1."""
    if not hashes:
        return merkle.EMPTY
    if len(hashes) == 1:
        return hashes[0]
    left = merkle.split(len(hashes))
    return merkle.node(whole(hashes[:left]), whole(hashes[left:]))


@given(st.integers(1, 300), st.data())
def test_every_leaf_is_proved_in_its_place_and_in_no_other(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    root = merkle.root(hashes)
    assert root == whole(hashes)
    at = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion(lambda level, place: None if level else hashes[place], at, size)
    assert merkle.included(hashes[at], at, size, path, root)
    assert not merkle.included(merkle.leaf(b"x"), at, size, path, root)
    assert not merkle.included(hashes[at], size, size, path, root)
    assert not merkle.included(hashes[at], at, size, [*path, root], root)
    if size > 1:
        other = data.draw(st.integers(0, size - 1).filter(lambda place: place != at))
        assert not merkle.included(hashes[at], other, size, path, root)
        assert not merkle.included(hashes[at], at, size, path[:-1], root)


@given(st.integers(1, 300), st.data())
def test_a_tree_is_proved_to_begin_with_an_earlier_one_and_with_no_other(newer: int, data: st.DataObject) -> None:
    hashes = leaves(newer)
    older = data.draw(st.integers(1, newer))
    roots = merkle.root(hashes[:older]), merkle.root(hashes)
    nodes = merkle.consistency(lambda level, place: None if level else hashes[place], older, newer)
    assert merkle.consistent(older, newer, *roots, nodes)
    forged = merkle.root([*hashes[: older - 1], merkle.leaf(b"x")])
    assert not merkle.consistent(older, newer, forged, roots[1], nodes)
    assert not merkle.consistent(older, newer, roots[0], forged, nodes) or forged == roots[1]
    if nodes:
        assert not merkle.consistent(older, newer, *roots, nodes[:-1])


# ---- signing -----------------------------------------------------------------------------------------------------


@pytest.fixture
async def day(clock: Any) -> AsyncIterator[Any]:
    before = clock.day
    yield clock
    clock.day = before


async def keys_of(house: Any) -> Any:
    reply = await house.call(GET_LEDGER_KEYS, GetLedgerKeys(caller=house.caller("teacher", teacher="t1")))
    assert "d" not in json.loads(reply.jwks)["keys"][0]
    return read_keys(reply.jwks)


async def filled(house: Any, count: int, teacher: str = "t1") -> None:
    """Many entries at once, as a batch posts them."""
    async with house.service.databases.write(house.district, Deadline.after(60)) as conn:
        drafts = [
            Draft(
                teacher=teacher, record=f"{teacher}-{one}", activity=f"a{one}", kind="registration", generation=1,
                on=house.service.clock.today(), micro_hours=10**6, micro_credits=10**6, hours_unit="学时",
                credits_unit="学分", pack="p", version="1", evidence=digest(str(one)), recorded_us=one,
            )
            for one in range(count)
        ]  # fmt: skip
        await post(conn, house.district, drafts)


async def test_a_head_states_the_ledger_and_is_checked_by_the_public_key(house: Any) -> None:
    for hours in range(1, 4):
        await house.register(facts={"hours": str(hours)})
    signed = await house.sign()
    assert isinstance(signed, SignedHead)
    head = read_head(signed.token, await keys_of(house))
    rows = sorted(await house.rows("ledger"), key=lambda row: row["seq"])
    assert (head.origin, head.size, head.head, head.previous) == (house.district, 3, rows[-1]["hash"], None)
    assert head.root == merkle.root(merkle.leaf(bytes.fromhex(row["hash"])) for row in rows).hex()
    assert (signed.size, signed.root, signed.day) == (head.size, head.root, head.day)
    with pytest.raises(NotSigned):
        read_head(signed.token, read_keys(json.dumps({"keys": [ECKey.generate_key("P-256").as_dict(private=False)]})))
    with pytest.raises(NotSigned):
        read_head(signed.token[:-6] + "AAAAAA", await keys_of(house))


async def test_a_signature_for_something_else_is_no_head(house: Any) -> None:
    other = house.service.signer.sign(b'{"size": 1}', "something-else+jws")
    with pytest.raises(NotSigned):
        read_head(other, await keys_of(house))
    with pytest.raises(NotSigned):
        read_head("eyJhbGciOiJub25lIn0.e30.", await keys_of(house))  # {"alg":"none"} over {}


async def test_one_day_and_size_give_one_head_and_it_is_announced_once(house: Any) -> None:
    await house.register(facts={"hours": "1"})
    first, again = await house.sign(), await house.sign()
    assert first.token == again.token
    assert len(await house.rows("signed_head")) == 1
    announced = [row["subject"] for row in await house.rows("outbox") if ".head-signed." in row["subject"]]
    assert announced == [HEAD_SIGNED.subject(house.district)]


async def test_each_head_names_the_one_before_and_begins_with_it(house: Any) -> None:
    heads = []
    for hours in range(1, 6):
        await house.register(facts={"hours": str(hours)})
        heads.append(await house.sign())
    keys = await keys_of(house)
    stated = [read_head(one.token, keys) for one in heads]
    assert [one.previous for one in stated[1:]] == [fingerprint(one.token) for one in heads[:-1]]
    proof = await house.call(PROVE_CONSISTENCY, ProveConsistency(caller=house.officer, older=2, newer=5))
    assert (proof.older_root, proof.newer_root) == (stated[1].root, stated[4].root)
    nodes = [bytes.fromhex(one) for one in proof.nodes]
    assert merkle.consistent(2, 5, bytes.fromhex(stated[1].root), bytes.fromhex(stated[4].root), nodes)


async def test_a_proof_is_asked_between_sizes_that_were_signed(house: Any, error_of: Check) -> None:
    await house.register(facts={"hours": "1"})
    for older, newer in ((0, 1), (1, 2), (2, 1)):
        query = ProveConsistency(caller=house.officer, older=older, newer=newer)
        error_of(await house.call(PROVE_CONSISTENCY, query), "SIZE_OUT_OF_RANGE")


async def test_an_empty_ledger_is_not_signed(house: Any, error_of: Check) -> None:
    error_of(await house.sign(), "LEDGER_EMPTY")


async def test_every_day_has_its_head_and_a_day_without_entries_too(house: Any, day: Any) -> None:
    await house.register(facts={"hours": "1"})
    await sign_heads(house.service)
    await sign_heads(house.service)
    day.day += timedelta(days=1)
    await sign_heads(house.service)
    rows = await house.rows("signed_head")
    assert [(row["day"], row["size"]) for row in rows] == [(day.day - timedelta(days=1), 1), (day.day, 1)]
    assert (await house.verify()).signed_heads == 2
    page = await house.call(LIST_HEADS, ListHeads(caller=house.caller("auditor"), page=Page(first=1)))
    assert (len(page.items), page.has_next, page.total) == (1, True, 2)
    rest = ListHeads(caller=house.caller("auditor"), page=Page(first=5, after=page.cursors[0]))
    assert [one.day for one in (await house.call(LIST_HEADS, rest)).items] == [day.day]
    since = ListHeads(caller=house.caller("auditor"), since=day.day)
    assert (await house.call(LIST_HEADS, since)).total == 1


async def test_the_tree_is_stored_by_tiles_and_gives_the_same_root_and_proofs(house: Any) -> None:
    await filled(house, 700)
    signed = await house.sign()
    rows = sorted(await house.rows("ledger"), key=lambda row: row["seq"])
    hashes = [merkle.leaf(bytes.fromhex(row["hash"])) for row in rows]
    assert signed.root == merkle.root(hashes).hex()
    nodes = sorted((row["level"], row["at"]) for row in await house.rows("tree_node"))
    assert nodes == [(8, 0), (8, 1)]
    await filled(house, 100, "t2")
    later = await house.sign()
    proof = await house.call(PROVE_CONSISTENCY, ProveConsistency(caller=house.officer, older=700, newer=800))
    pair = bytes.fromhex(signed.root), bytes.fromhex(later.root)
    assert merkle.consistent(700, 800, *pair, [bytes.fromhex(one) for one in proof.nodes])
    assert sorted(row["at"] for row in await house.rows("tree_node")) == [0, 1, 2]


async def test_who_may_not_verify_signs_nothing(house: Any, error_of: Check) -> None:
    for role in ("teacher", "school-leader", "institute-officer"):
        caller = house.caller(role, teacher="t1") if role == "teacher" else house.caller(role)
        error_of(await house.call(SIGN_HEAD, SignHead(caller=caller, key=house.key())), "FORBIDDEN")


# ---- keys --------------------------------------------------------------------------------------------------------


def test_the_private_key_is_for_its_owner_alone_and_opens_again(tmp_path: Path) -> None:
    made, again = Signer.open(tmp_path), Signer.open(tmp_path)
    assert made.kid == again.kid
    assert (tmp_path / PRIVATE_FILE).stat().st_mode & 0o077 == 0
    assert "d" not in json.loads((tmp_path / PUBLIC_FILE).read_text())["keys"][0]


def test_what_an_old_key_signed_is_still_checked_after_a_new_one_came(tmp_path: Path) -> None:
    old = Signer.open(tmp_path)
    token = old.sign(b"old")
    (tmp_path / PRIVATE_FILE).unlink()
    new = Signer.open(tmp_path)
    assert new.kid != old.kid
    assert jws.deserialize_compact(token, read_keys(new.public)).payload == b"old"
    assert jws.deserialize_compact(new.sign(b"new"), read_keys(new.public)).payload == b"new"


@pytest.mark.parametrize("content", ["", "[]", '{"kty": "oct", "k": "AAAA"}', '{"kty": "EC"}'])
def test_a_file_that_is_no_key_stops_the_start(tmp_path: Path, content: str) -> None:
    (tmp_path / PRIVATE_FILE).write_text(content)
    with pytest.raises(LedgerKeyUnusable):
        Signer.open(tmp_path)
