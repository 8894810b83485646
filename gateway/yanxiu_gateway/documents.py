"""Documents read once: parsed, measured and validated, and remembered by their text in bounded memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    parse,
    validate,
)

from yanxiu_gateway.cost import Price, price_of
from yanxiu_gateway.errors import RequestRefused, limit_exceeded
from yanxiu_gateway.limits import Limits, check_size

REMEMBERED = 500
REMEMBERED_CHARACTERS = 4_000_000
MOST_ERRORS = 5


@dataclass(frozen=True, slots=True)
class Read:
    """A document that was read: its hash (the one thing of it that is logged), and why it is refused, if it is.

    `invalid` is empty for a document that may run; `prices` has the
    price of each of its operations by name.
    """

    digest: str
    document: DocumentNode | None = None
    refused: tuple[GraphQLError, ...] = ()
    invalid: tuple[GraphQLError, ...] = ()
    prices: Mapping[str, Price] = field(default_factory=dict)

    def cost(self, operation: OperationDefinitionNode, variables: Mapping[str, Any] | None) -> int:
        """What an operation of the document costs at most with these variables."""
        name = operation.name.value if operation.name else ""
        return self.prices[name].of(variables or {}) if name in self.prices else 0


class Documents:
    """Reads documents against one schema; the same text is read once while it is remembered."""

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self._schema = schema
        self._limits = limits
        self._known: OrderedDict[str, Read] = OrderedDict()
        self._characters = 0

    def read(self, text: str) -> Read:
        """Return what is known of the document; `refused` before it was validated, `invalid` after."""
        known = self._known.get(text)
        if known is not None:
            self._known.move_to_end(text)
            return known
        read = self._read(text)
        self._known[text] = read
        self._characters += len(text)
        while len(self._known) > REMEMBERED or self._characters > REMEMBERED_CHARACTERS:
            dropped, _ = self._known.popitem(last=False)
            self._characters -= len(dropped)
        return read

    def _read(self, text: str) -> Read:
        digest = sha256(text.encode()).hexdigest()[:16]
        try:
            document = parse(text, max_tokens=self._limits.tokens, allow_empty_selection_sets=False)
            check_size(document, self._limits)
        except GraphQLSyntaxError as error:
            return Read(digest, refused=(self._syntax(error),))
        except RequestRefused as refusal:
            return Read(digest, refused=(_refused(refusal),))
        errors = validate(self._schema, document, max_errors=MOST_ERRORS, hide_suggestions=True)
        invalid = tuple(_with_code(_plain(error), "GRAPHQL_VALIDATION_FAILED") for error in errors)
        prices = {} if invalid else self._prices(document)
        return Read(digest, document, invalid=invalid, prices=prices)

    def _prices(self, document: DocumentNode) -> dict[str, Price]:
        fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
        return {
            (node.name.value if node.name else ""): price_of(self._schema, node, fragments)
            for node in document.definitions
            if isinstance(node, OperationDefinitionNode)
        }

    def _syntax(self, error: GraphQLSyntaxError) -> GraphQLError:
        """What the parser says; where it stopped at a limit of its own, that limit as we name it."""
        if "Document contains more tha" in error.message:
            return _refused(limit_exceeded("tokens", self._limits.tokens + 1, self._limits.tokens))
        if "nested too deeply" in error.message:
            return _refused(limit_exceeded("depth", self._limits.depth + 1, self._limits.depth))
        return _with_code(error, "GRAPHQL_PARSE_FAILED")


def _plain(error: GraphQLError) -> GraphQLError:
    """The error without what a value did to the validation itself."""
    if error.original_error is not None:
        # A number of more digits than Python reads; nobody means one.
        return GraphQLError("A value in the document cannot be read. 文档中有无法读取的值。", nodes=error.nodes)
    return error


def _refused(refusal: RequestRefused) -> GraphQLError:
    return GraphQLError(str(refusal), original_error=refusal)


def _with_code(error: GraphQLError, code: str) -> GraphQLError:
    error.extensions = {**(error.extensions or {}), "code": code}
    return error
