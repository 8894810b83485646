"""When something fails: the rest still arrives, the hole says whose it is, and no exception's text gets out."""

from __future__ import annotations

import pytest
import structlog
from yanxiu_wire import credits as wire_credits
from yanxiu_wire import registry
from yanxiu_wire.caller import PLATFORM
from yanxiu_wire.contracts import endpoints_of
from yanxiu_wire.faults import (
    DeadlineExceeded,
    MessageMalformed,
    MessageTooLarge,
    Overloaded,
    RemoteFault,
    RulePackFailed,
)
from yanxiu_wire.rpc import Bus

from tests.gateway.conftest import Client
from tests.gateway.test_reads import RECORD, SCHOOL, TEACHER
from tests.gateway.world import World

SECRET = "db-password-and-530000199001010011"
LIST = "{ teachers(first: 3) { edges { node { name total { hours } } } } }"


@pytest.fixture(autouse=True)
def told_here() -> None:
    """Lines of the log go where this test listens, whatever a test before it had set up in this process."""
    structlog.reset_defaults()


@pytest.mark.parametrize(("language", "words"), [("zh", "服务 credits 暂不可用"), ("en", "credits is unavailable")])
async def test_with_one_service_down_the_others_fields_still_arrive(
    client: Client, world: World, language: str, words: str
) -> None:
    world.down = {"credits"}
    answer = await client.ask(LIST, headers={"accept-language": language})
    edges = answer["data"]["teachers"]["edges"]
    assert [edge["node"]["name"] for edge in edges] == ["虚构教师0", "虚构教师1", "虚构教师2"]
    assert [edge["node"]["total"] for edge in edges] == [None] * 3
    assert [error["path"] for error in answer["errors"]] == [
        ["teachers", "edges", n, "node", "total"] for n in range(3)
    ]
    for error in answer["errors"]:
        assert error["extensions"] == {"code": "SERVICE_UNAVAILABLE", "service": "credits", "retryAfter": 1}
        assert words in error["message"]
        assert "idempotencyKey" in error["message"], "a mutation may have been done"


async def test_over_a_real_bus_a_missing_service_is_named_at_once(wired: Client, own_bus: Bus, world: World) -> None:
    endpoints = [one for one in endpoints_of(registry.SERVICE) if hasattr(world, one.verb.replace("-", "_"))]
    serving = await own_bus.serve("registry", "1.0.0", {one: world.handle(one) for one in endpoints})
    answer = await wired.ask(LIST)
    assert len(answer["data"]["teachers"]["edges"]) == 3
    assert {error["extensions"]["service"] for error in answer["errors"]} == {"credits"}
    await serving.drain()
    gone = await wired.ask(LIST)
    assert gone["errors"][0]["extensions"] == {"code": "SERVICE_UNAVAILABLE", "service": "registry", "retryAfter": 1}


async def test_over_a_real_bus_the_whole_slice_answers_with_deadline_and_trace(
    wired: Client, own_bus: Bus, world: World
) -> None:
    servings = [
        await own_bus.serve(
            module.SERVICE,
            "1.0.0",
            {
                one: world.handle(one)
                for one in endpoints_of(module.SERVICE)
                if hasattr(world, one.verb.replace("-", "_"))
            },
        )
        for module in (registry, wire_credits)
    ]
    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = await wired.post(
        "query($id: ID!) { teacher(id: $id) { name school { name } total { credits } records { totalCount } } }",
        variables={"id": TEACHER},
        headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"},
    )
    assert answer.json()["data"] == {
        "teacher": {
            "name": "虚构教师1",
            "school": {"name": "虚构第0小学"},
            "total": {"credits": "109.5"},
            "records": {"totalCount": 3},
        }
    }
    assert answer.headers["x-trace-id"] == trace
    assert {deadline.at_ms for deadline in world.deadlines} == {world.deadlines[0].at_ms}, "one deadline for all"
    assert 0 < world.deadlines[0].remaining() <= 3
    for serving in servings:
        await serving.drain()


