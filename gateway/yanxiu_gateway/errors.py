"""Errors as front ends see them: a stable code, a sentence in the reader's language, and never an exception's text."""

from __future__ import annotations

import functools
import re
import traceback
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from graphql import GraphQLError
from uuid_utils import uuid7
from yanxiu_wire.faults import (
    DeadlineExceeded,
    MessageTooLarge,
    Overloaded,
    RemoteFault,
    RulePackFailed,
    ServiceUnavailable,
    WireFault,
)
from yanxiu_wire.log import logger, masked
from yanxiu_wire.refusal import RefusalItem, Refused

from yanxiu_gateway.given_wrong import without_value
from yanxiu_gateway.graphql_words import in_chinese, remedy_of
from yanxiu_gateway.names import argument_path
from yanxiu_gateway.rule_pack_failed import rule_pack_failed

Language = Literal["zh", "en"]
MOST_TOLD = 500
MOST_SHOWN = 200
_FAULT_ID = "yanxiu_fault_id"
_VARIABLE = re.compile(r"Variable '\$(\w+)' has invalid value(?: at \.?([\w.\[\]]+))?:")

# What graphql-core adds to an error where nothing tells it not to.
_SUGGESTION = re.compile(r" Did you mean .*\?$", re.DOTALL)


class RequestRefused(Exception):
    """A read was refused, by a service or by the gateway's own limits; the first item is what the client is told."""

    def __init__(self, item: RefusalItem) -> None:
        super().__init__(item.code)
        self.item = item


def granted(reply: Any) -> Any:
    """Return the reply of a read; raises `RequestRefused` when it is a refusal."""
    if isinstance(reply, Refused):
        raise RequestRefused(reply.errors[0])
    return reply


_LIMITS = {
    "bytes": ("请求体字节数", "bytes in the body"),
    "tokens": ("查询的词元数", "tokens in the document"),
    "depth": ("查询的嵌套层数", "levels of nesting"),
    "fields": ("展开后的字段数", "fields when fragments are written out"),
    "repeats": ("同名字段须两两比较的次数", "pairs of fields of one name in one place, which must be compared"),
    "aliases": ("别名数", "aliases"),
    "directives": ("指令数", "directives"),
    "fragments": ("片段数", "fragments"),
    "roots": ("根字段数", "root fields"),
    "introspections": ("__schema 与 __type 的个数", "times that __schema or __type is asked for"),
    "first": ("每页条数", "rows a page"),
    "rows": ("一次请求的总行数", "rows in one request"),
    "ids": ("一次请求的编号数", "ids in one field"),
    "cost": ("查询的代价（对象数）", "objects that the operation may bring"),
    "values": ("变量中的值的个数", "values in the variables"),
    "subscriptions": ("同时进行的订阅数", "subscriptions at a time"),
}


def limit_exceeded(name: str, found: int, most: int) -> RequestRefused:
    """What is asked for is larger than the limit of that name."""
    zh, en = _LIMITS[name]
    return RequestRefused(
        RefusalItem(
            code="LIMIT_EXCEEDED",
            field=name,
            value=found,
            message_zh=f"{zh}为 {found}，上限为 {most}。",
            message_en=f"There are {found} {en}; {most} are allowed.",
            remedy_zh="请减少一次请求的内容，或分几次请求。",
            remedy_en="Ask for less at once, or in several requests.",
        )
    )


def first_out_of_range(found: int, most: int) -> RequestRefused:
    """A page must have between one row and the limit."""
    return RequestRefused(
        RefusalItem(
            code="LIMIT_EXCEEDED",
            field="first",
            value=found,
            message_zh=f"first 为 {found}，只能在 1 到 {most} 之间。",
            message_en=f"first is {found}; it must be between 1 and {most}.",
            remedy_zh=f"请把 first 设在 1 到 {most} 之间，其余用 after 翻页。",
            remedy_en=f"Set first between 1 and {most} and page on with after.",
        )
    )


def token_ran_out() -> RequestRefused:
    """The token that a subscription was opened with has run out."""
    return RequestRefused(
        RefusalItem(
            code="UNAUTHENTICATED",
            field="headers.authorization",
            value=None,
            message_zh="令牌已过期，订阅到此结束。",
            message_en="The token has run out; the subscription ends here.",
            remedy_zh="请用新的令牌重新订阅。",
            remedy_en="Subscribe again with a new token.",
        )
    )


