"""POST /graphql: from bytes to an answer, in the order size, media type, shape, caller, limits, execution."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import GraphQLError, get_operation_ast
from opentelemetry.trace import SpanKind
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from yanxiu_wire import tracing
from yanxiu_wire.caller import Caller
from yanxiu_wire.log import told

from yanxiu_gateway.at_work import Work
from yanxiu_gateway.caller import TokenRefused
from yanxiu_gateway.came_by import came_by
from yanxiu_gateway.documents import Read
from yanxiu_gateway.errors import Language, RequestRefused, language_of, render, retry_after
from yanxiu_gateway.event_stream import event_stream, last_seen, wants_events
from yanxiu_gateway.executing import Executed, Executing, Operation
from yanxiu_gateway.guards import Guards, Spent
from yanxiu_gateway.in_trace import in_trace
from yanxiu_gateway.limits import Limits
from yanxiu_gateway.live import Runner
from yanxiu_gateway.long_body import LONG, long_response
from yanxiu_gateway.metrics import HTTP, count_errors
from yanxiu_gateway.negotiation import JSON, Answer, answer_type, is_json, status_of
from yanxiu_gateway.patience import is_whole
from yanxiu_gateway.problems import BadRequest, json_response, problem_response, unauthenticated
from yanxiu_gateway.sign_in import NOTHING_NAMED, SignedIn, SignIn

BEARER = "bearer "
# What is read of every request's headers; by name, in one go.
_READ = {name.encode(): name for name in ("accept", "accept-language", "authorization", "content-type", tracing.HEADER)}
_HTTP = {"http.request.method": "POST", "http.route": "/graphql"}
NOBODY = Caller(subject="", role="auditor", district="")


class Body(msgspec.Struct, frozen=True, rename="camel"):
    """The parameters of a GraphQL request; other keys are ignored."""

    query: str | None = None
    document_id: str | None = None
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request whose document was read: its parameters, the text that runs, and what is known of it."""

    body: Body
    text: str
    read: Read


