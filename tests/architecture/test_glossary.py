"""GLOSSARY.md holds every public noun: each GraphQL object type and each view on the wire."""

from __future__ import annotations

import re

import msgspec
import pytest
from graphql import GraphQLObjectType, build_schema
from yanxiu_wire.contracts import AREAS, endpoints_of
from yanxiu_wire.message import Command, Query

from tests.architecture.tree import ROOT

# Nouns of GraphQL's own conventions, and shapes around a noun rather than a noun.
ROOTS = {"Query", "Mutation", "Subscription", "PageInfo"}
AROUND = re.compile(r"(Connection|Edge|Page|Pages|Payload|Success|Result|Refused|Changed)$")


def test_every_object_type_of_the_schema_is_explained() -> None:
    schema = build_schema((ROOT / "gateway" / "schema.graphql").read_text(encoding="utf-8"))
    nouns = {
        name
        for name, kind in schema.type_map.items()
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__") and name not in ROOTS
    }
    missing = sorted(noun for noun in nouns if not AROUND.search(noun) and not _explained(noun))
    assert not missing, f"GLOSSARY.md lacks {missing}"


@pytest.mark.parametrize("service", AREAS)
def test_every_view_on_the_wire_is_explained(service: str) -> None:
    replies: set[str] = set()
    for endpoint in endpoints_of(service):
        for kind in getattr(endpoint.reply, "__args__", (endpoint.reply,)):
            replies |= _views(kind)
    missing = sorted(noun for noun in replies if not AROUND.search(noun) and not _explained(noun))
    assert not missing, f"GLOSSARY.md lacks {missing}"


def _views(kind: type) -> set[str]:
    """A reply's own name, unless it is only a list of views of one name in the plural."""
    if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)) or issubclass(kind, Command | Query):
        return set()
    fields = {field.name for field in msgspec.structs.fields(kind)}
    return set() if fields == {"items"} else {kind.__name__}


def _explained(noun: str) -> bool:
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    return re.search(rf"`{re.escape(noun)}`", glossary) is not None
