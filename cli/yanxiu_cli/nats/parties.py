"""The processes on NATS and what each has to do there: the call graph, from the code's own tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from yanxiu_gateway.asking import Ask
from yanxiu_gateway.backend import Backend
from yanxiu_gateway.heard_events import HEARD
from yanxiu_wire.contracts import AREAS, endpoints_of, events_of
from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.followed import Place, places
from yanxiu_wire.work_queue import JOBS, WORKING

SERVICES = tuple(AREAS)


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of process: what it answers, asks, announces, follows, hears, and what it does with streams.

    `answers` is the service whose requests it takes, `bundles` are those of which it asks several reads in one message,
    `tells` the name under which it only tells how it is; `pings` are services that it asks for a sign of life. `works`
    is the service whose parts of jobs it takes and sends. `oversees` says that it may ask every service and every
    stream how it is, `keeps` that it makes streams and the places in them, `system` that it belongs to the servers' own
    account.
    """

    name: str
    zh: str
    en: str
    answers: str = ""
    tells: str = ""
    asks: tuple[Endpoint[Any, Any], ...] = ()
    bundles: tuple[str, ...] = ()
    announces: tuple[Event[Any], ...] = ()
    follows: tuple[Place, ...] = ()
    hears: tuple[Event[Any], ...] = ()
    pings: tuple[str, ...] = ()
    works: str = ""
    oversees: bool = False
    keeps: bool = False
    system: bool = False


_TITLES = {
    "registry": ("登记服务", "the registry"),
    "credits": ("学分服务", "credits"),
    "visits": ("下校服务", "visits"),
}


def parties() -> Mapping[str, Party]:
    """Every party by name, in the order of the tables that people read."""
    every = tuple(endpoint for service in SERVICES for endpoint in endpoints_of(service))
    # It writes what the service's own processes write, and answers nobody.
    workers = (
        Party(
            name=JOBS,
            zh="作业进程",
            en="who does parts of jobs alone",
            tells=JOBS,
            announces=events_of(service),
            works=service,
        )
        for service in WORKING
    )
    callers = (
        Party(
            name="gateway",
            zh="网关",
            en="the gateway",
            tells="gateway",
            asks=gateway_asks(),
            bundles=SERVICES,
            hears=HEARD,
            pings=SERVICES,
        ),
        Party(name="operator", zh="运维命令行", en="the operator's commands", asks=every, oversees=True),
        Party(name="monitor", zh="监视", en="who watches", oversees=True),
        Party(name="keeper", zh="流的看管", en="who keeps streams", keeps=True),
        Party(name="system", zh="服务器管理", en="who runs the servers", system=True),
    )
    return {party.name: party for party in (*(_service(name) for name in SERVICES), *workers, *callers)}


def _service(name: str) -> Party:
    zh, en = _TITLES[name]
    return Party(
        name=name,
        zh=zh,
        en=en,
        answers=name,
        announces=events_of(name),
        follows=places(name),
        works=name if name in WORKING else "",
    )


def gateway_asks() -> tuple[Endpoint[Any, Any], ...]:
    """Every endpoint that the gateway's backend declares, in the order of the services' own lists."""
    declared = {one.endpoint for name in dir(Backend) if isinstance(one := getattr(Backend, name), Ask)}
    return tuple(one for service in SERVICES for one in endpoints_of(service) if one in declared)
