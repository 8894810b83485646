"""Subscriptions over graphql-transport-ws: Strawberry speaks the protocol, the gateway guards what runs."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import functools
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from json import JSONDecodeError
from typing import Any

from graphql import DocumentNode, GraphQLError, get_operation_ast
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter, GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.subscriptions.protocols.graphql_transport_ws.types import SubscribeMessage
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.unset import UNSET, UnsetType
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import ServiceUnavailable

from yanxiu_gateway.backend import QUERY_SECONDS, Backend
from yanxiu_gateway.caller import TokenRefused
from yanxiu_gateway.came_by import came_by
from yanxiu_gateway.changes import Changes
from yanxiu_gateway.cursors import Place, question_of
from yanxiu_gateway.errors import Language, RequestRefused, language_of, limit_exceeded, log_unexpected
from yanxiu_gateway.guards import Guards
from yanxiu_gateway.held_grants import HeldGrants
from yanxiu_gateway.in_trace import in_trace
from yanxiu_gateway.live_errors import rendered, told_of
from yanxiu_gateway.live_limits import Held, owner_of
from yanxiu_gateway.message_shape import misshapen
from yanxiu_gateway.metrics import LIMITS, OPERATIONS, OTHER
from yanxiu_gateway.patience import Patience, cut_of
from yanxiu_gateway.problems import BadRequest
from yanxiu_gateway.schema.build import GatewaySchema
from yanxiu_gateway.schema.context import Live, RequestContext
from yanxiu_gateway.sign_in import Named, SignedIn, SignIn
from yanxiu_gateway.watched import until

BEARER = "bearer "
# A client of graphql-ws connects again after all of these but 4401.
UNAUTHORIZED, FORBIDDEN, SLOW, RESTART, TRY_AGAIN = 4401, 4403, 4413, 1012, 1013
TOKEN_EXPIRED = "TOKEN_EXPIRED"  # noqa: S105 - a reason, no secret


@dataclass(slots=True)
class Connection:
    """One socket: who signed in on it (at connection_init), in which language, for how long."""

    websocket: WebSocket
    language: Language
    connection_params: Mapping[str, Any] | None = None
    signed: SignedIn | None = None


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs one subscription, with the same checks of the document as a query over HTTP."""

    schema: GatewaySchema
    guards: Guards
    backend: Backend
    changes: Changes
    held: Held
    grants: HeldGrants | None = None

    async def run(
        self,
        signed: SignedIn,
        language: Language,
        query: str | None,
        variables: Mapping[str, Any] | None,
        operation_name: str | None,
        *,
        document_id: str | None = None,
        cursor: object = None,
    ) -> AsyncGenerator[ExecutionResult, None]:
        """Give each result that is another than the client has, its errors rendered, with its cursor as an extension.

        A document that may not run gives one result of errors. `cursor` is what the client got with the last one.
        """
        caller = signed.caller
        try:
            text, document, known, cost = self._begin(caller, query, variables, operation_name, document_id)
        except BadRequest as problem:
            yield PreExecutionError(data=None, errors=told_of(problem, language))
            return
        except _MayNotRun as refused:
            yield PreExecutionError(data=None, errors=rendered(refused.errors, language))
            return
        place = Place.at(question_of(caller, language, text, variables, operation_name), cursor)
        OPERATIONS.add("subscription", OTHER, "ok")
        live = Live(self.changes, self.held, signed.seconds, place, functools.partial(self._pay, caller, cost))
        context = RequestContext(known, self.backend, Deadline.after(QUERY_SECONDS), language, document, live=live)
        given = {"variable_values": dict(variables or {}), "operation_name": operation_name}
        results = await self.schema.stream(text, context_value=context, **given)
        async with aclosing(results), aclosing(self._authorised(results, signed)) as seen:
            async for result in seen:
                if isinstance(result, ExecutionResult):  # without @defer every result is whole
                    errors = rendered(result.errors or (), language)
                    if (told := place.shows(result.data, failed=bool(errors))) is not None:
                        yield type(result)(data=result.data, errors=errors, extensions=told)

    def _pay(self, caller: Caller, cost: int) -> None:
        """Charge one more look; raises `BadRequest` where a budget is used up."""
        if cost:
            self.guards.budgets.spend(caller, cost)

    async def _authorised(self, results: AsyncGenerator[Any, None], signed: SignedIn) -> AsyncGenerator[Any, None]:
        """The results, for as long as the caller's grant holds."""
        try:
            async with (
                self.watching(signed) as ended,
                aclosing(results if ended is None else until(results, ended)) as seen,
            ):
                async for result in seen:
                    yield result
        except ServiceUnavailable as fault:
            # Of hearing when the grant ends; what a resolver meets is in its result.
            yield ExecutionResult(data=None, errors=[GraphQLError(str(fault), original_error=fault)])

    @contextlib.asynccontextmanager
    async def watching(self, signed: SignedIn) -> AsyncIterator[asyncio.Event | None]:
        """What is set when the caller's grant holds no more; None where tokens state the role."""
        if self.grants is None or signed.grant is None:
            yield None
            return
        async with self.grants.watch(signed.caller.district, signed.caller.subject, signed.grant) as ended:
            yield ended

    def _begin(
        self,
        caller: Caller,
        query: str | None,
        variables: Mapping[str, Any] | None,
        operation_name: str | None,
        document_id: str | None,
    ) -> tuple[str, DocumentNode, Caller, int]:
        """Return what may run, who asks by it, and what each event costs; raises `BadRequest` or `_MayNotRun`."""
        text, read = self.guards.read(caller, query, document_id)
        if read.refused or read.invalid or read.document is None:
            raise _MayNotRun(read.refused or read.invalid)
        operation = get_operation_ast(read.document, operation_name)
        if operation is None or operation.operation.value != "subscription":
            raise BadRequest(400, "OPERATION_UNKNOWN", *_ONLY_SUBSCRIPTIONS)
        try:
            spent = self.guards.spend(caller, read, operation, variables)
        except RequestRefused as refused:
            raise _MayNotRun((GraphQLError(str(refused), original_error=refused),)) from None
        return text, read.document, came_by(caller, operation, read.digest), spent.requested if spent else 0


