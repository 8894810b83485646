"""The services' field names as front ends write them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

NO_NAMES: Mapping[str, str] = MappingProxyType({})

_INPUT_NAMES = {
    "key": "idempotencyKey",
    "teacher": "teacherId",
    "school": "schoolId",
    "project": "projectId",
    "roster": "rosterId",
    "session": "sessionId",
    "transfer": "transferId",
    "area": "areaId",
    "researcher": "researcherId",
    "group": "groupId",
    # What the token says is no field of the input, except where the input names a district itself.
    "district": "",
    "caller": "",
}

_IN_A_LIST = {"teacher": "teacherId", "school": "schoolId"}


def graphql_path(field: str, names: Mapping[str, str] = NO_NAMES, own: Collection[str] | None = None) -> str:
    """A command's field as the client wrote it: `facts.class_hours` is `input.classHours`, `on` goes by `names`.

    What stands in the token instead of the input begins with `caller`. Where the input's `own` fields are named, a
    fact that is none of them was written by its name: `input.facts`. `names` may name a part by its path, `a.b`.
    """
    fact = field.removeprefix("facts.").partition(".")[0]
    if own is not None and field.startswith("facts.") and fact not in own and fact not in names:
        return "input.facts"
    parts = [part for part in field.split(".") if part and part not in {"facts", "changes"}]
    if not parts:
        return "input"
    first, *rest = parts
    first, bracket, place = first.partition("[")
    if first == "settings":  # named by the law's own words, as the client gave them
        return ".".join(["input", *parts])
    shown = names.get(first, _INPUT_NAMES.get(first, camel(first)))
    if not shown:
        return "caller." + ".".join(map(camel, rest or [first]))
    # What stands in a list of inputs names other rows as an input does.
    within, path = [], first
    for part in rest:
        name, opened, at = part.partition("[")
        path = f"{path}.{name}"
        own_name = _IN_A_LIST.get(name, camel(name)) if bracket else camel(name)
        within.append(f"{names.get(path, own_name)}{opened}{at}")
    return ".".join(["input", f"{shown}{bracket}{place}", *within])


def argument_path(field: str) -> str:
    """A query's field as the client wrote it: `as_of` is `asOf`, `page.after` is `after`."""
    return ".".join(map(camel, field.removeprefix("page.").split(".")))


def camel(name: str) -> str:
    """`class_hours` is `classHours`; what is no snake case stays as it is."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)
