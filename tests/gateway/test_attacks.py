"""Hostile documents, variables and requests: each is refused or answered, never a server error, and costs little."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import pytest
from yanxiu_gateway import documents
from yanxiu_gateway.budgets import Allowed
from yanxiu_gateway.caller import TokenReader
from yanxiu_gateway.guards import REFUSED
from yanxiu_gateway.schema.build import GatewaySchema
from yanxiu_gateway.tokens import DevelopmentIssuer
from yanxiu_wire.rpc import Bus

from tests.gateway.conftest import Client, gateway
from tests.gateway.world import World

NINES = "9" * 5_000
JSON = {"content-type": "application/json"}


def nested(opening: str, closing: str, times: int, inside: str = "") -> str:
    return opening * times + inside + closing * times


KINDS = ("Teacher", "School", "District", "Project", "Record", "Session", "Process", "Area", "Researcher", "Residency")
REGISTER = "mutation($i: RegisterTrainingInput!) { registerTraining(input: $i) { errors { code } } }"
COVERAGE = "query($i: [String!]!) { coverage(terms: $i) { totalCount } }"
COLUMNS = (
    'query($i: [SheetColumnInput!]) { workAssessments(schoolYear: "2025-2026", columns: $i, first: 1) { totalCount } }'
)
DOCUMENTS: dict[str, str] = {
    "nothing": "",
    "only blanks": " \t\n,,,," * 500,
    "only a comment": "#" * 60_000,
    "a byte order mark in the middle": "{ me \ufeff\ufeff { role } }",
    "an unfinished brace": "{ me { role ",
    "thousands of braces": "{" * 30_000,
    "thousands of closing braces": "}" * 30_000,
    "thousands of brackets": "{ me(x: " + "[" * 20_000,
    "deep fields": nested("{ district ", "}", 500, "{ code }"),
    "deep inline fragments": "{ me " + nested("{ ... on Me ", "}", 500, "{ role }") + "}",
    "a deep list as argument": "{ nodes(ids: " + nested("[", "]", 900, '"a"') + ") { id } }",
    "a deep object as argument": "mutation { registerTraining(input: "
    + nested("{a: ", "}", 400, "1")
    + ") { replayed } }",
    "a deep type of a variable": "query($a: " + nested("[", "]", 900, "Int") + ") { me { role } }",
    "deep introspection": "{ __schema { types " + nested("{ fields { type ", "} }", 60, "{ name }") + "} }",
    "types of types": "{ __schema { types { fields { type { " + nested("ofType { ", "}", 40, "name") + "} } } } }",
    "a thousand aliases": "{ " + " ".join(f"a{n}: me {{ role }}" for n in range(600)) + " }",
    "one alias a thousand times": "{ me { " + "a: role " * 900 + "} }",
    "one field a thousand times": "{ " + "me { role } " * 400 + "}",
    "unknown fields by the hundred": "{ " + " ".join(f"f{n}" for n in range(900)) + " }",
    "unknown directives": "{ me { role " + "@a " * 900 + "} }",
    "one directive often": "{ me { role " + "@skip(if: false) " * 300 + "} }",
    "directives on the operation": "query " + "@include(if: true) " * 300 + "{ me { role } }",
    "a fragment within itself": "{ ...a } fragment a on Query { ...a }",
    "fragments in a ring": "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
    "a fragment spread a thousand times": "{ " + "...a " * 900 + "} fragment a on Query { me { role } }",
    "fragments that double": "{ ...f0 } "
    + " ".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(28))
    + " fragment f28 on Query { me { role } }",
    "unused fragments": "{ me { role } } " + " ".join(f"fragment f{n} on Me {{ role }}" for n in range(200)),
    "many operations": " ".join(f"query q{n} {{ me {{ role }} }}" for n in range(300)),
    "operations of one name": "query a { me { role } } query a { me { role } }",
    "two operations without a name": "{ me { role } } { me { role } }",
    "many variables": "query(" + " ".join(f"$v{n}: Int" for n in range(600)) + ") { me { role } }",
    "one variable twice": "query($a: Int, $a: Int) { me { role } }",
    "a variable that is not declared": "{ schools(first: $n) { totalCount } }",
    "a type definition": "type Query { a: Int }",
    "an extension of the schema": "extend schema { query: Query }",
    "a number beyond all bounds": f"{{ schools(first: {NINES}) {{ totalCount }} }}",
    "a negative number beyond all bounds": f"{{ schools(first: -{NINES}) {{ totalCount }} }}",
    "an exponent beyond all bounds": "{ schools(first: 1e999999) { totalCount } }",
    "a decimal beyond all bounds": f'mutation {{ proposeProject(input: {{hours: "1e{NINES}"}}) {{ replayed }} }}',
    "a page of minus one": "{ schools(first: -1) { totalCount } }",
    "a page of two thousand million": "{ schools(first: 2147483647) { totalCount } }",
    "lists within lists": "{ schools(first: 200) { edges { node { teachers(first: 200) { edges { node {"
    " records(first: 200) { edges { node { id } } } } } } } } } }",
    "ids by the thousand": "{ nodes(ids: [" + '"a",' * 900 + "]) { id } }",
    "a long text": '{ school(id: "' + "a" * 60_000 + '") { id } }',
    "a long block of text": '{ school(id: """' + "\n a" * 20_000 + '""") { id } }',
    "an escape of half a character": '{ school(id: "\\ud800") { id } }',
    "an escape of too great a character": '{ school(id: "\\u{110000}") { id } }',
    "a NUL by escape": '{ school(id: "\\u0000") { id } }',
    "quotation marks of SQL": '{ school(id: "\' OR 1=1; DROP TABLE school; --") { id } }',
    "a cursor that is none": '{ schools(after: "' + base64.b64encode(b"\x00\xff" * 50).decode() + '") { totalCount } }',
    "an id of a type that is none": '{ node(id: "' + base64.b64encode(b"Secret:1").decode() + '") { id } }',
    "an enum that is none": "{ schools(stage: ATTACK) { totalCount } }",
    "a name with two underscores": "{ __secret }",
    "a subscription by POST": 'subscription { standingChanged(teacher: "a", kind: "year") { verdict } }',
    "one selection below a root again and again": "{ teachers(first: 1) { " + "edges { node { id } } " * 280 + "} }",
    "the same with an unknown field": "{ teachers(first: 1) { zz " + "edges { node { id } } " * 270 + "} }",
    "one field of many types": '{ nodes(ids: ["a"]) { '
    + " ".join(f"... on {kind} {{ {'id ' * 30}}}" for kind in KINDS)
    + "} }",
    "one field a thousand times below a root": "{ me { " + "role " * 900 + "} }",
    "fragments of the same fields": "{ me { "
    + " ".join(f"...f{n}" for n in range(29))
    + " } } "
    + " ".join(f"fragment f{n} on Me {{ {'role subject ' * 10}}}" for n in range(29)),
    "fragments that hold themselves below fields": "{ ...a } fragment a on Query { me { x { ...a } y { ...a } } }",
    "fragments that all hold each other": "{ ...f0 } "
    + " ".join(f"fragment f{n} on Query {{ {' '.join(f'...f{m}' for m in range(30))} }}" for n in range(30)),
    "a mutation written as a query": "{ registerTraining { replayed } }",
}
VARIABLES: dict[str, Any] = {
    "a great number": 10**400,
    "a fraction": 1.5,
    "a text": "5",
    "truth": True,
    "a deep list": json.loads(nested("[", "]", 400)),
    "a deep object": json.loads(nested('{"a":', "}", 400, "1")),
    "a long text": "a" * 50_000,
    "half a character": "\ud800",
    "many": list(range(9_000)),
}
INPUTS: dict[str, tuple[str, Any]] = {
    "keys that nearly fit": (REGISTER, {f"hoursComplete{n}": 1 for n in range(2_500)}),
    "keys by the thousand": (REGISTER, {f"a{n}": 1 for n in range(4_500)}),
    "keys beyond the number of values": (REGISTER, {f"a{n}": 1 for n in range(6_000)}),
    "a key that nearly fits": (REGISTER, {"idempotencyKe": "a"}),
    "a nearly fitting value of an enum": (
        "query($i: TaskStatus) { tasks(status: $i, first: 1) { totalCount } }",
        "OPE",
    ),
    "numbers for texts": (COVERAGE, [1] * 4_000),
    "numbers for texts by the ten thousand": (COVERAGE, [1] * 20_000),
    "empty objects": (COLUMNS, [{}] * 4_900),
    "facts by the thousand": (REGISTER, {"facts": {f"a{n}": "1" for n in range(3_000)}}),
}
BODIES: dict[str, tuple[bytes, dict[str, str]]] = {
    "no body": (b"", JSON),
    "a list of requests": (b'[{"query":"{ me { role } }"}]', JSON),
    "null": (b"null", JSON),
    "a number": (b"1", JSON),
    "deep JSON": (nested("[", "]", 5_000).encode(), JSON),
    "deep JSON in variables": (
        b'{"query":"{ me { role } }","variables":' + nested('{"a":', "}", 5_000, "1").encode() + b"}",
        JSON,
    ),
    "bad UTF-8": (b'{"query":"\xff\xfe"}', JSON),
    "UTF-16": ('{"query":"{ me { role } }"}'.encode("utf-16"), {"content-type": "application/json; charset=utf-16"}),
    "a NUL": (b'{"query":"{ me { role } }\x00"}', JSON),
    "half a character": (b'{"query":"{ me { role } } #\\ud800"}', JSON),
    "two queries": (b'{"query":"{ me { role } }","query":"{ __schema { types { name } } }"}', JSON),
    "a number without end": (b'{"query":"{ me { role } }","variables":{"a":' + b"9" * 60_000 + b"}}", JSON),
    "variables as a list": (b'{"query":"{ me { role } }","variables":[1]}', JSON),
    "a query that is a list": (b'{"query":["{ me { role } }"]}', JSON),
    "an operation that is none": (b'{"query":"query a { me { role } }","operationName":"b"}', JSON),
    "a form": (b"query=%7B__typename%7D", {"content-type": "application/x-www-form-urlencoded"}),
    "many parts": (b"--x\r\n\r\n{}\r\n--x--", {"content-type": "multipart/form-data; boundary=x"}),
    "plain text": (b'{"query":"{ me { role } }"}', {"content-type": "text/plain"}),
    "no type": (b'{"query":"{ me { role } }"}', {"content-type": ""}),
    "squeezed": (b"\x1f\x8b\x08\x00", JSON | {"content-encoding": "gzip"}),
    "too much": (b'{"query":"' + b" " * 70_000 + b'"}', JSON),
    "thirty megabytes": (b" " * 30_000_000, JSON),
    "an unknown document": (b'{"documentId":"sha256:00"}', JSON),
    "a document id of 60 kB": (b'{"documentId":"' + b"a" * 60_000 + b'"}', JSON),
    "no answer that we have": (b'{"query":"{ me { role } }"}', JSON | {"accept": "image/png"}),
    "an Accept of 9 kB": (b'{"query":"{ me { role } }"}', JSON | {"accept": "a/b;q=0.1," * 900}),
}
TOKENS = {
    "not signed": base64.urlsafe_b64encode(b'{"alg":"none"}').decode()
    + "."
    + base64.urlsafe_b64encode(b"{}").decode()
    + ".",
    "empty": "",
    "two dots": "..",
    "long": "a" * 16_000,
    "deep": base64.urlsafe_b64encode(nested("[", "]", 3_000).encode()).decode() + ".e30.e30",
    "of symmetric make": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.AAAA",
}
ADDRESSES = ("/graphql/", "//graphql", "/%2e%2e/etc/passwd", "/graphql%00", "/" + "a" * 8_000)
METHODS = ("GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW")
CPU_SECONDS = 0.05


def test_there_are_at_least_sixty_attacks() -> None:
    assert len(DOCUMENTS) + len(VARIABLES) + len(BODIES) + len(TOKENS) + len(ADDRESSES) + len(METHODS) >= 100


class Attack:
    """Sends one request three times; the cheapest counts, for a busy machine makes all of them dearer."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def __call__(self, method: str, address: str, *, cheap: bool = True, **sent: Any) -> Any:
        spent, answer = [], None
        for _ in range(3):
            began = time.thread_time()
            answer = await self._client.http.request(method, address, **sent)
            spent.append(time.thread_time() - began)
            if spent[-1] < CPU_SECONDS:
                break
        assert answer is not None
        assert answer.status_code < 500, answer.text
        assert "Traceback" not in answer.text
        assert "INTERNAL" not in answer.text, answer.text
        assert not cheap or min(spent) < CPU_SECONDS, "seconds of CPU"
        return answer


