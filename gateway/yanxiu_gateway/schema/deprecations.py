"""How something leaves the contract: deprecated, with a day and what to use instead; removed when that is long ago."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    is_introspection_type,
)

KEPT_DAYS = 90
_SAID = re.compile(
    r"自 (?P<since>\d{4}-\d\d-\d\d) 起弃用，请改用 .*\S。Deprecated since (?P=since); use .*\S instead\.", re.DOTALL
)


def deprecated(since: date, instead: str) -> str:
    """The reason of a deprecation; `instead` names the field, argument or value to use, as the schema writes it."""
    return f"自 {since} 起弃用，请改用 {instead}。Deprecated since {since}; use {instead} instead."


def since_of(reason: str | None) -> date | None:
    """The day of a deprecation; None where the reason does not say since when and what instead."""
    said = _SAID.fullmatch(reason or "")
    try:
        return date.fromisoformat(said["since"]) if said else None
    except ValueError:
        return None


def deprecation_problems(before: GraphQLSchema, after: GraphQLSchema, today: date) -> list[str]:
    """What goes against the policy, by its place in the schema: reasons that say too little, and hasty removals.

    A type that is gone takes its members along: what led to it is judged where it was.
    """
    here = dict(_members(after))
    found = [
        f"{place} 的弃用说明须写明自何日起、改用什么 its reason must say since when, and what instead: {reason!r}"
        for place, reason in here.items()
        if reason is not None and since_of(reason) is None
    ]
    for place, reason in _members(before):
        if place in here or re.split(r"[.(]", place)[0] not in after.type_map:
            continue
        since = since_of(reason)
        if since is None:
            found.append(f"{place} 未经弃用即被删除 was removed without having been deprecated")
        elif (days := (today - since).days) < KEPT_DAYS:
            found.append(
                f"{place} 弃用仅 {days} 天即被删除 was removed {days} days after it was deprecated; {KEPT_DAYS} are due"
            )
    return sorted(found)


def _members(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Each field, argument, input field and enum value, with the reason of its deprecation."""
    for name, kind in schema.type_map.items():
        if is_introspection_type(kind):
            continue
        if isinstance(kind, GraphQLEnumType):
            yield from ((f"{name}.{word}", one.deprecation_reason) for word, one in kind.values.items())
        elif isinstance(kind, GraphQLInputObjectType):
            yield from ((f"{name}.{key}", one.deprecation_reason) for key, one in kind.fields.items())
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for key, field in kind.fields.items():
                yield f"{name}.{key}", field.deprecation_reason
                given = field.args.items()
                yield from ((f"{name}.{key}({argument}:)", one.deprecation_reason) for argument, one in given)
