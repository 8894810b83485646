"""What a caller's requests to the services came by: the operation's name and the document's digest, for the trail."""

from __future__ import annotations

from graphql import OperationDefinitionNode
from msgspec.structs import replace
from yanxiu_wire.caller import Caller
from yanxiu_wire.log import masked


def came_by(caller: Caller, operation: OperationDefinitionNode, digest: str) -> Caller:
    """The caller as the services hear of him; of the document nothing but its digest goes on.

    The operation's name is the caller's own word: a national id in it does not go into the trail.
    """
    return replace(caller, operation=masked(operation.name.value) if operation.name else None, document=digest)