@pytest.fixture
def attack(client: Client) -> Attack:
    return Attack(client)


@pytest.mark.parametrize("which", DOCUMENTS)
async def test_a_hostile_document_is_no_fault_and_costs_little(
    attack: Attack, client: Client, world: World, which: str
) -> None:
    # What is read stays remembered; a comment makes the text another one each time.
    headers = {"authorization": f"Bearer {client.token()}"}
    answer = await attack("POST", "/graphql", json={"query": DOCUMENTS[which]}, headers=headers)
    assert len(world.calls) <= 5
    assert len(answer.content) < 20_000
    assert "Did you mean" not in answer.text


@pytest.mark.parametrize("which", VARIABLES)
async def test_a_hostile_variable_is_no_fault(attack: Attack, client: Client, which: str) -> None:
    query = "query($n: Int!) { schools(first: $n) { totalCount } }"
    body = json.dumps({"query": query, "variables": {"n": VARIABLES[which]}}).encode("utf-8", "surrogatepass")
    headers = JSON | {"authorization": f"Bearer {client.token()}"}
    answer = await attack("POST", "/graphql", content=body, headers=headers)
    assert answer.json()["errors"]


@pytest.mark.parametrize("which", INPUTS)
async def test_a_hostile_input_costs_little_and_suggests_nothing(
    attack: Attack, client: Client, world: World, which: str
) -> None:
    query, value = INPUTS[which]
    body = json.dumps({"query": query, "variables": {"i": value}}, separators=(",", ":")).encode()
    assert len(body) <= 65_536, "of variables, not of size"
    answer = await attack(
        "POST", "/graphql", content=body, headers=JSON | {"authorization": f"Bearer {client.token()}"}
    )
    assert answer.json()["errors"]
    assert len(answer.json()["errors"]) <= 6
    assert "Did you mean" not in answer.text
    assert world.calls == []


