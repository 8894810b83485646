"""Who may speak for which district: this deployment's own ledger keys for its own, a trusted one's for those named."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import msgspec
from joserfc.jwk import KeySet
from yanxiu_wire.signed import NotSigned, read_keys


class TrustUnusable(Exception):
    """The file of trusted ledgers cannot be read, or does not say who speaks for which districts."""


class Deployment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another deployment as its operator is trusted: its districts, and the public keys of its ledgers (JWKs)."""

    districts: tuple[str, ...]
    keys: tuple[Mapping[str, Any], ...]


class Trusted(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of this deployment, and by district those of the deployment that speaks for it."""

    own: KeySet
    others: Mapping[str, KeySet]

    def speaking_for(self, district: str, homes: Collection[str]) -> KeySet | None:
        """Return the keys that may sign for a district, None where nobody may; `homes` are this deployment's own.

        A district of this deployment is spoken for by its own keys alone, whatever the file says.
        """
        return self.own if district in homes else self.others.get(district)


def trusted_keys(own: KeySet, others: Path | None) -> Trusted:
    """Read `{"<deployment>": {"districts": [...], "keys": [...]}}`.

    Raises `TrustUnusable` for a file that is none, and where two deployments would speak for one district.
    """
    if others is None:
        return Trusted(own=own, others={})
    try:
        named = msgspec.json.decode(others.read_text(encoding="utf-8"), type=dict[str, Deployment])
        speaking: dict[str, KeySet] = {}
        for name, one in named.items():
            keys = read_keys(msgspec.json.encode({"keys": one.keys}).decode())
            for district in one.districts:
                if district in speaking:
                    raise NotSigned(f"{district} is spoken for twice, the second time by {name}")
                speaking[district] = keys
    except (OSError, ValueError, NotSigned) as error:
        problem = "no file of trusted ledgers with their districts (信任的台账及其区县不可用)"
        raise TrustUnusable(f"{others}: {problem}: {error}") from error
    return Trusted(own=own, others=speaking)