class _MayNotRun(Exception):
    """The document was refused, as GraphQL tells it."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__("document refused")
        self.errors = errors


_ONLY_SUBSCRIPTIONS = (
    "这里只执行订阅；查询与变更请用 POST。",
    "Only subscriptions run here; POST queries and mutations.",
)


# ---- graphql-transport-ws ------------------------------------------------------------------------------------------


class LiveHandler(BaseGraphQLTransportWSHandler[Any, Any]):
    """Strawberry's handler of the protocol; each subscription runs through the gateway's own checks."""

    view: LiveSockets  # type: ignore[assignment]  # the view that made it

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._beside: dict[str, Beside] = {}

    async def handle_message(self, message: Any) -> None:
        """A message of another shape than the protocol's ends the socket with 4400, as the protocol says."""
        if problem := misshapen(message):
            await self.handle_invalid_message(problem)
        else:
            await super().handle_message(message)

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Note what the protocol's handler passes over: the cursor in `extensions`, and the id of a document."""
        name, payload = message["id"], message["payload"]
        most = self.max_subscriptions_per_connection
        if most is not None and len(self.operations) >= most and name not in self.operations:
            refused = limit_exceeded("subscriptions", len(self.operations) + 1, most)
            told = rendered([GraphQLError(str(refused), original_error=refused)], self.context.language)
            await self.send_message({"id": name, "type": "error", "payload": [one.formatted for one in told or ()]})
            return
        cursor = (payload.get("extensions") or {}).get("cursor")
        self._beside[name] = Beside(cursor, payload.get("documentId"), payload.get("query") or None)
        payload.setdefault("query", "")
        await super().handle_subscribe(message)
        if name not in self.operations:
            self._beside.pop(name, None)

    async def handle_task_exception(self, error: Exception) -> None:
        """A client that is gone is no fault; of any other neither text nor document is logged."""
        if not isinstance(error, WebSocketDisconnected):
            log_unexpected(error)

    async def run_operation(self, operation: Operation[Any, Any]) -> None:
        """Run with the schema's place taken by what checks the document and renders the errors."""
        own = copy.copy(self)
        own.schema = Checked(self.view.runner, self._beside.pop(operation.id))  # type: ignore[assignment]  # of a schema only `stream` is asked here
        await BaseGraphQLTransportWSHandler.run_operation(own, operation)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a subscription shows beside what the handler reads: cursor, id and text of its document."""

    cursor: object
    document_id: str | None
    query: str | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A schema as the handler sees it."""

    runner: Runner
    beside: Beside

    async def stream(
        self,
        query: str,  # noqa: ARG002 - the handler gives it, and an empty one where there is none
        *,
        variable_values: Mapping[str, Any] | None = None,
        context_value: Connection,
        root_value: Any = None,  # noqa: ARG002 - the handler gives it
        operation_name: str | None = None,
    ) -> AsyncGenerator[ExecutionResult, None]:
        """The results of one subscription."""
        one = context_value
        if one.signed is None:
            raise RuntimeError("a subscription before connection_init")
        results = self.runner.run(
            one.signed,
            one.language,
            self.beside.query,
            variable_values,
            operation_name,
            document_id=self.beside.document_id,
            cursor=self.beside.cursor,
        )
        return in_trace(results, one.websocket.headers)


class ClosedOnce(ASGIWebSocketAdapter):
    """A socket that was closed with its reason is not closed again without one."""

    async def close(self, code: int, reason: str) -> None:
        """Close, if it is open."""
        await _close(self.ws, code, reason)


