"""Everything a thief may try with a credential, and whether it belongs to the process that the credential was made for.

What belongs to whom is said here once more, in the words of the design and not by the code that writes permissions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from yanxiu_cli.nats.parties import SERVICES
from yanxiu_gateway.asking import Ask
from yanxiu_gateway.backend import Backend
from yanxiu_wire.contracts import endpoints_of, events_of
from yanxiu_wire.endpoint import Endpoint

DISTRICT = "puer"
# Who keeps a copy of whose facts; each pair is a place in the stream of the second.
FOLLOWS = {("credits", "registry"), ("visits", "registry"), ("visits", "credits")}
HEARD_BY_GATEWAY = {
    "registry": {"grant-changed"},
    "credits": {"credit-recognised", "job-progressed", "process-moved"},
    "visits": {
        "field-work-changed",
        "rotation-plan-changed",
        "inspection-changed",
        "draw-published",
        "award-changed",
        "award-year-changed",
        "award-objection-changed",
    },
}
THIEVES = (*SERVICES, "jobs", "gateway", "operator", "monitor", "keeper")
_ASKED = {ask.endpoint for name in dir(Backend) if isinstance(ask := getattr(Backend, name), Ask)}
_ON_STREAMS = (
    "CREATE",
    "UPDATE",
    "DELETE",
    "PURGE",
    "SNAPSHOT",
    "RESTORE",
    "MSG.DELETE",
    "LEADER.STEPDOWN",
    "PEER.REMOVE",
)
_DURABLES = {"registry": ("credits-registry", "visits-registry"), "credits": ("visits-credits",), "visits": ()}


def asked_of(service: str) -> Endpoint[Any, Any]:
    """An endpoint that the gateway asks."""
    return next(one for one in endpoints_of(service) if one in _ASKED)


class Attempt(NamedTuple):
    """To publish or subscribe (in a queue group, or "") on a subject."""

    what: str
    subject: str
    queue: str
    allowed: bool


def attempts(thief: str) -> Iterator[Attempt]:
    """All of them, for the credential of one party."""
    for victim in SERVICES:
        yield from _as_a_process_of(thief, victim)
        yield from _events(thief, victim)
        yield from _stream(thief, victim)
        for endpoint in endpoints_of(victim):
            may = thief == "operator" or (thief == "gateway" and endpoint in _ASKED)
            yield Attempt("publish", endpoint.subject(DISTRICT), "", may)
        # Several reads in one message: the service takes no others in it.
        yield Attempt("publish", f"yanxiu.v1.{victim}.bundle.{DISTRICT}", "", thief == "gateway")
    yield from _jobs(thief)
    yield from _servers(thief)
    for other in {*THIEVES, "system"}:
        yield Attempt("subscribe", f"_INBOX.{other}.>", "", other == thief)
        yield Attempt("publish", f"_INBOX.{other}.abc.def", "", allowed=False)


def _works_for(thief: str, victim: str) -> bool:
    """Who does the parts of a service's jobs announces what comes of them, as the service would."""
    return (thief, victim) == ("jobs", "credits")


def _as_a_process_of(thief: str, victim: str) -> Iterator[Attempt]:
    own = thief == victim
    one = endpoints_of(victim)[0].subject("*")
    for subject in (one, one.replace("*", DISTRICT), f"yanxiu.v1.{victim}.*.*"):
        yield Attempt("subscribe", subject, victim, own)
        yield Attempt("subscribe", subject, "", allowed=False)
        yield Attempt("subscribe", subject, "another", allowed=False)
        if not own:
            # In a group of one's own one would be given each request beside the service that is asked.
            yield Attempt("subscribe", subject, thief, allowed=False)
    yield Attempt("subscribe", f"yanxiu.v1.{victim}.>", victim, allowed=False)
    for look in ("PING", "INFO", "STATS"):
        yield Attempt("subscribe", f"$SRV.{look}.{victim}", "", own)
        pings = thief == "gateway" and look == "PING"
        yield Attempt("publish", f"$SRV.{look}.{victim}", "", pings or thief in ("operator", "monitor"))


def _events(thief: str, victim: str) -> Iterator[Attempt]:
    for event in events_of(victim):
        heard = thief == "gateway" and event.name in HEARD_BY_GATEWAY[victim]
        yield Attempt("publish", event.subject(DISTRICT), "", thief == victim or _works_for(thief, victim))
        yield Attempt("subscribe", event.subject(DISTRICT), "", heard)
        last = f"$JS.API.DIRECT.GET.YANXIU_EVENTS_{victim.upper()}.{event.subject(DISTRICT)}"
        yield Attempt("publish", last, "", heard)
    yield Attempt("subscribe", f"yanxiu.v1.events.{victim}.>", "", allowed=False)
    yield Attempt("publish", f"yanxiu.v1.events.{victim}.never-heard-of.{DISTRICT}", "", allowed=False)