def grant_ended() -> RequestRefused:
    """The grant that a subscription was opened by holds no more."""
    return RequestRefused(
        RefusalItem(
            code="GRANT_ENDED",
            field="headers.authorization",
            value=None,
            message_zh="授权已终止，订阅到此结束。",
            message_en="The grant has ended, and the subscription with it.",
            remedy_zh="如仍需查看，请联系区县教育局重新授权。",
            remedy_en="Ask the district officer for a grant if you still need it.",
        )
    )


def subscriber_slow() -> RequestRefused:
    """The client did not read what it was sent for too long."""
    return RequestRefused(
        RefusalItem(
            code="SLOW_SUBSCRIBER",
            field="",
            value=None,
            message_zh="长时间未读取推送，订阅到此结束。",
            message_en="What was sent was not read for too long; the subscription ends here.",
            remedy_zh="请用最后收到的 cursor 重新订阅。",
            remedy_en="Subscribe again with the last cursor that you received.",
        )
    )


# ---- to the client ---------------------------------------------------------------------------------------------


def say(item: RefusalItem, language: Language) -> tuple[str, str]:
    """Message and remedy of a refusal in the reader's language."""
    if language == "en":
        return item.message_en, item.remedy_en
    return item.message_zh, item.remedy_zh


def refusal_extensions(item: RefusalItem, language: Language) -> dict[str, Any]:
    """The facts of a refusal: code, field, value, clauses and the remedy."""
    return {
        "code": item.code,
        "field": argument_path(item.field),
        "value": _shown(item.value),
        "clauses": list(item.clauses),
        "remedy": say(item, language)[1],
        "messageZh": item.message_zh,
        "messageEn": item.message_en,
    }


def _shown(value: Any) -> Any:
    """What was sent, numbers of people masked; of a long text its beginning, which is enough to know it by."""
    value = masked(value)
    return f"{value[:MOST_SHOWN]}…" if isinstance(value, str) and len(value) > MOST_SHOWN else value


def render(errors: Iterable[GraphQLError], language: Language) -> list[dict[str, Any]]:
    """GraphQL errors as they are answered, each with `extensions.code`; what nobody expected is masked."""
    # GraphQL repeats what it cannot read: of a number in the wrong place not even its sender is shown it again.
    return [masked(_render(error, language)) for error in errors]


def render_refusal(refused: RequestRefused, language: Language) -> dict[str, Any]:
    """A refusal that is of no field, as it is answered."""
    return masked({"message": say(refused.item, language)[0], "extensions": refusal_extensions(refused.item, language)})


