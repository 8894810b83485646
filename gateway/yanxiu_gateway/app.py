"""The Starlette application, put together from what it is given."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from yanxiu_gateway.asking_again import AskingAgain
from yanxiu_gateway.backend import Backend
from yanxiu_gateway.budgets import Allowed, Budgets
from yanxiu_gateway.caller import TokenReader
from yanxiu_gateway.changes import Changes, Listen
from yanxiu_gateway.console import console_routes
from yanxiu_gateway.documents import Documents
from yanxiu_gateway.errors import language_of, log_unexpected
from yanxiu_gateway.executing import Executing
from yanxiu_gateway.graphql_http import GraphQLEndpoint
from yanxiu_gateway.guards import Guards
from yanxiu_gateway.health import Health
from yanxiu_gateway.held_grants import HeldGrants
from yanxiu_gateway.limits import Limits
from yanxiu_gateway.live import LiveSockets, Runner
from yanxiu_gateway.live_limits import Held
from yanxiu_gateway.problems import BadRequest, problem_response
from yanxiu_gateway.schema.build import GatewaySchema
from yanxiu_gateway.sign_in import SignIn
from yanxiu_gateway.trusted import TrustedDocuments

PATH = "/graphql"
# What is shorter fits one packet as it is; a higher level takes much more time for a few hundredths.
PACKED_FROM, PACKED_AT = 1_400, 4
_SAID = {
    404: ("NOT_FOUND", "没有这个地址；GraphQL 在 /graphql。", "There is nothing here; GraphQL is at /graphql."),
    405: ("METHOD_NOT_ALLOWED", "请用 POST 提交查询。", "Send queries with POST."),
}


_NOT_AT_ALL = re.compile(rb"q\s*=\s*0(\.0*)?")


class Application(Starlette):
    """Starlette, with its routing and layers left out where nearly every request goes: POST /graphql."""

    def __init__(self, graphql: GraphQLEndpoint, routes: Sequence[BaseRoute]) -> None:
        super().__init__(routes=routes, exception_handlers={HTTPException: _http_problem, Exception: _internal_problem})
        # One address each; a redirect of a POST would lose the body with some clients.
        self.router.redirect_slashes = False
        self._graphql = graphql
        # Tokens come in a header and are in no answer, and no answer repeats what another sent beside them: there is
        # nothing that the length of a packed answer could give away. Events are never packed.
        self._packed = GZipMiddleware(self._answer, PACKED_FROM, PACKED_AT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, packed where the client takes it."""
        asked = scope["type"] == "http" and any(
            name == b"accept-encoding" and _takes_gzip(value) for name, value in scope["headers"]
        )
        return await (self._packed if asked else self._answer)(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; what fails before the answer began is told masked, and raised on to the server, as in Starlette."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            return await super().__call__(scope, receive, send)
        request = Request(scope, receive, send)
        try:
            response = await self._graphql.post(request)
        except Exception as error:
            await (await _internal_problem(request, error))(scope, receive, send)
            raise
        return await response(scope, receive, send)


def build_app(
    *,
    schema: GatewaySchema,
    backend: Backend,
    tokens: TokenReader,
    health: Health,
    limits: Limits | None = None,
    allowed: Allowed | None = None,
    budgets: Budgets | None = None,
    trusted: TrustedDocuments | None = None,
    console: bool = False,
    listen: Listen | None = None,
    held: Held | None = None,
    by_grants: bool = False,
    operators: Collection[str] = (),
    again: AskingAgain | None = None,
) -> Starlette:
    """The application: /graphql, /live, /ready; everything else is a 404 in JSON.

    With `listen`, which hears events, subscriptions are answered too; `held` bounds them and can end them. With
    `by_grants` a token shows its subject alone, whose role the registry granted him; `operators` run the platform.
    `again` answers what comes again with what is known; the backend asks through it.
    """
    limits = limits or Limits()
    documents = Documents(schema._schema, limits)  # noqa: SLF001 - where Strawberry keeps what validation needs
    guards = Guards(
        documents, budgets or Budgets(allowed or Allowed()), trusted or TrustedDocuments(), outside=by_grants
    )
    changes = Changes(listen) if listen is not None else None
    sign_in = SignIn(tokens, HeldGrants(backend, changes) if by_grants else None, frozenset(operators))
    runner = Runner(schema, guards, backend, changes, held or Held(), sign_in.grants) if changes is not None else None
    graphql = GraphQLEndpoint(Executing(schema, backend, again), guards, sign_in, limits, runner)
    routes: list[BaseRoute] = [
        Route(PATH, graphql.post, methods=["POST"]),
        Route("/live", health.live),
        Route("/ready", health.ready),
    ]
    if runner is not None:
        routes.append(WebSocketRoute(PATH, LiveSockets(runner, sign_in)))
    return Application(graphql, [*routes, *(console_routes() if console else ())])


@functools.lru_cache(maxsize=64)
def _takes_gzip(accept: bytes) -> bool:
    """Whether a header lets an answer be packed: it names gzip, and not with a weight of 0."""
    weights: dict[bytes, bool] = {}
    for part in accept[:200].lower().split(b","):
        name, *parameters = (word.strip() for word in part.split(b";"))
        weights[name] = not any(_NOT_AT_ALL.fullmatch(one) for one in parameters)
    return weights.get(b"gzip", False)


async def _http_problem(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    code, zh, en = _SAID.get(status, ("BAD_REQUEST", "请求有误。", "The request is wrong."))
    headers = dict(getattr(error, "headers", None) or {})
    problem = BadRequest(status, code, zh, en, headers=headers)
    return problem_response(problem, language_of(request.headers.get("accept-language")))


async def _internal_problem(request: Request, error: Exception) -> Response:
    """Never an exception's text; its id leads to the log."""
    fault_id = log_unexpected(error)
    problem = BadRequest(
        500, "INTERNAL", f"系统内部错误，编号 {fault_id}。", f"Internal error, number {fault_id}.", faultId=fault_id
    )
    return problem_response(problem, language_of(request.headers.get("accept-language")))