@pytest.mark.parametrize("accept", ["*/*", "application/json, text/event-stream"])
@pytest.mark.parametrize("token", [None, "x.y.z"])
async def test_nothing_is_read_for_who_has_not_signed_in(
    attack: Attack, monkeypatch: pytest.MonkeyPatch, accept: str, token: str | None
) -> None:
    def never(*_given: Any, **_named: Any) -> Any:
        raise AssertionError("validated for nobody")

    monkeypatch.setattr(documents, "validate", never)
    headers = JSON | {"accept": accept} | ({"authorization": f"Bearer {token}"} if token else {})
    for query in DOCUMENTS.values():
        answer = await attack("POST", "/graphql", json={"query": query}, headers=headers)
        # What is no body of a request at all is found out before.
        assert answer.status_code in (401, 413) or "NUL" in answer.text, query[:80]


async def test_refused_documents_use_up_the_callers_budget(
    schema: GatewaySchema, world: World, tokens: TokenReader, bus: Bus, issuer: DevelopmentIssuer
) -> None:
    small = Client(gateway(schema, world.call, tokens, bus, allowed=Allowed(caller=3 * REFUSED)), issuer)
    async with small.http:
        statuses = [(await small.post("{ wrong }" + " " * n)).status_code for n in range(5)]
    assert statuses == [200, 200, 200, 429, 429]


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_a_subscription_that_no_stream_is_asked_for_is_refused(client: Client, accept: str) -> None:
    query = 'subscription { standingChanged(teacher: "a", kind: "year") { verdict } }'
    answer = await client.post(query, headers={"accept": accept})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "OPERATION_UNKNOWN"
    assert "data" not in answer.json()


