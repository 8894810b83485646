"""The id of a fault: given once to an exception, so that the log, the trail and the caller name the same one."""

from __future__ import annotations

import uuid_utils


def fault_id_of(error: BaseException) -> str:
    """The id that this exception has; it gets one where it has none."""
    known = getattr(error, "yanxiu_fault_id", None)
    if known is None:
        known = error.yanxiu_fault_id = str(uuid_utils.uuid7())  # type: ignore[attr-defined]
    return str(known)
