"""The count of what nats-server denied this process."""

from __future__ import annotations

from yanxiu_wire.metrics import Count

DENIED = Count(
    "yanxiu_nats_denied_total",
    "NATS 拒绝本进程的次数：connect 连接、publish 发布、subscribe 订阅",
    "times that NATS denied this process something: to connect, to publish, to subscribe",
    ("what",),
)