@pytest.mark.parametrize("which", BODIES)
async def test_a_hostile_body_is_no_fault(attack: Attack, client: Client, which: str) -> None:
    body, headers = BODIES[which]
    token = {"authorization": f"Bearer {client.token()}"}
    # To carry 30 MB to the gateway is the client's work, in this process too.
    await attack("POST", "/graphql", content=body, headers=headers | token, cheap=len(body) < 1_000_000)


@pytest.mark.parametrize("which", TOKENS)
async def test_a_forged_token_shows_nobody(attack: Attack, which: str) -> None:
    headers = JSON | {"authorization": f"Bearer {TOKENS[which]}"}
    answer = await attack("POST", "/graphql", content=b'{"query":"{ me { role } }"}', headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize("address", ADDRESSES)
async def test_another_address_is_nothing(attack: Attack, address: str) -> None:
    assert (await attack("POST", address, content=b"{}", headers=JSON)).status_code in (401, 404)


@pytest.mark.parametrize("method", METHODS)
async def test_another_method_is_refused_or_shows_the_page(attack: Attack, method: str) -> None:
    answer = await attack(method, "/graphql?query={me{role}}", headers={"x-http-method-override": "POST"})
    assert answer.status_code in (200, 405)
    assert "INSTITUTE_OFFICER" not in answer.text


@pytest.mark.parametrize(
    "query", ["{ __schema { types { name } } }", '{ __type(name: "Teacher") { name } }', "{ me { rol } }"]
)
async def test_nothing_of_the_schema_is_told_to_the_anonymous(attack: Attack, query: str) -> None:
    answer = await attack("POST", "/graphql", json={"query": query})
    assert answer.status_code == 401
    assert "Teacher" not in answer.text
