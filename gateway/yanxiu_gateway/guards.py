"""What stands between a signed-in caller and the execution of what he asks: registered documents, cost, budgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import OperationDefinitionNode
from yanxiu_wire.caller import Caller

from yanxiu_gateway.budgets import Budgets, Left
from yanxiu_gateway.documents import Documents, Read
from yanxiu_gateway.errors import limit_exceeded
from yanxiu_gateway.limits import check_values, for_anybody
from yanxiu_gateway.problems import unauthenticated
from yanxiu_gateway.trusted import TrustedDocuments

REFUSED = 500
"""What a document costs that is refused."""
VALUES = 5_000
"""The most values that variables may hold, however nested: the body's limit alone would let in thirty thousand."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What an operation costs at most, what one may cost, and what of the minute's budgets is left."""

    requested: int
    limit: int
    left: Left

    def told(self) -> dict[str, Any]:
        """As `extensions.cost` tells it."""
        left = {"caller": self.left.caller, "district": self.left.district}
        return {"requested": self.requested, "limit": self.limit, "left": left}


@dataclass(frozen=True, slots=True)
class Guards:
    """The guards of one gateway process; `outside` where its tokens come from an issuer outside."""

    documents: Documents
    budgets: Budgets
    trusted: TrustedDocuments
    outside: bool = False

    def read(self, caller: Caller | None, query: str | None, document_id: str | None) -> tuple[str, Read]:
        """Return the text to run and what is known of it; raises `BadRequest` where the text may not be asked.

        Of who has not signed in nothing is read but what anybody may ask, which is little. What is refused costs its
        caller `REFUSED`: to find it out took work.
        """
        if caller is None and self.trusted.only:
            raise unauthenticated(None, outside=self.outside)
        text = self.trusted.text(caller.app if caller else None, query, document_id)
        if caller is None and not for_anybody(text):
            raise unauthenticated(None, outside=self.outside)
        read = self.documents.read(text)
        if caller is not None and (read.refused or read.invalid):
            self.budgets.spend(caller, REFUSED)
        return text, read

    def spend(
        self, caller: Caller, read: Read, operation: OperationDefinitionNode, variables: Mapping[str, Any] | None
    ) -> Spent | None:
        """Take what the operation costs from the budgets; None for one that brings nothing, which anybody may ask.

        Raises `RequestRefused` (LIMIT_EXCEEDED `values` or `cost`) where it is too much for one operation,
        `BadRequest` (429) where a budget is used up.
        """
        check_values(variables or {}, VALUES)
        cost, most = read.cost(operation, variables), self.budgets.allowed.operation
        if cost > most:
            raise limit_exceeded("cost", cost, most)
        if not cost:
            return None
        return Spent(cost, most, self.budgets.spend(caller, cost))
