"""The list of the schema's fields by how they are answered: a snapshot beside the schema, so that a change is seen."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from strawberry.schema import Schema

from yanxiu_gateway.execution.answered import Answered, all_answered

LISTED = Path(__file__).resolve().parents[2] / "compiled-fields.txt"


def listed(schema: Schema) -> str:
    """How fields that ask a service are answered, and which are left to graphql-core, as text."""
    # Strawberry keeps the graphql-core schema in this attribute.
    found = list(all_answered(schema, schema._schema))  # noqa: SLF001
    of: dict[str, list[tuple[str, Answered]]] = {how: [] for how in ("batch", "row", "attribute", "not")}
    for name, answered in found:
        of[answered.how].append((name, answered))
    alone = [name for name, answered in of["row"] if answered.waits]
    parts = [
        ("Left to graphql-core, and why", (f"{name}: {answered.why}" for name, answered in of["not"])),
        ("Written for all rows at once", (name for name, _ in of["batch"])),
        ("Started for each row, their reads gathered", (one for one in alone if not one.startswith(("Query.", "Mut")))),
    ]
    head = [
        "How the fields of the schema are answered by compiled plans; `yanxiu schema` writes this list.",
        "What is not in it is read off the row, computed from the row alone, or a root field, which is asked once.",
    ]
    return "\n".join([*head, *(line for title, names in parts for line in _part(title, names))]) + "\n"


def _part(title: str, names: Iterable[str]) -> list[str]:
    lines = list(names)
    return ["", f"{title} ({len(lines)}):", *(f"  {line}" for line in lines)]
