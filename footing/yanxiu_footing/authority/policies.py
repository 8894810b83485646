"""The policies of who may do what: read from their files, held against every endpoint there is, and decided."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import cedarpy
import msgspec
from yanxiu_wire.caller import PLATFORM, Caller, Role
from yanxiu_wire.contracts import AREAS, endpoints_of
from yanxiu_wire.endpoint import Endpoint

from yanxiu_footing.authority.permit import Permit, Permits

FOLDER = Path(__file__).parent / "policies"
ROLES: tuple[Role, ...] = get_args(Role)
_ID = re.compile(r'@id\("([a-z0-9-]+)"\)')
_EFFECT = re.compile(r"^(?:permit|forbid)\b", re.MULTILINE)
_HOME = "home"
# The group of all actions that change something.
_COMMANDS = "commands"
_Asked = tuple[Role, str, Endpoint[Any, Any]]


class PoliciesUnusable(Exception):
    """The policies cannot be read, name what does not exist, or do not say which is the reason."""


class Verdict(msgspec.Struct, frozen=True):
    """Whether a call is permitted, and the ids of the policies that are the reason; none where none permits it."""

    permitted: bool
    policies: tuple[str, ...]


class Policies:
    """The policies in a folder's `*.cedar` files."""

    def __init__(self, folder: Path = FOLDER) -> None:
        text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.cedar")))
        ids = _ID.findall(text)
        if len(set(ids)) != len(ids) or len(ids) != len(_EFFECT.findall(text)):
            raise PoliciesUnusable("every policy needs an @id of its own (每条策略须有唯一的 @id)")
        found = cedarpy.validate_policies(text, _schema())
        if not found.validation_passed:
            raise PoliciesUnusable("; ".join(error.error for error in found.errors))
        self._set = cedarpy.PolicySet.from_str(text)
        self.ids = frozenset(ids)

    def decide(self, caller: Caller, endpoint: Endpoint[Any, Any], district: str) -> Verdict:
        """Say whether a caller may call an endpoint of a district."""
        (verdict,) = self._decided([(caller.role, caller.district, endpoint)], district)
        return verdict

    def permits(self, service: str) -> Permits:
        """Return who may call each endpoint of a service: every role is asked about, in its own district."""
        endpoints = endpoints_of(service)
        asked: list[_Asked] = [(role, _district_of(role), endpoint) for endpoint in endpoints for role in ROLES]
        said = dict(zip(((one[2], one[0]) for one in asked), self._decided(asked, _HOME), strict=True))
        return {
            endpoint: Permit(
                frozenset(role for role in ROLES if said[endpoint, role].permitted),
                tuple(sorted({one for role in ROLES for one in _permitting(said[endpoint, role])})),
                {role: said[endpoint, role].policies for role in ROLES},
            )
            for endpoint in endpoints
        }

    def _decided(self, asked: Sequence[_Asked], district: str) -> list[Verdict]:
        callers = {(role, home) for role, home, _ in asked}
        entities = [_entity("Role", role) for role in ROLES]
        entities.append(_entity("District", district, code=district))
        entities.append(_entity("Action", _COMMANDS))
        entities += [_command(endpoint) for endpoint in {endpoint for *_, endpoint in asked} if endpoint.writes]
        entities += [_entity("Caller", f"{role}@{home}", role, district=home) for role, home in sorted(callers)]
        requests = [
            {
                "principal": f'Yanxiu::Caller::"{role}@{home}"',
                "action": f'Yanxiu::Action::"{_action(endpoint)}"',
                "resource": f'Yanxiu::District::"{district}"',
                "context": {},
            }
            for role, home, endpoint in asked
        ]
        found = cedarpy.is_authorized_batch(requests, self._set, json.dumps(entities))
        return [_verdict(one) for one in found]


@functools.cache
def permits_of(service: str) -> Permits:
    """Return who may call each endpoint of a service, by the policies of this deployment; read once in a process."""
    return Policies().permits(service)


def _verdict(found: cedarpy.AuthzResult) -> Verdict:
    if found.diagnostics.errors:
        raise PoliciesUnusable("; ".join(str(error) for error in found.diagnostics.errors))
    named: Mapping[str, str] = found.diagnostics.id_annotations_by_reason
    return Verdict(found.allowed, tuple(sorted(named[one] for one in found.diagnostics.reasons)))


def _permitting(verdict: Verdict) -> tuple[str, ...]:
    return verdict.policies if verdict.permitted else ()


def _district_of(role: Role) -> str:
    return PLATFORM if role == "platform-operator" else _HOME


def _action(endpoint: Endpoint[Any, Any]) -> str:
    return f"{endpoint.service}/{endpoint.verb}"


def _entity(kind: str, name: str, role: str | None = None, **facts: str) -> dict[str, Any]:
    parents = [{"type": "Yanxiu::Role", "id": role}] if role else []
    return {"uid": {"type": f"Yanxiu::{kind}", "id": name}, "attrs": facts, "parents": parents}


def _command(endpoint: Endpoint[Any, Any]) -> dict[str, Any]:
    """An endpoint that writes, as a policy may speak of all of them at once."""
    group = {"type": "Yanxiu::Action", "id": _COMMANDS}
    return {"uid": {"type": "Yanxiu::Action", "id": _action(endpoint)}, "attrs": {}, "parents": [group]}


def _schema() -> str:
    """What policies may speak of: roles, callers and districts, and every endpoint of every service as an action."""
    commands, reads = (
        ", ".join(f'"{_action(one)}"' for service in AREAS for one in endpoints_of(service) if one.writes is writes)
        for writes in (True, False)
    )
    applies = "appliesTo { principal: [Caller], resource: [District] }"
    roles = ", ".join(f'"{role}"' for role in ROLES)
    return (
        f"namespace Yanxiu {{ entity Role enum [{roles}]; entity Caller in [Role] {{ district: String }};"
        " entity District { code: String };"
        f' action "{_COMMANDS}"; action {commands} in ["{_COMMANDS}"] {applies}; action {reads} {applies}; }}'
    )
