"""Answers are packed for who takes it, short ones and events (`test_live.py`) never; no JSON is taken for a page."""

from __future__ import annotations

import gzip

import httpx2
import pytest
from yanxiu_gateway.app import PACKED_FROM

from tests.gateway.conftest import Client

LONG = "{ __schema { types { name fields { name description } } } }"


async def raw(client: Client, query: str, accept: str | None) -> tuple[httpx2.Response, bytes]:
    headers = {"authorization": f"Bearer {client.token()}", "accept-encoding": accept or "identity"}
    async with client.http.stream("POST", "/graphql", json={"query": query}, headers=headers) as response:
        return response, b"".join([part async for part in response.aiter_raw()])


async def test_a_long_answer_is_packed_and_is_the_same(client: Client) -> None:
    plain, whole = await raw(client, LONG, None)
    packed, body = await raw(client, LONG, "br, gzip")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert len(body) < len(whole) / 4
    # What is left of the budget differs.
    assert gzip.decompress(body).partition(b'"extensions"')[0] == whole.partition(b'"extensions"')[0]


@pytest.mark.parametrize("accept", ["gzip;q=0", "br, GZIP ; q=0.0", "deflate"])
async def test_who_does_not_take_it_is_answered_as_it_is(client: Client, accept: str) -> None:
    plain, body = await raw(client, LONG, accept)
    assert "content-encoding" not in plain.headers
    assert body.startswith(b'{"data"')


async def test_a_short_answer_comes_as_it_is(client: Client) -> None:
    response, body = await raw(client, "{ me { role } }", "gzip")
    assert "content-encoding" not in response.headers
    assert len(body) < PACKED_FROM
    assert response.headers["x-content-type-options"] == "nosniff"
