"""What each endpoint declares of the trail: nothing that shows a person is called plain, and no command is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from yanxiu_credits.endpoints import TABLE as CREDITS
from yanxiu_footing.answering import Table, declared
from yanxiu_registry.endpoints import TABLE as REGISTRY
from yanxiu_visits.endpoints import TABLE as VISITS

TABLES: Mapping[str, Table] = {"registry": REGISTRY, "credits": CREDITS, "visits": VISITS}
# Fields by which an answer speaks of a person.
PERSONS = frozenset(
    ("teacher", "teachers", "person", "people", "researcher", "researchers", "member", "members", "leader", "owner",
     "national_id", "staff_number", "finder", "supervisors", "recipient")
)  # fmt: skip
# Plain all the same, and why.
PLAIN_ALL_THE_SAME = {
    # How many teachers there are, not who.
    ("credits", "summarise-shortfalls"), ("credits", "summarise-preview"), ("credits", "summarise-previews"),
    ("credits", "get-previews"),
    ("credits", "list-previews"),
    # The caller's own.
    ("registry", "get-own-grants"),
    # Whether awards of the category go to a person or a group.
    ("visits", "get-award-years"),
}  # fmt: skip


def _fields(kind: Any, seen: set[Any]) -> Iterator[str]:
    """The names of all fields that an answer may have, at any depth."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        if kind in seen or kind.__name__ == "Refused":
            return
        seen.add(kind)
        for name, hint in get_type_hints(kind).items():
            yield name
            yield from _fields(hint, seen)
    for one in get_args(kind):
        yield from _fields(one, seen)


@pytest.mark.parametrize("service", TABLES)
def test_a_read_that_speaks_of_persons_is_personal_and_every_command_is_recorded(service: str) -> None:
    for endpoint, offer in TABLES[service].items():
        audited = declared(endpoint, offer)
        assert (audited.kind == "command") == endpoint.writes, endpoint
        assert not audited.behind
        if audited.kind == "plain":
            said = PERSONS & set(_fields(endpoint.reply, set()))
            assert not said or (service, endpoint.verb) in PLAIN_ALL_THE_SAME, (endpoint, said)


@pytest.mark.parametrize("service", TABLES)
def test_the_path_by_which_a_read_shows_persons_is_one_of_its_answer(service: str) -> None:
    for endpoint, offer in TABLES[service].items():
        shows = declared(endpoint, offer).shows
        names = set(_fields(endpoint.reply, set()))
        assert not shows or set(shows.split(".")) <= names, (endpoint, shows)


@pytest.mark.parametrize("service", TABLES)
def test_sensitive_looks_are_on_record_before_their_answer(service: str) -> None:
    sensitive = {one.verb for one, offer in TABLES[service].items() if not one.writes and declared(one, offer).before}
    audit = {"list-audit", "verify-audit"}
    assert sensitive >= audit | {"registry": {"list-grants"}, "credits": {"get-transcript"}, "visits": set()}[service]
