"""Errors of subscriptions as the gateway says them, in the protocol's shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError

from yanxiu_gateway.errors import Language, render, root_cause
from yanxiu_gateway.metrics import count_errors
from yanxiu_gateway.problems import BadRequest


class Rendered(GraphQLError):
    """An error as the gateway says it: with its code, in the reader's language, masked where nobody expected it."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__(told["message"])
        self.told = dict(told)

    @property
    def formatted(self) -> Any:
        """What is sent."""
        return self.told


def rendered(errors: Any, language: Language) -> list[GraphQLError] | None:
    """What is told of errors, None for none; they are counted."""
    told = [_told_one(error, language) for error in errors]
    count_errors(told)
    return [Rendered(one) for one in told] or None


def _told_one(error: GraphQLError, language: Language) -> Mapping[str, Any]:
    """An error as it is told; a budget that is used up is a refusal of the whole, as it is over HTTP."""
    cause = root_cause(error)
    return cause.told(language) if isinstance(cause, BadRequest) else render((error,), language)[0]


def told_of(problem: BadRequest, language: Language) -> list[GraphQLError]:
    """What is told of a refusal that is of no field; it is counted."""
    told = problem.told(language)
    count_errors([told])
    return [Rendered(told)]
