"""What the gateway counts: operations, their cost and errors, what was refused, requests to services, what is open.

No label holds what a caller wrote: an operation has a name here only where its document is registered, and a code only
where it is one of ours.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from prometheus_client import REGISTRY, Metric
from prometheus_client.registry import Collector
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import WireFault
from yanxiu_wire.known import Replied
from yanxiu_wire.metrics import Count, Spread, collected, fresh
from yanxiu_wire.refusal import Refused

from yanxiu_gateway.asking import Call
from yanxiu_gateway.live_limits import Held

OPERATIONS = Count(
    "yanxiu_operations_total",
    "GraphQL 操作：类型、名称（仅已登记的文档，其余为 other）、结果 ok、refused、failed",
    "GraphQL operations by type, by name (of registered documents, else other), and outcome: ok, refused, failed",
    ("type", "operation", "outcome"),
)
OPERATION_SECONDS = Spread(
    "yanxiu_operation_seconds", "一次 GraphQL 操作的时长", "how long a GraphQL operation took", ("type",)
)
OPERATION_COST = Spread(
    "yanxiu_operation_cost_objects",
    "一次操作的代价上限（对象数）",
    "what an operation may cost at most, in objects",
    ("type",),
    buckets=(1, 10, 100, 1_000, 10_000, 100_000),
)
HTTP = Count("yanxiu_http_responses_total", "HTTP 答复，按状态码", "HTTP answers by status", ("status",))
ERRORS = Count("yanxiu_errors_total", "答复中的错误，按代码", "errors in answers by code", ("code",))
LIMITS = Count(
    "yanxiu_limits_refused_total",
    "因超限或预算用尽而拒绝的请求，按限额",
    "requests refused for a limit or a used-up budget, by the limit",
    ("limit",),
)
CALLS = Count(
    "yanxiu_service_calls_total",
    "向各服务的请求：结果为 ok、refused 或错误代码",
    "requests to services: ok, refused, or the code of the fault",
    ("service", "endpoint", "outcome"),
)
CALL_SECONDS = Spread(
    "yanxiu_service_call_seconds", "向服务的一次请求的时长", "how long a request to a service took", ("service",)
)
REFUSALS = Count(
    "yanxiu_refusals_total",
    "服务依规则拒绝的请求，按代码",
    "requests that a service refused by a rule, by code",
    ("service", "code"),
)
GRANTS = Count(
    "yanxiu_grants_asked_total",
    "向登记服务查询授权：answered，或未答 unanswered（沿用一分钟内的答复）",
    "grants asked of the registry: answered, or unanswered (the last answer is believed for a minute)",
    ("outcome",),
)
_SOCKETS = "yanxiu_sockets_open"
_SUBSCRIPTIONS = "yanxiu_subscriptions_open"
_SLOW = "yanxiu_subscribers_slow_total"
collected(_SOCKETS, "gauge", "打开的 WebSocket 与事件流连接", "sockets and event streams that are open")
collected(_SUBSCRIPTIONS, "gauge", "打开的订阅", "subscriptions that are open")
collected(_SLOW, "counter", "因不读取而断开的订阅者", "subscribers that were let go because they did not read")

OTHER = "other"
_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,60}")
_MOST_CODES = 400
_codes: set[str] = set()


def code_of(code: object) -> str:
    """The code as a label: one of ours, in number bounded, else `other`."""
    if not isinstance(code, str) or code in _codes:
        return code if isinstance(code, str) else OTHER
    if len(_codes) < _MOST_CODES and _CODE.fullmatch(code):
        _codes.add(code)
        return code
    return OTHER


def count_errors(told: Iterable[Mapping[str, Any]]) -> None:
    """Count errors as they are answered."""
    for one in told:
        facts = one.get("extensions", {})
        code = code_of(facts.get("code"))
        ERRORS.add(code)
        if code in ("LIMIT_EXCEEDED", "BUDGET_EXCEEDED"):
            LIMITS.add(str(facts.get("field") or OTHER))


class Counted:
    """Counts and times the requests that go out through `call`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    async def __call__(
        self, endpoint: Endpoint[Any, Any], request: Any, *, district: str, deadline: Deadline | None = None
    ) -> Any:
        """As `Bus.call`."""
        began, outcome = time.perf_counter(), "cancelled"
        try:
            answer = await self._call(endpoint, request, district=district, deadline=deadline)
            told = answer.value if isinstance(answer, Replied) else answer
            outcome = "refused" if isinstance(told, Refused) else "ok"
            if isinstance(told, Refused):
                for item in told.errors[:1]:
                    REFUSALS.add(endpoint.service, code_of(item.code))
            return answer
        except WireFault as fault:
            outcome = fault.code
            raise
        finally:
            count_call(endpoint, outcome, time.perf_counter() - began)


def count_call(endpoint: Endpoint[Any, Any], outcome: str, seconds: float) -> None:
    """Count a request that went out."""
    CALLS.add(endpoint.service, endpoint.verb, outcome)
    CALL_SECONDS.saw(seconds, endpoint.service)


class _Open(Collector):
    """Looks at what is held open when Prometheus asks."""

    held: Held | None = None

    def collect(self) -> Iterator[Metric]:
        """Sockets, subscriptions, and those who were let go."""
        held = self.held
        if held is None:
            return
        for name, value in (
            (_SOCKETS, held.sockets),
            (_SUBSCRIPTIONS, sum(held.subscriptions.values())),
            (_SLOW, held.slow),
        ):
            family = fresh(name)
            family.add_metric([], value)  # type: ignore[attr-defined]  # of both kinds of family
            yield family


_OPEN = _Open()
REGISTRY.register(_OPEN)


def offer_held(held: Held) -> None:
    """Tell Prometheus what is held open here."""
    _OPEN.held = held
