"""Which roles may ask the endpoints of the workflows at all, and a request that each of them understands."""

from __future__ import annotations

from datetime import date
from typing import Any

from yanxiu_wire import workflow as wire

_SCHOOL = {"school-leader", "school-training-officer"}
_SIGNERS = {"district-officer", "institute-officer", "supervisor", "researcher", "teacher"} | _SCHOOL
_EVERYONE = _SIGNERS | {"auditor"}

ALLOWED: dict[str, set[str]] = {
    "open-process": _SIGNERS,
    "take-step": _SIGNERS,
    "take-steps": _SIGNERS,
    "return-process": _SIGNERS,
    "take-back-recognition": _SIGNERS,
    "delegate-steps": _SIGNERS,
    "end-delegation": _SIGNERS,
    "raise-objection": _SCHOOL | {"teacher"},
    "settle-objection": _SIGNERS,
    "get-processes": _EVERYONE,
    "list-processes": _EVERYONE,
    "list-tasks": _EVERYONE,
    "list-public-lines": _EVERYONE - {"researcher"},
    "get-public-lists": _EVERYONE - {"researcher"},
    "list-delegations": _EVERYONE,
    "list-notices": _EVERYONE - {"researcher"},
    "get-record-states": _EVERYONE - {"researcher"},
    "list-workflows": _EVERYONE,
    "verify-signatures": {"district-officer", "auditor", "platform-operator"},
}

REQUESTS: dict[str, dict[str, Any]] = {
    "open-process": {"workflow": "none"},
    "take-step": {"process": "none", "step": "none", "version": 1},
    "take-steps": {"workflow": "none", "step": "none"},
    "return-process": {"process": "none", "version": 1, "reason": "材料不全"},
    "delegate-steps": {
        "to_subject": "other", "since": date(2025, 3, 1), "until": date(2025, 3, 31), "reason": "外出",
    },
    "take-back-recognition": {"process": "none", "version": 1, "reason": "认定有误"},
    "end-delegation": {"delegation": "none"},
    "raise-objection": {"process": "none", "text": "有误"},
    "settle-objection": {"objection": "none", "upheld": False, "reason": "经核实"},
    "get-processes": {"ids": ()},
    "list-public-lines": {"process": "none"},
    "get-public-lists": {"processes": ()},
    "list-notices": {"teacher": "t1"},
    "get-record-states": {"ids": ()},
}  # fmt: skip

VERBS = {endpoint.verb for endpoint in wire.ENDPOINTS}