class LiveSockets(GraphQL[Any, Any]):
    """The WebSocket side of /graphql: bounded sockets, signed in within the time limit, ended with the token."""

    graphql_transport_ws_handler_class = LiveHandler
    websocket_adapter_class = ClosedOnce  # type: ignore[assignment]  # Strawberry declares it loosely

    def decode_json(self, data: str | bytes) -> object:
        """As Strawberry; what is nested too deeply to be read is no JSON either."""
        try:
            return super().decode_json(data)
        except RecursionError:
            raise JSONDecodeError("nested too deeply", "", 0) from None

    def __init__(self, runner: Runner, sign_in: SignIn) -> None:
        limits = runner.held.limits
        super().__init__(
            runner.schema,
            graphql_ide=None,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            connection_init_wait_timeout=timedelta(seconds=limits.init_seconds),
            max_subscriptions_per_connection=limits.subscriptions_of_socket,
        )
        self.runner = runner
        self._sign_in = sign_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One socket from the handshake to its end."""
        patience = Patience(send, self.runner.held)
        websocket = WebSocket(scope, receive=receive, send=patience)
        room = websocket.state.room = self.runner.held.room()
        if room is None:
            LIMITS.add("sockets")
            busy = PlainTextResponse("too many connections", 503, headers={"retry-after": "5"})
            await websocket.send_denial_response(busy)
            return
        ends = asyncio.create_task(self._end(websocket))
        try:
            async with patience.kept(lambda: _close(websocket, SLOW, "SLOW_SUBSCRIBER"), cut_of(scope)):
                await self.run(websocket)
        finally:
            watching = [ends, *getattr(websocket.state, "watching", ())]
            for task in watching:
                task.cancel()
            await asyncio.gather(*watching, return_exceptions=True)
            room.leave()

    async def get_context(self, request: Any, response: Any) -> Connection:  # noqa: ARG002 - Strawberry's signature
        """What the socket's subscriptions share."""
        return Connection(request, language_of(request.headers.get("accept-language")))

    async def on_ws_connect(self, context: Connection) -> UnsetType:
        """Sign in with the token of connection_init (`authorization`), or of the handshake's header."""
        params = context.connection_params or {}
        header = context.websocket.headers.get("authorization")
        given = next((value for name, value in params.items() if name.lower() == "authorization"), header)
        # As a parameter, or under the header's own name, which a browser cannot send with a socket.
        named = (value for name, value in params.items() if name.lower().replace("-", "") == "acceptlanguage")
        language = next(named, None)
        if isinstance(language, str):
            context.language = language_of(language)
        try:
            signed = context.signed = await signed_in(self._sign_in, given, Named.of(params, context.websocket.headers))
        except TokenRefused as refused:
            await _close(context.websocket, _code_of(refused), refused.reason)
            raise ConnectionRejectionError({"reason": refused.reason, **refused.told}) from None
        if not context.websocket.state.room.give(owner_of(signed.caller)):
            await _close(context.websocket, FORBIDDEN, "TOO_MANY_CONNECTIONS")
            raise ConnectionRejectionError({"reason": "TOO_MANY_CONNECTIONS"})
        context.websocket.state.watching = [
            asyncio.create_task(_run_out(context.websocket, signed.seconds)),
            asyncio.create_task(self._lose_grant(context.websocket, signed)),
        ]
        # The acknowledgement has no payload.
        return UNSET

    async def _lose_grant(self, websocket: WebSocket, signed: SignedIn) -> None:
        """Close the socket when its caller's grant holds no more."""
        async with self.runner.watching(signed) as ended:
            if ended is not None:
                await ended.wait()
                await _close(websocket, FORBIDDEN, "GRANT_ENDED")

    async def _end(self, websocket: WebSocket) -> None:
        await self.runner.held.ending.wait()
        await _close(websocket, RESTART, "service restart")


async def _run_out(websocket: WebSocket, seconds: float) -> None:
    """Close the socket when its token has run out."""
    await asyncio.sleep(seconds)
    await _close(websocket, FORBIDDEN, TOKEN_EXPIRED)


def _code_of(refused: TokenRefused) -> int:
    """The code that tells a client whether to connect again: with a new token, later, or not at all."""
    if refused.status == 503:
        return TRY_AGAIN
    return FORBIDDEN if refused.reason == TOKEN_EXPIRED else UNAUTHORIZED


async def _close(websocket: WebSocket, code: int, reason: str) -> None:
    if websocket.application_state == WebSocketState.CONNECTED:
        await websocket.close(code, reason)


async def signed_in(sign_in: SignIn, given: object, named: Named) -> SignedIn:
    """Who the bearer token names, and for how many seconds more; raises `TokenRefused`."""
    if not isinstance(given, str) or not given.lower().startswith(BEARER):
        raise TokenRefused("TOKEN_MISSING", "没有令牌。", "There is no token.")
    return await sign_in.sign_in(given[len(BEARER) :].strip(), named)
