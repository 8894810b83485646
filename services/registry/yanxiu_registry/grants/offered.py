"""What is answered about grants: endpoints, use cases and who may ask."""

from __future__ import annotations

from yanxiu_footing.audit.declared import PLAIN, personal
from yanxiu_wire import grants

from yanxiu_registry.grants.get_own_grants import get_own_grants
from yanxiu_registry.grants.grant_role import grant_role
from yanxiu_registry.grants.list_grants import list_grants
from yanxiu_registry.grants.revoke_grant import revoke_grant
from yanxiu_registry.offering import Offered
from yanxiu_registry.scope import EVERYONE, GRANT_READERS, GRANTERS

OFFERED: Offered = {
    grants.GRANT_ROLE: (grant_role, GRANTERS),
    grants.REVOKE_GRANT: (revoke_grant, GRANTERS),
    grants.LIST_GRANTS: (list_grants, GRANT_READERS, personal(before=True)),
    grants.GET_OWN_GRANTS: (get_own_grants, EVERYONE, PLAIN),
}
