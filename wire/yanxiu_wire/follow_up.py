"""Follow-up questions: asked with another of the same service, whose answer holds their ids (RFC 8620 3.7 references).

A front end reads a teacher and the teacher's school: the school's id stands in the answer about the teacher, and the
registry has both. So the question about the school travels with the first, names where its ids will stand, and is
answered with it. It is a question like any other; only its way is saved.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

# So deep a message is followed; what is asked below waits for its own.
MOST_DEEP = 4


class FollowUp(msgspec.Struct, frozen=True, array_like=True):
    """A question to the endpoint `verb`: its `into` is filled with the ids that stand at the path `ids` in the answer.

    At most `most` different ones are taken, in order; None of them, no question.
    """

    verb: str
    ids: str
    into: str
    most: int
    request: msgspec.Raw


Followed = tuple[msgspec.Raw, ...]
"""What came of follow-up questions, in their order: the reply or refusal of each, null where it was not answered.

Empty where a service has answered none, as an older one.
"""
UNANSWERED = msgspec.Raw(b"null")


def ids_at(answer: Any, path: str, most: int) -> tuple[str, ...]:
    """The different ids at the end of a path, such as `pages.items.id`, of all rows on the way, in order."""
    found: Iterable[Any] = (answer,)
    for name in path.split("."):
        found = _laid_out([getattr(one, name, None) for one in found])
    kept = dict.fromkeys(one for one in found if isinstance(one, str))
    return tuple(kept)[:most]


def _laid_out(values: list[Any]) -> list[Any]:
    laid: list[Any] = []
    for one in values:
        if isinstance(one, tuple):
            laid.extend(one)
        else:
            laid.append(one)
    return laid
