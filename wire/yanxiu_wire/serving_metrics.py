"""What is counted of the answers that a service gives; apart, for who only asks needs no Prometheus."""

from __future__ import annotations

from yanxiu_wire.metrics import Count, Spread

ANSWERS = Count(
    "yanxiu_endpoint_requests_total",
    "服务答复的请求，按端点与结果：ok、refused 或错误代码",
    "requests that a service answered, by endpoint and outcome: ok, refused, or the code of the fault",
    ("service", "endpoint", "outcome"),
)
SECONDS = Spread(
    "yanxiu_endpoint_seconds",
    "端点处理一个请求的时长，不含排队",
    "how long an endpoint worked on a request, after it was admitted",
    ("service", "endpoint"),
)


def count_answer(service: str, endpoint: str, outcome: str, seconds: float) -> None:
    """Count one answer."""
    ANSWERS.add(service, endpoint, outcome)
    SECONDS.saw(seconds, service, endpoint)