def _stream(thief: str, victim: str) -> Iterator[Attempt]:
    stream = f"YANXIU_EVENTS_{victim.upper()}"
    follows = (thief, victim) in FOLLOWS
    for what in _ON_STREAMS:
        kept = thief == "keeper" and what in ("CREATE", "UPDATE")
        yield Attempt("publish", f"$JS.API.STREAM.{what}.{stream}", "", kept)
    yield Attempt(
        "publish", f"$JS.API.STREAM.MSG.GET.{stream}", "", follows or thief == victim or _works_for(thief, victim)
    )
    yield Attempt("publish", f"$JS.API.DIRECT.GET.{stream}", "", follows)
    for made in (stream, f"{stream}.stolen", f"{stream}.stolen.yanxiu.v1.events.>"):
        yield Attempt("publish", f"$JS.API.CONSUMER.CREATE.{made}", "", allowed=False)
    for durable in (*_DURABLES[victim], "stolen"):
        own = follows and durable == f"{thief}-{victim}"
        kept = thief == "keeper" and durable != "stolen"
        yield Attempt("publish", f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.{durable}", "", kept)
        yield Attempt("publish", f"$JS.API.CONSUMER.CREATE.{stream}.{durable}", "", allowed=False)
        yield Attempt("publish", f"$JS.API.CONSUMER.DELETE.{stream}.{durable}", "", allowed=False)
        yield Attempt("publish", f"$JS.API.CONSUMER.PAUSE.{stream}.{durable}", "", allowed=False)
        yield Attempt("publish", f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}", "", own)
        yield Attempt("publish", f"$JS.ACK.{stream}.{durable}.1.1.1.1.1", "", own)


def _jobs(thief: str) -> Iterator[Attempt]:
    own = thief in ("credits", "jobs")
    yield Attempt("publish", f"yanxiu.v1.jobs.credits.record.{DISTRICT}", "", own)
    yield Attempt("publish", f"yanxiu.v1.jobs.visits.record.{DISTRICT}", "", allowed=False)
    yield Attempt("publish", "$JS.API.CONSUMER.MSG.NEXT.YANXIU_JOBS.credits-jobs", "", own)
    yield Attempt("publish", "$JS.API.STREAM.PURGE.YANXIU_JOBS", "", allowed=False)
    yield Attempt("publish", "$JS.API.CONSUMER.CREATE.YANXIU_JOBS.credits-jobs", "", allowed=False)
    # A consumer that delivers where its maker likes would let who can write a wake say anything to anybody.
    yield Attempt("publish", "$JS.API.CONSUMER.DURABLE.CREATE.YANXIU_JOBS.credits-jobs", "", thief == "keeper")


def _servers(thief: str) -> Iterator[Attempt]:
    looks = thief in ("operator", "monitor")
    yield Attempt("publish", "$JS.API.INFO", "", looks)
    yield Attempt("publish", "$JS.API.STREAM.NAMES", "", looks)
    yield Attempt("publish", "$JS.API.STREAM.CREATE.STOLEN", "", allowed=False)
    yield Attempt("publish", "$JS.API.META.LEADER.STEPDOWN", "", allowed=False)
    yield Attempt("publish", "$JS.API.ACCOUNT.PURGE.SYS", "", allowed=False)
    yield Attempt("publish", "$SYS.REQ.SERVER.PING", "", allowed=False)
    yield Attempt("publish", "$SYS.REQ.ACCOUNT.YANXIU.CONNZ", "", allowed=False)
    yield Attempt("publish", "anything.else", "", allowed=False)
    yield Attempt("publish", "$SRV.PING", "", looks)
    presence = thief in SERVICES or thief in ("gateway", "jobs")
    yield Attempt("subscribe", "$SRV.PING", "", presence)
    for subject in (
        ">",
        "*",
        "yanxiu.>",
        "yanxiu.v1.>",
        "yanxiu.v1.events.>",
        "_INBOX.>",
        "$SYS.>",
        "$JS.>",
        "$JS.API.>",
    ):
        yield Attempt("subscribe", subject, "", allowed=False)
        yield Attempt("subscribe", subject, thief, allowed=False)
    yield Attempt("subscribe", "$SRV.>", "", allowed=False)