@dataclass(frozen=True, slots=True)
class GraphQLEndpoint:
    """Answers GraphQL over HTTP; holds only what was given to it."""

    executing: Executing
    guards: Guards
    sign_in: SignIn
    limits: Limits
    runner: Runner | None = None

    async def post(self, request: Request) -> Response:
        """Answer one request, inside the trace that it carries."""
        started = time.perf_counter()
        heads = _heads(request)
        language = language_of(heads.get("accept-language"))
        answer = answer_type(heads.get("accept"))
        seen: dict[str, Any] = {}
        with tracing.continued(heads), tracing.span("POST /graphql", SpanKind.SERVER, _HTTP):
            try:
                response = await self._answer(request, heads, answer, language, seen)
            except BadRequest as problem:
                seen["outcome"] = problem.code
                count_errors([problem.told(language)])
                response = problem_response(problem, language, answer or JSON)
            carried = tracing.carried().get(tracing.HEADER, "")
            trace = (b"x-trace-id", (tracing.trace_id() or "").encode()), (b"traceresponse", carried.encode())
            response.raw_headers.extend(trace)
            HTTP.add(str(response.status_code))
            tracing.note("http.response.status_code", response.status_code)
            # The document's hash stands for it: its text may hold personal data.
            elapsed = round((time.perf_counter() - started) * 1000, 1)
            told("graphql", status=response.status_code, milliseconds=elapsed, **seen)
        return response

    async def _answer(
        self,
        request: Request,
        heads: Mapping[str, str],
        answer: Answer | None,
        language: Language,
        seen: dict[str, Any],
    ) -> Response:
        runner = self.runner if wants_events(heads.get("accept")) else None
        if answer is None and runner is None:
            raise _not_acceptable()
        body = await self._body(request, heads.get("content-type"))
        # Who asks is known before any document is looked at.
        signed = await self._signed(request, heads.get("authorization"))
        caller = signed.caller if signed is not None else None
        # Many clients accept events with every request, and mean them for subscriptions.
        if runner is not None and (answer is None or self._subscribes(caller, body)):
            if signed is None:
                raise unauthenticated(None, outside=self.guards.outside)
            return self._stream(request, body, runner, language, signed)
        return await self._once(caller, body, answer or JSON, language, seen)

    def _subscribes(self, caller: Caller | None, body: Body) -> bool:
        """Whether a caller's document, by text or by id, is a subscription."""
        if caller is None:
            return False
        text = self.guards.trusted.text(caller.app, body.query, body.document_id)
        read = self.guards.documents.read(text)
        operation = get_operation_ast(read.document, body.operation_name) if read.document else None
        return operation is not None and operation.operation.value == "subscription"

    async def _once(
        self, caller: Caller | None, body: Body, answer: Answer, language: Language, seen: dict[str, Any]
    ) -> Response:
        """One query or mutation."""
        text, read = self.guards.read(caller, body.query, body.document_id)
        seen["document"] = read.digest
        if read.refused or read.invalid:
            return _errors(read.refused or read.invalid, answer, language)
        seen |= {"district": caller.district, "role": caller.role} if caller else {}
        seen |= {"app": caller.app} if caller and caller.app else {}
        return await self._execute(_Asked(body, text, read), caller or NOBODY, answer, language, seen)

    def _stream(self, request: Request, body: Body, runner: Runner, language: Language, signed: SignedIn) -> Response:
        """A subscription as server-sent events."""
        results = runner.run(
            signed,
            language,
            body.query,
            body.variables,
            body.operation_name,
            document_id=body.document_id,
            cursor=last_seen(request, body.extensions),
        )
        return event_stream(in_trace(results, tracing.carried()), runner.held, language, signed.caller)

    async def _body(self, request: Request, kind: str | None) -> Body:
        if not is_json(kind):
            raise BadRequest(
                415,
                "UNSUPPORTED_MEDIA_TYPE",
                "请求体须为 application/json（UTF-8）。",
                "The body must be application/json in UTF-8.",
            )
        return parse_body(await self._bytes(request))

    async def _bytes(self, request: Request) -> bytes:
        """The body, read no further than the limit, and no longer."""
        try:
            # What is there already is not waited for; a time limit costs more than to read it.
            if is_whole(request.scope):
                return await self._whole(request)
            async with asyncio.timeout(self.limits.body_seconds):
                return await self._whole(request)
        except TimeoutError:
            raise BadRequest(
                408,
                "BODY_TOO_SLOW",
                f"请求体未在 {self.limits.body_seconds:g} 秒内到齐，请重新提交。",
                f"The body did not come within {self.limits.body_seconds:g} seconds; send it again.",
                headers={"connection": "close"},
            ) from None
        except ClientDisconnect:
            raise _malformed("请求体不完整。", "The body ended early.") from None

    async def _whole(self, request: Request) -> bytes:
        most = self.limits.body_bytes
        read, more = bytearray(), True
        while more:
            message = await request.receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            piece, more = message.get("body", b""), message.get("more_body", False)
            # Nearly all come in one piece, which is copied nowhere.
            if not read and not more and len(piece) <= most:
                return piece
            read += piece
            if len(read) > most:
                raise BadRequest(
                    413,
                    "LIMIT_EXCEEDED",
                    f"请求体超过 {most} 字节，请分几次提交。",
                    f"The body has more than {most} bytes; send it in parts.",
                    field="bytes",
                )
        return bytes(read)

    async def _signed(self, request: Request, header: str | None) -> SignedIn | None:
        """Who asks; None without a token. Raises `BadRequest` (401) for a token that does not show it."""
        if header is None:
            return None
        try:
            if header[: len(BEARER)].lower() != BEARER:
                raise TokenRefused(
                    "TOKEN_MALFORMED", "Authorization 不是 Bearer 形式。", "Authorization is no Bearer token."
                )
            token = header[len(BEARER) :].strip()
            # Only where tokens state no role do other headers say anything.
            named = NOTHING_NAMED if self.sign_in.grants is None else self.sign_in.named(request.headers)
            return await self.sign_in.sign_in(token, named)
        except TokenRefused as refused:
            raise unauthenticated(refused, outside=self.guards.outside) from None

    async def _execute(
        self, asked: _Asked, caller: Caller, answer: Answer, language: Language, seen: dict[str, Any]
    ) -> Response:
        body, document = asked.body, asked.read.document
        operation = get_operation_ast(document, body.operation_name) if document else None
        if document is None or operation is None:
            raise BadRequest(
                400 if answer != JSON else 200,
                "OPERATION_UNKNOWN",
                "无法确定要执行哪个操作，请写明 operationName。",
                "Which operation to run cannot be told; name it in operationName.",
            )
        if operation.operation.value == "subscription":
            raise BadRequest(400, "OPERATION_UNKNOWN", *_NO_STREAM)
        try:
            spent = self.guards.spend(caller, asked.read, operation, body.variables)
        except RequestRefused as refused:
            return _errors([GraphQLError(str(refused), original_error=refused)], answer, language)
        caller = came_by(caller, operation, asked.read.digest)
        whole = Operation(asked.text, document, operation, body.operation_name, body.variables, caller, language)
        try:
            registered = body.document_id is not None or self.guards.trusted.only
            cost = spent.requested if spent is not None else 0
            with Work(operation, asked.read.digest, registered=registered, cost=cost) as work:
                executed = await self.executing.execute(whole)
                work.ended(executed.errors or ())
        except (CannotGetOperationTypeError, InvalidOperationTypeError):
            raise BadRequest(
                400, "OPERATION_UNKNOWN", "这里不能执行这种操作。", "This kind of operation cannot run here."
            ) from None
        seen["operation"] = operation.operation.value
        return _answered(executed, spent, answer, language, seen)


