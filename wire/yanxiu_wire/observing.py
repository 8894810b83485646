"""What every process reads from its environment about being watched: metrics for Prometheus, traces for a collector."""

from __future__ import annotations

from typing import Annotated

import msgspec

from yanxiu_wire.access import NatsSettings


class ObservingSettings(NatsSettings, frozen=True, kw_only=True):
    """The variables of every process; its own settings inherit from it."""

    metrics_port: Annotated[
        int,
        msgspec.Meta(description="port on which Prometheus may read the process's metrics; 0: none", ge=0, le=65_535),
    ] = 0
    metrics_host: Annotated[str, msgspec.Meta(description="address on which it may")] = "127.0.0.1"
    otlp_endpoint: Annotated[
        str,
        msgspec.Meta(description="where traces go, OTLP over HTTP (http://collector:4318); empty: none are recorded"),
    ] = ""
    trace_share: Annotated[
        float,
        msgspec.Meta(description="share of the requests that is traced, 0 to 1; the gateway decides", ge=0, le=1),
    ] = 0.1
