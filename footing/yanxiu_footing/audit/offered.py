"""What every service answers about its trail: to auditors, to the operator if it is whole, to a teacher his own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yanxiu_wire.audit import audit_endpoint
from yanxiu_wire.caller import Role
from yanxiu_wire.endpoint import Endpoint

from yanxiu_footing.audit.declared import Audited, personal
from yanxiu_footing.audit.list_audit import list_audit
from yanxiu_footing.audit.list_seen_by import list_seen_by
from yanxiu_footing.audit.verify_audit import verify_audit
from yanxiu_footing.scope import roles

AUDITORS = roles("auditor")


def offered(service: str) -> Mapping[Endpoint[Any, Any], tuple[Any, frozenset[Role], Audited]]:
    """Return the service's endpoints of the trail; who looked into it stands in it before he is answered."""
    return {
        audit_endpoint(service, "list-audit"): (list_audit, AUDITORS, personal(before=True)),
        audit_endpoint(service, "verify-audit"): (
            verify_audit, AUDITORS | roles("platform-operator"), personal(before=True),
        ),
        audit_endpoint(service, "list-seen-by"): (list_seen_by, roles("teacher"), personal(own=True)),
    }  # fmt: skip
