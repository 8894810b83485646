"""When an event is put aside: after five tries in vain, never for what is of the moment, and only once it is kept."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs
from yanxiu_wire.events import Delivery, GivenUp, consume_many, ensure_stream
from yanxiu_wire.faults import ServiceUnavailable
from yanxiu_wire.rpc import Bus

from .conftest import HAPPENED
from .test_events import SOON, Seen, announce, listen


async def test_an_event_whose_handler_goes_on_failing_is_put_aside_after_five_tries_and_the_others_go_on(
    own_bus: Bus,
) -> None:
    await ensure_stream(own_bus, "sample")
    seen = Seen()
    seen.bad = {1}
    consuming = await listen(own_bus, seen, dead_letter=seen.put_aside)
    with capture_logs() as logs:
        await announce(own_bus, 1, 2)
        await seen.until_letters(1)
        await consuming.caught_up()
    assert (seen.numbers.count(1), seen.numbers.count(2)) == (5, 1)
    (letter,) = seen.letters
    assert (letter.district, letter.event, letter.data, letter.message_id) == (
        "puer",
        HAPPENED,
        b'{"number":1}',
        "puer-1",
    )
    assert (letter.consumer, letter.tries, letter.problem) == ("sample", 5, "RuntimeError")
    assert [entry["tries"] for entry in logs if entry["event"] == "event-given-up"] == [5]
    await consuming.stop()


@pytest.mark.parametrize("kind", [ServiceUnavailable, ConnectionError, LookupError], ids=["wire", "network", "named"])
async def test_what_is_of_the_moment_gives_no_event_up_however_often_it_comes(
    own_bus: Bus, kind: type[Exception]
) -> None:
    await ensure_stream(own_bus, "sample")
    seen, tries = Seen(), list[int]()

    async def away(district: str, deliveries: Sequence[Delivery]) -> None:
        if len(tries) < 8:
            tries.append(1)
            raise kind("sample")
        await seen.handle_many(district, deliveries)

    with capture_logs():
        consuming = await consume_many(
            own_bus,
            durable="moment",
            events=[HAPPENED],
            handle=away,
            dead_letter=seen.put_aside,
            retry_after=SOON,
            of_the_moment=(LookupError,),
        )
        await announce(own_bus, 1)
        await consuming.caught_up()
    assert (seen.numbers, seen.letters) == ([1], [])
    await consuming.stop()


async def test_an_event_that_could_not_be_put_aside_stays_with_the_stream(own_bus: Bus) -> None:
    await ensure_stream(own_bus, "sample")
    seen, full = Seen(), [True]

    async def no_room(letter: GivenUp) -> None:
        if full.pop() if full else False:
            raise OSError("no space left on device")
        await seen.put_aside(letter)

    seen.bad = {1}
    with capture_logs():
        consuming = await listen(own_bus, seen, dead_letter=no_room)
        await announce(own_bus, 1)
        await seen.until_letters(1)
    assert len(seen.letters) == 1
    await consuming.stop()