def _answered(
    executed: Executed, spent: Spent | None, answer: Answer, language: Language, seen: dict[str, Any]
) -> Response:
    """What came of an operation; where a service asks for time, the header says how much, as the error does."""
    answered: dict[str, Any] = {}
    headers: dict[str, str] = {}
    if executed.errors:
        answered["errors"] = render(executed.errors, language)
        count_errors(answered["errors"])
        seen["outcome"] = answered["errors"][0]["extensions"]["code"]
        wait = retry_after(answered["errors"])
        headers |= {"retry-after": str(wait)} if wait is not None else {}
    began = executed.data is not None or any(error.path for error in executed.errors)
    if began:
        answered["data"] = msgspec.Raw(executed.data or b"null")
        if spent is not None:
            answered["extensions"] = {"cost": spent.told()}
    status = status_of(answer, has_data=began)
    if executed.data is not None and len(executed.data) >= LONG:
        return long_response(answered, executed.data, status, answer=answer, headers=headers)
    return json_response(answered, status, answer=answer, headers=headers)


def _heads(request: Request) -> Mapping[str, str]:
    """The headers that every request is asked for; of one that is there twice, the first."""
    found: dict[str, str] = {}
    for name, value in request.scope["headers"]:
        known = _READ.get(name)
        if known is not None and known not in found:
            found[known] = value.decode("latin-1")
    return found


def parse_body(data: bytes) -> Body:
    """The parameters of a request; raises `BadRequest` (400) naming what is wrong with it."""
    if b"\\u0000" in data or b"\x00" in data:
        raise _malformed("请求体含有 NUL 字符。", "The body holds a NUL character.")
    try:
        raw = msgspec.json.decode(data)
        return msgspec.convert(raw, Body)
    except msgspec.ValidationError as error:
        field = str(error).partition("`$.")[2].rstrip("`")
        if not field:
            raise _malformed(
                "请求体须是一个请求的 JSON 对象。", "The body must be the JSON object of one request."
            ) from None
        raise _malformed(
            f"请求体的 {field} 类型不对；须有文本 query 或 documentId，可有 variables、operationName、extensions。",
            f"{field} is of the wrong type; a request has a text `query` or `documentId` and may have variables, "
            "operationName and extensions.",
            field=field,
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _malformed("请求体不是 JSON。", "The body is no JSON.") from None


_NO_STREAM = (
    "订阅请用 WebSocket，或以 Accept: text/event-stream 提交。",
    "Subscriptions run by WebSocket, or with Accept: text/event-stream.",
)


def _malformed(zh: str, en: str, **facts: Any) -> BadRequest:
    return BadRequest(400, "BAD_REQUEST", zh, en, **facts)


def _not_acceptable() -> BadRequest:
    return BadRequest(
        406,
        "NOT_ACCEPTABLE",
        "只能以 application/graphql-response+json 或 application/json 答复。",
        "Answers are application/graphql-response+json or application/json.",
    )


def _errors(errors: Any, answer: Answer, language: Language) -> Response:
    rendered = render(errors, language)
    count_errors(rendered)
    return json_response({"errors": rendered}, status_of(answer, has_data=False), answer=answer)
