"""The installed rule packs, read once for all tests of a process: what is read of one is changed by nobody."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points

from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.plugins import GROUP


class Installed:
    """Stands before `yanxiu_rulekit.plugins.packs_of`, which reads a pack's files at every call.

    Packs that tests make up, or install elsewhere under the same name, are read as ever.
    """

    def __init__(self, read: Callable[[EntryPoint], list[RulePack]]) -> None:
        self._read = read
        self._known: dict[tuple[EntryPoint, str], list[RulePack] | None] = {
            (one, _place(one)): None for one in entry_points(group=GROUP)
        }

    def packs_of(self, entry: EntryPoint) -> list[RulePack]:
        """What the entry point offers."""
        key = (entry, _place(entry))
        if key not in self._known:
            return self._read(entry)
        found = self._known[key]
        if found is None:
            found = self._known[key] = self._read(entry)
        return list(found)


def _place(entry: EntryPoint) -> str:
    return str(entry.dist.locate_file("")) if entry.dist else ""
