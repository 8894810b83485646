"""Who may ask, hear and answer whom, drawn from the permissions: it is what the tables of the code say, whole."""

from __future__ import annotations

import pytest
from yanxiu_cli.nats.configuration import listed
from yanxiu_cli.nats.parties import SERVICES, parties
from yanxiu_cli.nats.permissions import Permissions, permissions_of
from yanxiu_cli.schema import PERMISSIONS
from yanxiu_credits.endpoints import TABLE as CREDITS
from yanxiu_credits.store.facts import COPY as CREDITS_COPY
from yanxiu_gateway.changes import Changes
from yanxiu_gateway.heard_events import HEARD
from yanxiu_registry.endpoints import TABLE as REGISTRY
from yanxiu_visits.endpoints import TABLE as VISITS
from yanxiu_visits.store.facts import COPY as VISITS_COPY
from yanxiu_wire.bundle import may_be_part
from yanxiu_wire.contracts import AREAS, endpoints_of, events_of
from yanxiu_wire.followed import FOLLOWED, places
from yanxiu_wire.standings import SCHOOL_RATIO_ANNOUNCED
from yanxiu_wire.stream import stream_of

PARTIES = parties()
OFFERED = {"registry": REGISTRY, "credits": CREDITS, "visits": VISITS}


def may(name: str) -> Permissions:
    return permissions_of(PARTIES[name])


def test_the_snapshot_is_what_follows_from_the_code() -> None:
    assert PERMISSIONS.read_text(encoding="utf-8") == listed(), "run `yanxiu schema` and commit what it writes"


def test_every_endpoint_is_answered_by_its_service_and_asked_by_somebody() -> None:
    asked = {name: {one for one in may(name).publish if one.startswith("yanxiu.v1.")} for name in PARTIES}
    for service in SERVICES:
        assert set(OFFERED[service]) <= set(endpoints_of(service)), "an endpoint that no table of the wire names"
        assert f"yanxiu.v1.{service}.*.* {service}" in may(service).subscribe
        for endpoint in endpoints_of(service):
            askers = {name for name in asked if endpoint.subject("*") in asked[name]}
            assert askers - {"gateway"} == {"operator"}


def test_what_may_be_asked_in_a_bundle_is_what_the_gateway_may_ask_alone() -> None:
    gateway = PARTIES["gateway"]
    reads = [one for service in SERVICES for one in endpoints_of(service) if not one.writes]
    parts, asked = {one for one in reads if may_be_part(one)}, {one for one in gateway.asks if not one.writes}
    assert asked == parts
    assert gateway.bundles == SERVICES
    assert not [name for name, party in PARTIES.items() if party.bundles and name != "gateway"]
    assert not {"bundle"} & {one.verb for one in reads}


def test_requests_go_from_gateway_and_operator_to_services_alone() -> None:
    edges = {(name, endpoint.service) for name, party in PARTIES.items() for endpoint in party.asks}
    assert edges == {(caller, service) for caller in ("gateway", "operator") for service in SERVICES}
    for name in SERVICES:
        assert not PARTIES[name].asks, "no service calls another inside a request"


def test_events_are_announced_by_their_service_and_followed_as_the_copies_are() -> None:
    for service in AREAS:
        own = {one for one in may(service).publish if one.startswith("yanxiu.v1.events.")}
        assert own == {event.subject("*") for event in events_of(service)}
    for service, copy in (("credits", CREDITS_COPY), ("visits", VISITS_COPY)):
        assert set(copy.events) == set(FOLLOWED[service]), "what a service's copy holds, and what it may follow"
    followed = {(place.follower, place.of) for service in AREAS for place in places(service)}
    assert followed == {("credits", "registry"), ("visits", "registry"), ("visits", "credits")}
    assert SCHOOL_RATIO_ANNOUNCED.service == "credits"


def test_who_does_jobs_alone_takes_and_announces_what_its_service_does_and_answers_nobody() -> None:
    (worker,) = [party for party in PARTIES.values() if party.works and not party.answers]
    found, service = may(worker.name), may(worker.works)
    assert set(found.publish) <= set(service.publish)
    # What only the service may beside it: to read what it follows.
    follows = {stream_of(place.of) for place in places(worker.works)}
    assert all(any(stream in one for stream in follows) for one in set(service.publish) - set(found.publish))
    assert not [one for one in found.subscribe if one.startswith("yanxiu.")]


async def test_the_gateway_listens_to_nothing_that_its_credential_does_not_name() -> None:
    changes = Changes(never)
    for service in AREAS:
        for event in set(events_of(service)) - set(HEARD):
            with pytest.raises(ValueError, match=event.name):
                async with changes.heard(event, "puer", bool):
                    pass
    heard = {one for one in may("gateway").subscribe if one.startswith("yanxiu.v1.events.")}
    assert heard == {event.subject("*") for event in HEARD}


async def never(*_: object) -> None:
    raise AssertionError("it listened")


@pytest.mark.parametrize("name", sorted(set(PARTIES) - {"system", "keeper"}))
def test_nobody_but_the_keeper_makes_changes_or_ends_streams(name: str) -> None:
    for subject in may(name).publish:
        assert not any(word in subject for word in (".CREATE", ".UPDATE", ".DELETE", ".PURGE", ".RESTORE"))
        assert subject.split(".")[0] not in ("*", ">", "$SYS", "_INBOX")
    reads = [one for one in may(name).publish if "MSG." in one or "DIRECT" in one]
    of = PARTIES[name].works or name
    strangers = {stream_of(one) for one in SERVICES if one != of and (name, one) not in FOLLOW}
    if name != "gateway":
        assert not [one for one in reads if any(stream in one for stream in strangers)]


FOLLOW = {("credits", "registry"), ("visits", "registry"), ("visits", "credits")}


def test_a_service_listens_in_its_queue_group_alone_and_answers_within_its_longest_limit() -> None:
    for service in SERVICES:
        found = may(service)
        own = [one for one in found.subscribe if one.startswith("yanxiu.")]
        assert own == [f"yanxiu.v1.{service}.*.* {service}"]
        longest = max(endpoint.seconds for endpoint in endpoints_of(service))
        assert longest < found.answer_seconds <= longest + 10
    assert not permissions_of(PARTIES["operator"]).answer_seconds


def test_a_caller_bound_to_districts_names_them_in_every_subject_of_the_platform() -> None:
    bound = permissions_of(PARTIES["gateway"], "gateway-puer", ("puer",))
    ours = [one for one in (*bound.publish, *bound.subscribe) if "yanxiu.v1." in one]
    assert {one.rpartition(".")[2] for one in ours} == {"puer"}
    assert "_INBOX.gateway-puer.>" in bound.subscribe
    assert len(bound.publish) == len(may("gateway").publish)
