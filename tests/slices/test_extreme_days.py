"""Every day, instant, year and period of the schema at its extremes: refused or answered, never a fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from graphql import GraphQLArgument, GraphQLInputField, GraphQLInputObjectType, GraphQLObjectType, get_named_type

from tests.slices import probe
from tests.slices.district import District
from tests.slices.platform import Platform

EXTREMES: dict[str, tuple[Any, Any]] = {
    "Date": ("1900-01-01", "2199-12-31"),
    "DateTime": ("1900-01-01T00:00:00+14:00", "2199-12-31T23:59:59-12:00"),
    "Int": (-(2**31), 2**31 - 1),
}
YEARS = ("0001-0002", "9999-10000")
TEXTS: dict[str, tuple[Any, Any]] = {
    "schoolYear": YEARS,
    "period": YEARS,
    "term": ("0001-0002-1", "9999-10000-2"),
    "terms": ("0001-0002-1", "9999-10000-2"),
    "firstTerm": ("0001-0002-1", "9999-10000-2"),
    "lastTerm": ("0001-0002-1", "9999-10000-2"),
    "month": ("0001-01", "9999-12"),
    "year": ("0001", "9999"),
}
PAGING = frozenset({("first", "Int")})


def extremes(fields: Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField], end: int) -> dict[str, Any]:
    """Whatever must be said there, and every day and number at one end of what it may be."""
    said: dict[str, Any] = {}
    for name, field in fields.items():
        kind = get_named_type(field.type)
        listed = probe.is_list_type(probe.bare(field.type))
        if (name, kind.name) in PAGING or name == "idempotencyKey":
            continue
        ends = TEXTS.get(name) if kind.name == "String" else EXTREMES.get(kind.name)
        if isinstance(kind, GraphQLInputObjectType):
            one: Any = extremes(kind.fields, end)
        elif ends is not None:
            one = ends[end]
        elif probe.required(field):
            one = probe.anything(field.type, name)
            listed = False
        else:
            continue
        said[name] = [one] if listed else one
    return said


def asked() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each field of the roots, of a teacher, of a school and of the district, that takes a day; at both ends."""
    under = {"Query": "{}", "Mutation": "{}", "District": "district {{ {} }}"}
    under |= {"Teacher": "teacher(id: $own_teacher) {{ {} }}", "School": "school(id: $own_school) {{ {} }}"}
    for kind, shape in under.items():
        parent = probe.SCHEMA.type_map[kind]
        assert isinstance(parent, GraphQLObjectType)
        for name, field in parent.fields.items():
            for end in (0, 1):
                said = extremes(field.args, end)
                plain = {key: one.type for key, one in field.args.items() if key in said}
                declared = ", ".join(f"${key}: {of}" for key, of in plain.items())
                if "$own_teacher" in shape or "$own_school" in shape:
                    declared += f", {shape.partition(': ')[2].partition(')')[0]}: ID!"
                if not plain:
                    continue
                given = ", ".join(f"{key}: ${key}" for key in plain)
                word = "mutation" if kind == "Mutation" else "query"
                inner = shape.format(f"{name}({given}) {probe.selection(field.type, 2)}")
                yield f"{kind}.{name}", f"{word}({declared}) {{ {inner} }}", said


@pytest.mark.parametrize("pack", ["puer", "ouhai"])
async def test_no_day_that_can_be_said_is_a_fault(platform: Platform, pack: str) -> None:
    district = await District(platform, f"extreme-{pack}", pack).open()
    teacher, token, faults, count = await district.hire("T001"), district.token(), [], 0
    for name, text, said in asked():
        variables = _with_ids(said, teacher, district.school)
        if "input" in variables:
            variables["input"]["idempotencyKey"] = district.key()
        variables |= {
            key: one for key, one in (("own_teacher", teacher), ("own_school", district.school)) if key in text
        }
        answer = await platform.post(token, text, variables)
        count += 1
        if answer.status_code >= 500 or '"INTERNAL"' in answer.text or '"GRAPHQL_' in answer.text:
            faults.append(f"{name} {said}: {[one['message'] for one in answer.json()['errors']]}")
    assert not faults, "\n".join(faults)
    assert count > 300


def _with_ids(said: Any, teacher: str, school: str, name: str = "") -> Any:
    """With the district's own teacher and school where one is wanted."""
    if isinstance(said, dict):
        return {key: _with_ids(one, teacher, school, key) for key, one in said.items()}
    if isinstance(said, list):
        return [_with_ids(one, teacher, school, name) for one in said]
    if said != "OUR-OWN-ID":
        return said
    return school if "chool" in name else teacher
