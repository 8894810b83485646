"""The mutants that no case can notice, each with the reason a reviewer agreed to: `mutants.toml` beside the cases."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec

from yanxiu_rulekit.errors import PackRefused
from yanxiu_rulekit.mutants.mutant import Mutant
from yanxiu_rulekit.toml import known_keys, read_toml, table_in, text_in

FILE = "mutants.toml"


class Excuses(msgspec.Struct, frozen=True):
    """Reasons by the mutant's key, which names its file, its definition and both wordings, and no line."""

    reasons: Mapping[str, str]

    def reason(self, mutant: Mutant) -> str:
        """Return why a mutant is equivalent; empty where nobody says so."""
        return self.reasons.get(mutant.key, "")


def load_excuses(folder: Path) -> Excuses:
    """Load a pack folder's `mutants.toml`, none where it has none; raises `PackRefused` naming entry and key."""
    file = folder / FILE
    if not file.is_file():
        return Excuses(MappingProxyType({}))
    whole = read_toml(file)
    known_keys(str(file), whole, required=("equivalent",))
    reasons: dict[str, str] = {}
    for index, entry in enumerate(whole["equivalent"]):
        where = f"{file}: equivalent[{index}]"
        table = table_in(where, entry)
        known_keys(where, table, required=("mutants", "reason"))
        reason = text_in(where, table, "reason")
        for key in table["mutants"]:
            if key in reasons:
                raise PackRefused(f"{where}: {key!r} is excused twice; keep one")
            reasons[str(key)] = reason
    return Excuses(MappingProxyType(reasons))
