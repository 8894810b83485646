"""What the gateway can ask about grants: one typed line for each endpoint."""

from __future__ import annotations

from yanxiu_wire import grants

from yanxiu_gateway.asking import Ask, Asking


class GrantsBackend(Asking):
    """Requests about who holds which role."""

    grant_role: Ask[grants.GrantRole, grants.Grant] = Ask(grants.GRANT_ROLE)
    revoke_grant: Ask[grants.RevokeGrant, grants.Grant] = Ask(grants.REVOKE_GRANT)
    list_grants: Ask[grants.ListGrants, grants.GrantPage] = Ask(grants.LIST_GRANTS)
    get_own_grants: Ask[grants.GetOwnGrants, grants.OwnGrants] = Ask(grants.GET_OWN_GRANTS)
