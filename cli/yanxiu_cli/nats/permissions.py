"""What each party may publish and subscribe to: nothing but what it has to do, and nothing of the servers'."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import msgspec
from yanxiu_wire import bundle
from yanxiu_wire.contracts import endpoints_of
from yanxiu_wire.endpoint import PREFIX
from yanxiu_wire.keeping import kept_places, kept_streams
from yanxiu_wire.stream import stream_of
from yanxiu_wire.work_queue import STREAM as JOBS
from yanxiu_wire.work_queue import workers_name

from yanxiu_cli.nats.parties import Party

API = "$JS.API"
# An answer may come this much later than the longest of a service's time limits: the way there and back.
ANSWER_ROOM = 5
_LOOKS = ("PING", "INFO", "STATS")


class Permissions(msgspec.Struct, frozen=True, kw_only=True):
    """Subjects that may be published and subscribed to; in how many messages, for how many seconds an answer may come.

    A subscription is a subject, or a subject with the queue group in which alone it may be made.
    """

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]
    answer_seconds: int = 0
    answers: int = 1


def permissions_of(party: Party, name: str = "", districts: tuple[str, ...] = ()) -> Permissions:
    """What a party may; `name` is that of its credential, `districts` those to which a caller is bound."""
    of = districts or ("*",)
    return Permissions(
        publish=tuple(_publishes(party, of)),
        subscribe=tuple(_subscribes(party, name or party.name, of)),
        answer_seconds=answer_seconds(party.answers) if party.answers else ANSWER_ROOM * bool(party.tells),
        # A bundle of questions is answered in as many messages as it has parts, at the most.
        answers=bundle.MOST_PARTS if party.answers else 1,
    )


def answer_seconds(service: str) -> int:
    """For how long a service may answer a request that it was given."""
    return math.ceil(max(endpoint.seconds for endpoint in endpoints_of(service))) + ANSWER_ROOM


def _publishes(party: Party, of: Iterable[str]) -> Iterator[str]:
    yield from (endpoint.subject(district) for endpoint in party.asks for district in of)
    yield from (bundle.subject(service, district) for service in party.bundles for district in of)
    yield from (event.subject("*") for event in party.announces)
    yield from (f"$SRV.PING.{service}" for service in party.pings)
    if own := party.answers or party.works:
        yield from _own_stream(stream_of(own))
    for place in party.follows:
        yield from _own_place(stream_of(place.of), place.durable)
        # What refills a copy reads the stream from its first event on.
        yield from (f"{API}.STREAM.MSG.GET.{stream_of(place.of)}", f"{API}.DIRECT.GET.{stream_of(place.of)}")
    if party.works:
        yield f"{PREFIX}.jobs.{party.works}.*.*"
        yield f"{API}.STREAM.MSG.GET.{JOBS}"
        yield from _own_place(JOBS, workers_name(party.works))
    for event in party.hears:
        yield from (f"{API}.DIRECT.GET.{stream_of(event.service)}.{event.subject(district)}" for district in of)
    if party.oversees:
        yield from _overseen()
    if party.keeps:
        yield from _kept()


def _subscribes(party: Party, name: str, of: Iterable[str]) -> Iterator[str]:
    yield f"_INBOX.{name}.>"
    if party.answers:
        # In its own queue group alone: outside of it, it would hear what another of its processes answers.
        yield f"{PREFIX}.{party.answers}.*.* {party.answers}"
    if its := party.answers or party.tells:
        for look in _LOOKS:
            yield from (f"$SRV.{look}", f"$SRV.{look}.{its}", f"$SRV.{look}.{its}.*")
    yield from (event.subject(district) for event in party.hears for district in of)


def _own_stream(stream: str) -> Iterator[str]:
    yield from (f"{API}.STREAM.INFO.{stream}", f"{API}.STREAM.MSG.GET.{stream}")


def _own_place(stream: str, durable: str) -> Iterator[str]:
    yield f"{API}.STREAM.INFO.{stream}"
    yield from (f"{API}.CONSUMER.{what}.{stream}.{durable}" for what in ("INFO", "MSG.NEXT"))
    yield f"$JS.ACK.{stream}.{durable}.>"


def _overseen() -> Iterator[str]:
    for look in _LOOKS:
        yield from (f"$SRV.{look}", f"$SRV.{look}.>")
    # How streams and places stand; not one of their messages.
    yield from (f"{API}.INFO", f"{API}.STREAM.NAMES", f"{API}.STREAM.LIST", f"{API}.STREAM.INFO.*")
    yield from (f"{API}.CONSUMER.NAMES.*", f"{API}.CONSUMER.LIST.*", f"{API}.CONSUMER.INFO.*.*")


def _kept() -> Iterator[str]:
    for stream in kept_streams():
        yield from (f"{API}.STREAM.{what}.{stream}" for what in ("INFO", "CREATE", "UPDATE"))
    for stream, durable in kept_places():
        yield from (f"{API}.CONSUMER.{what}.{stream}.{durable}" for what in ("INFO", "DURABLE.CREATE"))
