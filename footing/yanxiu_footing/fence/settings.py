"""What a service reads from its environment about the cells in which rule packs run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from yanxiu_durable.settings import DatabaseSettings


class FenceSettings(DatabaseSettings, frozen=True, kw_only=True):
    """The variables of every service that calls rule packs; its own settings inherit from it."""

    fence: Annotated[
        bool, msgspec.Meta(description="each district's rule packs run in a process of their own, within limits")
    ] = True
    pack_store: Annotated[
        Path | None,
        msgspec.Meta(description="folder of the versions of rule packs that stand beside those installed"),
    ] = None
    audit_days: Annotated[
        int,
        msgspec.Meta(description="days that reads stay in the audit trail; 184 at least, by law six months", ge=184),
    ] = 1096
    fence_warm: Annotated[
        int,
        msgspec.Meta(description="districts whose processes are started before the service answers", ge=0, le=1000),
    ] = 32
    fence_memory_mb: Annotated[
        int, msgspec.Meta(description="megabytes of data that a district's process may have", ge=128, le=65_536)
    ] = 2048
    fence_cpu_seconds: Annotated[
        int, msgspec.Meta(description="CPU seconds that it may compute without giving a sign of life", ge=1, le=600)
    ] = 5
    fence_silent_seconds: Annotated[
        int,
        msgspec.Meta(description="seconds that it may be silent at all, waiting for a core not counted", ge=2, le=600),
    ] = 15
    fence_thread_seconds: Annotated[
        int, msgspec.Meta(description="seconds that one computation beside its requests may take", ge=2, le=3600)
    ] = 60
    fence_idle_seconds: Annotated[
        int, msgspec.Meta(description="seconds after which a process that nobody asks ends", ge=1, le=86_400)
    ] = 600
    fence_pause_seconds: Annotated[
        int,
        msgspec.Meta(description="the longest pause, in seconds, before a district that failed is tried again", ge=1),
    ] = 60
