"""How an erasure goes through the services: in which order, and where it stops before anything is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from yanxiu_gateway.asking import COMMAND_SECONDS
from yanxiu_wire import erasure as wire
from yanxiu_wire.caller import Caller
from yanxiu_wire.erasing import confirm, propose
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable
from yanxiu_wire.mentioning import Mentions, mentions_of
from yanxiu_wire.refusal import RefusalItem, Refused

CALLER = Caller(subject="second", role="institute-officer", district="puer")
AT = datetime(2026, 3, 2, tzinfo=UTC)
PROPOSED = wire.Erasure(
    id="e1", teacher="t1", reason="r", document="d", retained_until=date(2025, 1, 1), proposed_by="first",
    proposed_at=AT,
)  # fmt: skip
BEGUN = msgspec.structs.replace(PROPOSED, begun_by="second", begun_at=AT, everywhere=())
DONE = msgspec.structs.replace(BEGUN, confirmed_by="second", confirmed_at=AT)
WORDS = wire.ErasureWords(names=("虚构",), salt="s", shown="code")
UNKNOWN = Refused(
    errors=(RefusalItem(code="DISTRICT_UNKNOWN", message_zh="。", message_en=".", remedy_zh="。", remedy_en="."),)
)
Answer = Callable[[Any], Any] | Any


class Services:
    """Answers of all services, of which a test gives some its own; what was asked is kept, in order."""

    def __init__(self, answers: dict[Any, Answer]) -> None:
        counted = wire.MentionsCounted(items=())
        self._answers: dict[Any, Answer] = {
            wire.LIST_ERASURES: wire.Erasures(items=(PROPOSED,)),
            wire.PROPOSE_ERASURE: PROPOSED,
            wire.BEGIN_ERASURE: BEGUN,
            wire.GET_ERASURE_WORDS: WORDS,
            wire.CONFIRM_ERASURE: DONE,
            wire.SIGN_ERASURE: wire.ErasureReceipt(token="t"),
            **dict.fromkeys(wire.CHECKS, wire.ErasureChecked(rows=0)),
            **dict.fromkeys(wire.COUNTS, counted),
            **{one: wire.PersonCleared(rows={"x": 1}, by=f"by {one.service}") for one in wire.CLEARS},
            **answers,
        }
        self.asked: list[tuple[Any, Any]] = []

    async def __call__(self, endpoint: Any, request: Any) -> Any:
        self.asked.append((endpoint, request))
        answer = self._answers[endpoint]
        return answer(request) if callable(answer) else answer

    def of(self, endpoint: Any) -> list[Any]:
        return [request for one, request in self.asked if one == endpoint]

    async def confirm(self, **given: Any) -> Any:
        return await confirm(self, wire.ConfirmErasure(caller=CALLER, key="k", erasure="e1", **given))


async def test_what_was_written_meanwhile_is_looked_for_once_the_register_is_done() -> None:
    services = Services({})
    done = await services.confirm()
    assert done.looked_again is True
    order = [endpoint for endpoint, _ in services.asked if endpoint in (*wire.CLEARS, wire.CONFIRM_ERASURE)]
    assert order == [*wire.CLEARS, wire.CONFIRM_ERASURE, *wire.CLEARS]
    (confirmed,) = services.of(wire.CONFIRM_ERASURE)
    assert (confirmed.cleared, confirmed.by) == (
        {"credits": {"x": 1}, "visits": {"x": 1}},
        {"credits": "by credits", "visits": "by visits"},
    )
    for endpoint in wire.CLEARS:
        first, second = services.of(endpoint)
        assert first == second, "by the same words, for nobody knows them any more"


@pytest.mark.parametrize("fails", ["fault", "refusal"])
async def test_who_cannot_look_again_is_told_of_and_the_receipt_is_given(fails: str) -> None:
    def away(_: Any) -> Any:
        if not services.of(wire.CONFIRM_ERASURE):
            return wire.PersonCleared(rows={}, by="b")
        if fails == "refusal":
            return UNKNOWN
        raise ServiceUnavailable("credits")

    services = Services({wire.CLEAR_PERSON_OF_CREDITS: away})
    done = await services.confirm()
    assert (done.looked_again, bool(done.receipt)) == (False, True)
    assert len(services.of(wire.CLEAR_PERSON_OF_VISITS)) == 2, "the other one looks"


async def test_what_was_done_before_is_not_looked_for_and_nothing_is_said_of_it() -> None:
    services = Services({wire.LIST_ERASURES: wire.Erasures(items=(DONE,))})
    assert (await services.confirm()).looked_again is None
    assert not [endpoint for endpoint, _ in services.asked if endpoint in wire.CLEARS]
    overtaken = Services({wire.BEGIN_ERASURE: DONE})
    assert (await overtaken.confirm()).looked_again is None
    assert overtaken.of(wire.GET_ERASURE_WORDS)[1:] == [], "its words are gone"


@pytest.mark.parametrize(
    ("everywhere", "goes_on"), [((), False), (("name",), False), (("name", "number"), True), (("number", "name"), True)]
)
async def test_a_registry_that_takes_both_kinds_whatever_was_decided_stops_it(
    everywhere: tuple[wire.WordKind, ...], goes_on: bool
) -> None:
    older = msgspec.structs.replace(BEGUN, everywhere=None)
    services = Services({wire.BEGIN_ERASURE: older})
    told = await services.confirm(everywhere=everywhere, shown="code")
    if goes_on:
        assert told.looked_again is True
        return
    assert [one.code for one in told.errors] == ["BEGUN_BY_OLDER_VERSION"]
    assert not [endpoint for endpoint, _ in services.asked if endpoint in wire.CLEARS]


async def test_nothing_is_decided_while_a_service_has_no_copy_of_the_district() -> None:
    """It may be away, or put back from a backup in a moment: what it holds nobody knows."""
    for endpoint in (*wire.CLEARS, *wire.CHECKS, *wire.COUNTS[1:]):
        services = Services({endpoint: UNKNOWN})
        told = await services.confirm()
        assert [(one.code, one.value) for one in told.errors] == [("DISTRICT_UNKNOWN", endpoint.service)]
        assert endpoint.service in told.errors[0].message_zh
        assert services.of(wire.CONFIRM_ERASURE) == []
    services = Services({wire.CHECK_ERASURE_OF_VISITS: UNKNOWN})
    command = wire.ProposeErasure(
        caller=CALLER, key="k", teacher="t1", reason="r", document="d", retained_until=date(2025, 1, 1)
    )
    assert isinstance(await propose(services, command), Refused)


async def test_the_check_code_of_what_was_shown_goes_to_who_begins() -> None:
    services = Services({})
    counted = await mentions_of(services, CALLER, PROPOSED)
    assert isinstance(counted, Mentions)
    assert counted.shown == "code"
    await services.confirm(everywhere=("name",), shown="mine")
    await services.confirm()
    assert [one.shown for one in services.of(wire.BEGIN_ERASURE)] == ["mine", "code"], "or of what was counted here"
    unseen = await services.confirm(everywhere=("name",))
    assert [one.code for one in unseen.errors] == ["WORDS_NOT_SHOWN"]
    again = Services({wire.LIST_ERASURES: wire.Erasures(items=(BEGUN,))})
    assert (await again.confirm(everywhere=("name",))).looked_again is True, "once it is decided it goes on"


async def test_where_the_answer_of_the_last_step_is_lost_the_others_look_once_more_all_the_same() -> None:
    """It may be done, and then the words are known to nobody but to who asked."""

    def lost(_request: Any) -> Any:
        raise DeadlineExceeded("registry")

    services = Services({wire.CONFIRM_ERASURE: lost})
    with pytest.raises(DeadlineExceeded):
        await services.confirm()
    assert [len(services.of(one)) for one in wire.CLEARS] == [2, 2]


def test_the_steps_after_a_long_clearing_have_their_own_time() -> None:
    assert min(one.seconds for one in (wire.CONFIRM_ERASURE, wire.SIGN_ERASURE)) > COMMAND_SECONDS
