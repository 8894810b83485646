"""Answers to requests that never became GraphQL: the shape is GraphQL's, the status is HTTP's."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response
from yanxiu_wire.log import masked

from yanxiu_gateway.caller import TokenRefused
from yanxiu_gateway.errors import Language
from yanxiu_gateway.negotiation import JSON, Answer


class BadRequest(Exception):
    """The request is refused with an HTTP status before any GraphQL."""

    def __init__(
        self, status: int, code: str, zh: str, en: str, *, headers: dict[str, str] | None = None, **facts: Any
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.zh = zh
        self.en = en
        self.headers = headers or {}
        self.facts = facts

    def told(self, language: Language) -> dict[str, Any]:
        """The refusal as GraphQL shapes errors, in the reader's language."""
        told = {
            "message": self.en if language == "en" else self.zh,
            "extensions": {"code": self.code, "messageZh": self.zh, "messageEn": self.en, **self.facts},
        }
        return masked(told)


def unauthenticated(refused: TokenRefused | None, *, outside: bool = False) -> BadRequest:
    """No token, one that does not show who is asking, or who has no grant; the body says what to do.

    `outside` is of a gateway whose tokens come from an issuer outside, not from its own of development.
    """
    if refused is not None and refused.status != 401:
        return BadRequest(refused.status, refused.code, refused.zh, refused.en, reason=refused.reason, **refused.told)
    zh, en, reason = ("没有令牌。", "There is no token.", "TOKEN_MISSING")
    if refused is not None:
        zh, en, reason = refused.zh, refused.en, refused.reason
    do_zh, do_en = _SIGN_IN[outside]
    return BadRequest(
        401,
        "UNAUTHENTICATED",
        f"{zh}{do_zh}",
        f"{en} {do_en}",
        headers={"WWW-Authenticate": 'Bearer realm="yanxiu"'},
        reason=reason,
        field="headers.authorization",
        remedyZh=do_zh,
        remedyEn=do_en,
    )


_SIGN_IN = {
    False: (
        "请以 Authorization: Bearer <令牌> 提交；开发环境可用 yanxiu token 生成令牌。",
        "Send Authorization: Bearer <token>; in development, `yanxiu token` makes one.",
    ),
    True: (
        "请在统一身份认证重新登录，以其签发的令牌 Authorization: Bearer <令牌> 提交。",
        "Sign in with your identity provider again and send its token: Authorization: Bearer <token>.",
    ),
}


def json_response(
    content: Any, status: int = 200, *, answer: Answer = JSON, headers: dict[str, str] | None = None
) -> Response:
    """A body of JSON in UTF-8."""
    body = msgspec.json.encode(content)
    return Response(body, status, json_headers(answer, headers)) if headers else _Plain(body, status, answer)


class _Plain(Response):
    """A response with the headers that every one has, which are written once for all."""

    def __init__(self, body: bytes, status: int, answer: Answer) -> None:
        self.status_code = status
        self.background = None
        self.body = body
        self.raw_headers = [*_raw_headers(answer), (b"content-length", str(len(body)).encode())]


@functools.cache
def _raw_headers(answer: Answer) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.encode(), value.encode()) for name, value in json_headers(answer, {}).items())


def json_headers(answer: Answer, headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of a body of JSON, which nobody keeps, nor takes for anything else."""
    kind = {"content-type": f"{answer}; charset=utf-8", "x-content-type-options": "nosniff"}
    return {**headers, **kind, "cache-control": "no-store"}


def problem_response(problem: BadRequest, language: Language, answer: Answer = JSON) -> Response:
    """The refusal as the whole answer."""
    return json_response({"errors": [problem.told(language)]}, problem.status, answer=answer, headers=problem.headers)
