"""GraphQL over HTTP: media types, status codes and shapes, for a client that reads the specification."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from yanxiu_gateway import console
from yanxiu_gateway.negotiation import answer_type

from tests.gateway.conftest import Client
from tests.gateway.world import World

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"


@pytest.mark.parametrize(
    ("accept", "found"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}; charset=utf-8, {JSON}; charset=utf-8", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", JSON),
        (f"{JSON};q=0.5, {GRAPHQL};q=0.9", GRAPHQL),
        (f"{GRAPHQL};q=0, {JSON}", JSON),
        ("text/html", None),
        (f"{GRAPHQL};q=x", None),
    ],
)
def test_the_answer_takes_the_type_that_the_client_prefers(accept: str | None, found: str | None) -> None:
    assert answer_type(accept) == found


@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
async def test_answers_are_utf8_and_never_stored(client: Client, accept: str) -> None:
    answer = await client.post("{ district { nameZh } }", headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{accept}; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert "虚构区" in answer.text


async def test_nothing_acceptable_is_406(client: Client) -> None:
    answer = await client.post("{ __typename }", headers={"accept": "text/html"})
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (406, "NOT_ACCEPTABLE")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("", "GRAPHQL_PARSE_FAILED"),
        ("{ }", "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($n: Int!) { schools(first: $n) { totalCount } }", "BAD_USER_INPUT"),
    ],
)
async def test_what_was_not_executed_is_400_in_the_new_type_and_200_in_the_old(
    client: Client, query: str, code: str
) -> None:
    new = await client.post(query, headers={"accept": GRAPHQL})
    old = await client.post(query, headers={"accept": JSON})
    assert (new.status_code, old.status_code) == (400, 200)
    assert new.json() == old.json()
    assert new.json()["errors"][0]["extensions"]["code"] == code
    assert "data" not in new.json()


async def test_what_was_executed_in_part_is_200_with_data_and_errors(client: Client, world: World) -> None:
    world.down = {"credits"}
    answer = await client.post("{ district { code } projects { totalCount } }", headers={"accept": GRAPHQL})
    assert answer.status_code == 200
    assert set(answer.json()) == {"data", "errors", "extensions"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"{}",
        b'{"query": 7}',
        b'{"query": {"a": 1}}',
        b'{"query": ["{ __typename }"]}',
        b'[{"query": "{ __typename }"}]',
        b'{"query": "{ __typename }", "variables": "x"}',
        b'{"query": "{ __typename }", "variables": [1]}',
        b'{"query": "{ __typename }", "operationName": 7}',
        b'{"query": "{ __typename }", "extensions": []}',
        b'{"query": "{ __typename }", "variables": {"a": "\\ud800"}}',
        b'{"query": "{ __typename }", "variables": {"a": "\\u0000"}}',
        b'{"query": "\xff\xfe"}',
        b'{"query": "{ __typename }", "variables": {"a": ' + b"[" * 5_000 + b"]" * 5_000 + b"}}",
    ],
)
async def test_a_body_that_is_no_request_is_400_and_never_500(client: Client, body: bytes) -> None:
    answer = await client.http.post("/graphql", content=body, headers={"content-type": JSON})
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize("extra", [{"variables": None}, {"operationName": None}, {"extensions": None}, {"x": 1}])
async def test_absent_parameters_may_be_null_and_unknown_ones_are_ignored(
    client: Client, extra: dict[str, Any]
) -> None:
    assert await client.ask("{ __typename }", token=None, **extra) == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", f"{JSON}; charset=latin-1"]
)
async def test_another_content_type_is_415(client: Client, kind: str | None) -> None:
    headers = {"content-type": kind} if kind else {}
    answer = await client.http.post("/graphql", content=b'{"query":"{ __typename }"}', headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_a_body_is_read_in_pieces_as_it_comes(client: Client) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for one in b'{"query": "{ __typename }"}':
            yield bytes((one,))

    answer = await client.http.post("/graphql", content=pieces(), headers={"content-type": "application/json"})
    assert answer.json()["data"] == {"__typename": "Query"}


async def test_a_body_over_64_kb_is_413(client: Client) -> None:
    fits = await client.post("{ __typename }", token=None, pad="x" * 65_000)
    large = await client.post("{ __typename }", token=None, pad="x" * 65_536)
    assert (fits.status_code, large.status_code) == (200, 413)
    assert large.json()["errors"][0]["extensions"]["field"] == "bytes"


async def test_the_operation_is_chosen_by_name(client: Client) -> None:
    query = "query A { __typename } query B { me { role } }"
    assert (await client.data(query, operationName="B"))["me"] == {"role": "INSTITUTE_OFFICER"}
    for wrong in ({}, {"operationName": "C"}):
        answer = await client.post(query, headers={"accept": GRAPHQL}, **wrong)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "OPERATION_UNKNOWN")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_methods_are_405_in_json(client: Client, method: str) -> None:
    answer = await client.http.request(method, "/graphql")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (405, "METHOD_NOT_ALLOWED")


async def test_a_query_in_the_address_is_not_executed(client: Client) -> None:
    answer = await client.http.get("/graphql", params={"query": "{ __typename }"}, headers={"accept": JSON})
    assert "data" not in answer.text


@pytest.mark.parametrize("path", ["/", "/graphql/", "/graphql/x", "/metrics", "/../etc/passwd"])
async def test_every_other_address_is_404_in_json(client: Client, path: str) -> None:
    answer = await client.http.get(path, headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert "/graphql" in answer.json()["errors"][0]["message"]


async def test_the_page_for_development_holds_no_data_and_works_without_the_net(client: Client) -> None:
    page = await client.http.get("/graphql", headers={"accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert '"Authorization": "Bearer "' in page.text
    assert '<form id="plain"' in page.text
    assert "//" not in page.text, "a page that is given a token loads nothing from elsewhere"
    assert "default-src 'self'" in page.headers["content-security-policy"]


async def test_the_page_loads_graphiql_from_the_gateway_where_set_up_has_fetched_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "STATIC", tmp_path)
    (tmp_path / "graphiql.min.js").write_text("graphiql")
    app = Starlette(routes=console.console_routes())
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://gateway") as reader:
        page = (await reader.get("/graphql")).text
        (script,) = re.findall(r'src="([^"]*graphiql[^"]*)"', page)
        assert (await reader.get(script)).text == "graphiql"
        assert (await reader.get("/console/%2e%2e/console.py")).status_code == 404


async def test_without_the_setting_there_is_no_page(wired: Client) -> None:
    answer = await wired.http.get("/graphql", headers={"accept": "text/html"})
    assert answer.status_code == 405
