"""The messages as JSON Schema, a file for each service: `python -m yanxiu_wire.schema` writes them, `--check` compares.

The files stand in `wire/schema/`; their difference in a review is the difference in the contract. A new optional field
is a change that readers ignore, anything else needs a new version of the subject.
"""

from __future__ import annotations

import argparse
import difflib
import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from yanxiu_wire.contracts import AREAS, endpoints_of, events_of

FOLDER = Path(__file__).resolve().parents[1] / "schema"


def snapshots() -> dict[str, str]:
    """File name to content, the same for the same types."""
    return {f"{service}.json": _text(_contract(service)) for service in AREAS}


def differences(folder: Path = FOLDER) -> list[str]:
    """The lines in which the files differ from the types; empty when they agree."""
    found: list[str] = []
    for name, wanted in snapshots().items():
        path = folder / name
        there = path.read_text(encoding="utf-8") if path.exists() else ""
        found += difflib.unified_diff(there.splitlines(), wanted.splitlines(), name, "the types", lineterm="")
    known = set(snapshots())
    found += [f"{path.name}: belongs to no service" for path in sorted(folder.glob("*.json")) if path.name not in known]
    return found


def write(folder: Path = FOLDER) -> None:
    """Write the files anew."""
    for name, text in snapshots().items():
        (folder / name).write_text(text, encoding="utf-8")


def _contract(service: str) -> dict[str, Any]:
    kinds = [kind for endpoint in endpoints_of(service) for kind in (endpoint.request, endpoint.reply)]
    kinds += [event.body for event in events_of(service)]
    schemas, components = msgspec.json.schema_components(kinds, ref_template="#/schemas/{name}")
    rest = iter(schemas)
    endpoints = {
        endpoint.verb: {
            "subject": endpoint.subject("{district}"),
            "writes": endpoint.writes,
            "request": next(rest),
            "reply": next(rest),
        }
        for endpoint in endpoints_of(service)
    }
    events = {event.name: {"subject": event.subject("{district}"), "body": next(rest)} for event in events_of(service)}
    return {"service": service, "endpoints": endpoints, "events": events, "schemas": components}


def _text(contract: dict[str, Any]) -> str:
    return json.dumps(contract, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> int:
    """Write, or compare and answer 1 when something differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    if not parser.parse_args().check:
        write()
        return 0
    found = differences()
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
