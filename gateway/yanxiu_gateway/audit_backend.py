"""What the gateway can ask about the trails of the services: one typed line for each endpoint."""

from __future__ import annotations

from yanxiu_wire import audit

from yanxiu_gateway.asking import Ask, Asking


class AuditBackend(Asking):
    """Requests about who saw and did what."""

    list_registry_audit: Ask[audit.ListAudit, audit.AuditPage] = Ask(audit.LIST_REGISTRY_AUDIT)
    list_credits_audit: Ask[audit.ListAudit, audit.AuditPage] = Ask(audit.LIST_CREDITS_AUDIT)
    list_visits_audit: Ask[audit.ListAudit, audit.AuditPage] = Ask(audit.LIST_VISITS_AUDIT)
    list_registry_seen_by: Ask[audit.ListSeenBy, audit.AuditPage] = Ask(audit.LIST_REGISTRY_SEEN_BY)
    list_credits_seen_by: Ask[audit.ListSeenBy, audit.AuditPage] = Ask(audit.LIST_CREDITS_SEEN_BY)
    list_visits_seen_by: Ask[audit.ListSeenBy, audit.AuditPage] = Ask(audit.LIST_VISITS_SEEN_BY)
