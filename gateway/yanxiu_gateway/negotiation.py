"""GraphQL over HTTP: which media type a request has and which one its answer takes."""

from __future__ import annotations

import functools
from email.message import Message
from typing import Literal

Answer = Literal["application/json", "application/graphql-response+json"]

JSON: Answer = "application/json"
GRAPHQL: Answer = "application/graphql-response+json"
# So many values of a header are remembered; clients send the same few again and again, at most 64 KB each.
HEADERS = 64


@functools.lru_cache(maxsize=HEADERS)
def answer_type(accept: str | None) -> Answer | None:
    """The media type of the answer, None when the client accepts neither.

    No header, `*/*` and `application/*` mean application/json, as clients older than the specification expect.
    """
    if accept is None or not accept.strip():
        return JSON
    best: tuple[float, int, Answer] | None = None
    for position, part in enumerate(accept[:1000].split(",")):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        kind: Answer | None = GRAPHQL if name == GRAPHQL else JSON if name in (JSON, "*/*", "application/*") else None
        weight = _weight(parameters)
        if kind is not None and weight > 0 and (best is None or (weight, -position) > best[:2]):
            best = (weight, -position, kind)
    return best[2] if best else None


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0


@functools.lru_cache(maxsize=HEADERS)
def is_json(content_type: str | None) -> bool:
    """Whether a body is JSON in UTF-8."""
    if not content_type:
        return False
    message = Message()
    message["content-type"] = content_type
    charset = message.get_param("charset", "utf-8")
    return message.get_content_type() == JSON and str(charset).strip("\"' ").lower() in ("utf-8", "utf8")


def status_of(answer: Answer, *, has_data: bool) -> int:
    """200, except that the newer media type tells by 400 that nothing was executed."""
    return 200 if has_data or answer == JSON else 400
