"""What is measured of a judging service's copy of the registry: announcements that were put aside; and its packs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from yanxiu_durable.looking import Look
from yanxiu_wire.metrics import gauge

from yanxiu_footing.copy_tables import dead_letter
from yanxiu_footing.fence.installed import environment_version, installed_names

_PUT_ASIDE = gauge(
    "yanxiu_dead_letters",
    "放弃而存入死信的事件数",
    "announcements that could never be applied and were put aside",
    ("service", "district"),
)
_COUNTED = sa.select(sa.func.count().label("letters")).where(
    dead_letter.c.district == sa.bindparam("of"), dead_letter.c.resolution.is_(None)
)


class DeadLetters:
    """Counts them for one service."""

    def __init__(self, service: str) -> None:
        self._service = service

    def __call__(self, look: Look, district: str) -> Mapping[str, Any]:
        """Count those of a district."""
        letters = look(_COUNTED, {"of": district})[0].letters
        _PUT_ASIDE.labels(self._service, district).set(letters)
        return {"dead_letters": letters}


def pack_versions() -> dict[str, str]:
    """The packs that are installed and their versions, without loading one."""
    return {name: environment_version(name) or "" for name in sorted(installed_names())}