def _render(error: GraphQLError, language: Language) -> dict[str, Any]:
    message, extensions = _told(error, language)
    told: dict[str, Any] = {"message": message}
    if error.locations:
        told["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path is not None:
        told["path"] = list(error.path)
    told["extensions"] = extensions
    return told


def _told(error: GraphQLError, language: Language) -> tuple[str, Mapping[str, Any]]:
    cause = root_cause(error)
    if isinstance(cause, RequestRefused):
        return say(cause.item, language)[0], refusal_extensions(cause.item, language)
    if isinstance(cause, WireFault):
        return _fault(cause, language)
    if cause is None:
        own = {"code": "BAD_USER_INPUT"} | _variable_named(error) | dict(error.extensions or {})
        zh, en, remedies = _in_both(error, own)
        told = {"remedy": remedies[language == "en"], "messageZh": zh, "messageEn": en}
        return en if language == "en" else zh, own | told
    return _internal(log_unexpected(cause), language)


def _in_both(error: GraphQLError, own: Mapping[str, Any]) -> tuple[str, str, tuple[str, str]]:
    """What GraphQL or a scalar finds wrong in Chinese and in English, and what to do; never with the value itself.

    `own` are the error's extensions, in which a scalar tells its own words.
    """
    if "remedyZh" in own:
        named = _VARIABLE.match(error.message)
        about = f"Variable '${named[1]}' has invalid value{f' at {named[2]}' if named[2] else ''}: " if named else ""
        remedies = own["remedyZh"], own["remedyEn"]
        zh, en = f"{own['messageZh'][:-1]}，{remedies[0]}", f"{own['messageEn'][:-1]}; {remedies[1]}"
        return (in_chinese(about) if about else "") + zh, about + en, remedies
    said = masked(without_value(_SUGGESTION.sub("", error.message)))
    said = said if len(said) <= MOST_TOLD else f"{said[:MOST_TOLD]}…"
    return in_chinese(said), said, remedy_of(own["code"])


def _variable_named(error: GraphQLError) -> dict[str, str]:
    """The path of the variable that an error is about, which GraphQL says in its sentence alone."""
    named = _VARIABLE.match(error.message)
    return {"field": ".".join(part for part in named.groups() if part)} if named else {}


def root_cause(error: GraphQLError) -> BaseException | None:
    """The exception that is not GraphQL's own below an error, None when there is none."""
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


_UNAVAILABLE = {
    # What came of a COMMIT whose answer was lost nobody knows but its key.
    "SERVICE_UNAVAILABLE": (
        "服务 {} 暂不可用，请稍后再试；写操作请用同一 idempotencyKey 重试。",
        "{} is unavailable; try again, a mutation with the same idempotencyKey.",
    ),
    "STORAGE_FULL": (
        "服务 {} 的存储已满，本次未写入；查询不受影响，请稍后以同一 idempotencyKey 重试。",
        "The storage of {} is full, nothing of this was written; reading goes on. Try again with the same key.",
    ),
}


def _fault(fault: WireFault, language: Language) -> tuple[str, Mapping[str, Any]]:
    zh = language == "zh"
    if isinstance(fault, ServiceUnavailable):
        message = _UNAVAILABLE[fault.code][not zh].format(fault.service)
        return message, {"code": fault.code, "service": fault.service, "retryAfter": seconds(fault.again_ms)}
    if isinstance(fault, Overloaded):
        return overloaded(fault, language)
    if isinstance(fault, DeadlineExceeded):
        message = (
            "未能在时限内得到答复；写操作请用同一 idempotencyKey 重试。"
            if zh
            else "No answer within the time limit; repeat a mutation with the same idempotencyKey."
        )
        return message, {"code": fault.code, "service": fault.service}
    if isinstance(fault, RulePackFailed):
        return rule_pack_failed(fault, language)
    if isinstance(fault, MessageTooLarge):
        item = limit_exceeded("bytes", fault.size, fault.limit).item
        return say(item, language)[0], refusal_extensions(item, language)
    if isinstance(fault, RemoteFault):
        message, extensions = _internal(fault.fault_id, language)
        return message, {**extensions, "service": fault.service}
    return _internal(log_unexpected(fault), language)


def overloaded(fault: Overloaded, language: Language) -> tuple[str, Mapping[str, Any]]:
    """What is told of a request that found no room; nothing of it was done."""
    wait = seconds(fault.again_ms)
    message = (
        f"服务 {fault.service} 繁忙，本次未处理；请在 {wait} 秒后重试。"
        if language == "zh"
        else f"{fault.service} is overloaded and did nothing of this; try again in {wait} s."
    )
    return message, {"code": fault.code, "service": fault.service, "retryAfter": wait}


def seconds(milliseconds: int) -> int:
    """Whole seconds, one at least, as `Retry-After` has them."""
    return max(1, -(-milliseconds // 1000))


def retry_after(rendered: Iterable[Mapping[str, Any]]) -> int | None:
    """The longest time to wait that any of the errors tells, in seconds; None when none does."""
    told = [error["extensions"].get("retryAfter") for error in rendered]
    return max((wait for wait in told if wait is not None), default=None)


def _internal(fault_id: str, language: Language) -> tuple[str, Mapping[str, Any]]:
    message = f"系统内部错误，编号 {fault_id}。" if language == "zh" else f"Internal error, number {fault_id}."
    return message, {"code": "INTERNAL", "faultId": fault_id}


def log_unexpected(cause: BaseException) -> str:
    """Log where it happened, without the exception's text, which may hold personal data; return the fault's id.

    One fault that many fields of an answer share is logged once and has one id.
    """
    known = getattr(cause, _FAULT_ID, None)
    if known is not None:
        return known
    fault_id = str(uuid7())
    setattr(cause, _FAULT_ID, fault_id)
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(cause.__traceback__)]
    logger().error("unexpected-fault", fault_id=fault_id, kind=type(cause).__name__, frames=frames[-12:])
    return fault_id


@functools.lru_cache(maxsize=64)
def language_of(accept_language: str | None) -> Language:
    """The reader's language: English where the header prefers it to Chinese, else Chinese."""
    weights: dict[str, float] = {}
    for part in (accept_language or "")[:200].split(","):
        tag, _, parameter = part.strip().partition(";")
        name = tag.strip().lower().partition("-")[0]
        weight = parameter.strip().removeprefix("q=")
        try:
            weights[name] = max(weights.get(name, 0.0), float(weight) if weight else 1.0)
        except ValueError:
            continue
    return "en" if weights.get("en", 0.0) > weights.get("zh", 0.0) else "zh"
