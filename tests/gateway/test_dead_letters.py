"""Dead letters through GraphQL: the platform's operator asks the service of a district that he names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from yanxiu_gateway.caller import TokenReader
from yanxiu_gateway.schema.build import GatewaySchema
from yanxiu_gateway.tokens import DevelopmentIssuer
from yanxiu_wire.dead_letters import DeadLetter, DeadLetterPage, DeadLettersSettled
from yanxiu_wire.rpc import Bus

from tests.gateway.conftest import Client, gateway

AT = datetime(2026, 3, 1, 4, tzinfo=UTC)
OPEN = DeadLetter(
    id="m-1", consumer="visits-registry", event="teacher-changed", tries=5, problem="TypeError", announced_at=AT,
    given_up_at=AT, state="open", size=17,
)  # fmt: skip
DROPPED = DeadLetter(
    id="m-1", consumer="visits-registry", event="teacher-changed", tries=5, problem="TypeError", announced_at=AT,
    given_up_at=AT, state="dropped", size=17, settled_at=AT, settled_by="synthetic", reason="多余",
)  # fmt: skip


class Service:
    """Answers as a service with one letter, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []

    async def __call__(self, endpoint: Any, request: Any, *, district: str, deadline: Any = None) -> Any:
        assert deadline is not None
        self.asked.append((f"{endpoint.service}.{endpoint.verb}", district, request))
        if endpoint.verb == "list-dead-letters":
            return DeadLetterPage(items=(OPEN,), cursors=("c",), has_next=False, total=1)
        return DeadLettersSettled(items=(DROPPED if endpoint.verb == "drop-dead-letters" else OPEN,))


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
async def operator(
    schema: GatewaySchema, service: Service, tokens: TokenReader, bus: Bus, issuer: DevelopmentIssuer
) -> AsyncIterator[Client]:
    found = Client(gateway(schema, service, tokens, bus), issuer)
    async with found.http:
        yield found


async def test_letters_are_listed_tried_again_and_dropped_in_the_district_that_is_named(
    operator: Client, service: Service
) -> None:
    token = operator.token("platform", "platform-operator")
    listed = await operator.data(
        '{ deadLetters(district: "puer", service: VISITS, state: OPEN) { totalCount edges { node {'
        " letter consumer event tries problem state givenUpAt settledBy } } } }",
        token=token,
    )
    assert listed["deadLetters"]["totalCount"] == 1
    assert listed["deadLetters"]["edges"][0]["node"] == {
        "letter": "m-1", "consumer": "visits-registry", "event": "teacher-changed", "tries": 5,
        "problem": "TypeError", "state": "OPEN", "givenUpAt": "2026-03-01T04:00:00+00:00", "settledBy": None,
    }  # fmt: skip
    tried = await operator.data(
        'mutation { replayDeadLetters(input: { idempotencyKey: "replay-1", district: "puer", service: CREDITS,'
        ' consumer: "credits-registry" }) { letters { letter state } errors { code } } }',
        token=token,
    )
    assert tried["replayDeadLetters"] == {"letters": [{"letter": "m-1", "state": "OPEN"}], "errors": []}
    gone = await operator.data(
        'mutation { dropDeadLetters(input: { idempotencyKey: "drop-0001", district: "puer", service: VISITS,'
        ' letters: ["m-1"], reason: "多余" }) { letters { state reason } errors { code } } }',
        token=token,
    )
    assert gone["dropDeadLetters"]["errors"] == []
    assert gone["dropDeadLetters"]["letters"] == [{"state": "DROPPED", "reason": "多余"}]
    assert [(name, district) for name, district, _ in service.asked] == [
        ("visits.list-dead-letters", "puer"),
        ("credits.replay-dead-letters", "puer"),
        ("visits.drop-dead-letters", "puer"),
    ]
    assert service.asked[1][2].consumer == "credits-registry"


async def test_who_is_of_another_district_settles_nothing_there(operator: Client, service: Service) -> None:
    answer = await operator.data(
        'mutation { dropDeadLetters(input: { idempotencyKey: "drop-0001", district: "putuo", service: VISITS,'
        ' letters: ["m-1"], reason: "多余" }) { letters { state } errors { code } } }'
    )
    assert answer["dropDeadLetters"] == {"letters": None, "errors": [{"code": "DISTRICT_UNKNOWN"}]}
    assert service.asked == []