async def test_what_takes_long_by_nature_gets_its_own_time(client: Client, world: World) -> None:
    await client.data("{ ledgerVerification { intact } terms { id } }")
    by_name = dict(zip((name for name, _, _ in world.calls), world.deadlines, strict=True))
    assert by_name["credits.verify-ledger"].remaining() > 50
    assert by_name["registry.list-terms"].remaining() <= 3


@pytest.mark.parametrize(
    ("fault", "extensions"),
    [
        (DeadlineExceeded("registry"), {"code": "DEADLINE_EXCEEDED", "service": "registry"}),
        (RemoteFault("registry", "fault-7"), {"code": "INTERNAL", "faultId": "fault-7", "service": "registry"}),
    ],
)
async def test_faults_of_the_wire_have_their_codes(
    client: Client, world: World, fault: Exception, extensions: dict[str, str]
) -> None:
    world.broken = fault
    answer = await client.ask("{ district { code } terms { id } }")
    assert answer["errors"][0]["extensions"] == extensions


async def test_a_reply_too_large_asks_for_less(client: Client, world: World) -> None:
    world.broken = MessageTooLarge(2_000_000, 1_000_000)
    answer = await client.ask("{ district { code } }")
    assert answer["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"


@pytest.mark.parametrize(
    "fault", [RuntimeError(SECRET), KeyError(SECRET), ValueError(SECRET), MessageMalformed("caller", SECRET)]
)
async def test_no_exceptions_text_reaches_a_client_or_the_log(
    client: Client, world: World, fault: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    world.broken = fault
    answers = [await client.post(LIST), await client.post("{ me { district { code } } }")]
    answers.append(
        await client.post(
            'mutation { undoRoster(input: {idempotencyKey: "12345678", rosterId: "r"}) { errors { code } } }'
        )
    )
    logged = "".join(capsys.readouterr())
    for answer in answers:
        assert SECRET not in answer.text
        assert "Traceback" not in answer.text
        error = answer.json()["errors"][0]
        assert error["extensions"]["code"] == "INTERNAL"
        assert error["extensions"]["faultId"] in error["message"]
        assert error["extensions"]["faultId"] in logged
    assert SECRET not in logged


async def test_a_fault_that_many_fields_share_is_logged_once(
    client: Client, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    await client.data("{ __typename }")
    whole = world.get_totals

    def broken(*_: object) -> None:
        raise RuntimeError(SECRET)

    world.get_totals = broken  # type: ignore[method-assign]
    answer = await client.ask(LIST)
    world.get_totals = whole  # type: ignore[method-assign]
    assert len(answer["errors"]) == 3
    assert len({error["extensions"]["faultId"] for error in answer["errors"]}) == 1
    assert "".join(capsys.readouterr()).count("unexpected-fault") == 1


async def test_a_query_refused_by_its_service_is_a_typed_error(client: Client) -> None:
    answer = await client.ask(
        'query($id: ID!) { teacher(id: $id) { name standing(kind: "no-such-kind") { verdict } } }',
        variables={"id": TEACHER},
    )
    assert answer["data"]["teacher"] == {"name": "虚构教师1", "standing": None}
    extensions = answer["errors"][0]["extensions"]
    assert (extensions["code"], extensions["field"], extensions["value"]) == ("KIND_UNKNOWN", "kind", "no-such-kind")
    assert extensions["remedy"] == "请更正。"


async def test_a_querys_text_is_never_logged(client: Client, world: World, capsys: pytest.CaptureFixture[str]) -> None:
    query = f'{{ teachers(search: "{SECRET}") {{ totalCount nope }} }}'
    await client.post(query)
    world.broken = RuntimeError("x")
    await client.post(query.replace("nope", ""))
    logged = "".join(capsys.readouterr())
    assert "graphql" in logged
    assert SECRET not in logged


async def test_validation_makes_no_suggestions(client: Client) -> None:
    answer = await client.ask("{ schols { totalCount } me { rol } }")
    assert len(answer["errors"]) == 2
    for error in answer["errors"]:
        assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        assert "Did you mean" not in error["message"]


HOLES = {
    "registry": (
        "{ me { role } district { code } schools { totalCount } teachers { totalCount } terms { id }"
        " projects { totalCount }"
        " records { totalCount } ledger { totalCount } }",
        {"me", "projects", "records", "ledger"},
    ),
    "credits": (
        "query($t: ID!) { me { role } schools { edges { node { teachers { totalCount } } } }"
        ' teacher(id: $t) { name records { totalCount } total { hours } standings(kinds: ["annual"]) { kind } }'
        " projects { totalCount } ledger { totalCount } ledgerVerification { intact } }",
        {"me", "schools", "teacher"},
    ),
}


@pytest.mark.parametrize("service", HOLES)
async def test_a_service_that_is_down_leaves_holes_no_larger_than_its_own_fields(
    client: Client, world: World, service: str
) -> None:
    query, whole = HOLES[service]
    world.down = {service}
    answer = await client.ask(query, variables={"t": TEACHER} if "$t" in query else None)
    assert {name for name, value in answer["data"].items() if value is not None} == whole
    assert {error["extensions"]["service"] for error in answer["errors"]} == {service}
    if service == "credits":
        assert answer["data"]["teacher"] == {"name": "虚构教师1", "records": None, "total": None, "standings": None}


async def test_nodes_of_a_service_that_is_down_are_holes_among_the_others(client: Client, world: World) -> None:
    world.down = {"credits"}
    answer = await client.ask(
        "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", variables={"ids": [TEACHER, RECORD, SCHOOL]}
    )
    assert answer["data"]["nodes"] == [{"id": TEACHER}, None, {"id": SCHOOL}]
    assert [error["path"] for error in answer["errors"]] == [["nodes", 1]]


async def test_of_two_mutations_the_one_that_was_done_is_told_when_the_other_fails(
    client: Client, world: World
) -> None:
    world.down = {"credits"}
    answer = await client.ask(
        'mutation { undoRoster(input: {idempotencyKey: "12345678", rosterId: "r"}) { errors { code } }'
        ' returnProject(input: {idempotencyKey: "12345679", projectId: "p", on: "2024-01-01", reason: "x"})'
        " { errors { code } } }"
    )
    assert answer["data"] == {"undoRoster": {"errors": []}, "returnProject": None}
    assert answer["errors"][0]["extensions"]["service"] == "credits"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh", "区县 puer 的规则包 puer 计算没有在时限内结束，已被终止。"),
        ("en", "The rule pack puer of district puer did not come to an end and was stopped."),
    ],
)
async def test_a_rule_pack_that_failed_is_named_with_its_district_its_service_and_a_remedy(
    client: Client, world: World, language: str, sentence: str
) -> None:
    world.broken = RulePackFailed("credits", "puer", "puer", "hangs")
    answer = await client.ask("{ terms { id } }", headers={"accept-language": language})
    error = answer["errors"][0]
    assert error["message"] == sentence
    remedy = error["extensions"].pop("remedy")
    assert "idempotencyKey" in remedy
    known = {"service": "credits", "district": "puer", "pack": "puer", "problem": "hangs"}
    assert error["extensions"] == {"code": "RULE_PACK_FAILED", **known}
    # A pack that is only read is nobody's law here: no district is named.
    world.broken = RulePackFailed("credits", PLATFORM, "putuo", "paused")
    (error,) = (await client.ask("{ terms { id } }", headers={"accept-language": language}))["errors"]
    assert "putuo" in error["message"]
    assert not {"区县", "district"} & set(error["message"].split())
    assert "platform" not in error["message"]


async def test_a_service_that_is_overloaded_says_when_to_come_again(client: Client, world: World) -> None:
    world.broken = Overloaded("registry", 2000)
    answer = await client.post("{ district { code } terms { id } }", headers={"accept-language": "zh"})
    assert answer.status_code == 200
    assert answer.headers["retry-after"] == "2"
    error = answer.json()["errors"][0]
    assert error["extensions"] == {"code": "OVERLOADED", "service": "registry", "retryAfter": 2}
    assert "请在 2 秒后重试" in error["message"]
