"""The packs of a cell: each is looked for and loaded when it is first asked for, and no other is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from yanxiu_rulekit.errors import PackRefused
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.plugins import Rulebook, load_drafts, load_packs
from yanxiu_wire import log

from yanxiu_footing.fence.installed import (
    entries_of,
    environment_version,
    installed_names,
    versions_of,
    what_is_installed,
)
from yanxiu_footing.pack_store import PackStore, VersionMissing, top_modules

_log = log.logger()
_SHUNNED = "it took a process with it a moment ago, and is not tried again here"

Using = Callable[[str, str], None]
"""`(jurisdiction, what is installed)`: called before a pack is loaded, since loading it may never end."""


class LazyPacks(Rulebook):
    """A rulebook in which a pack appears when it is asked for; `roots` are the top modules of those that did.

    Those `shunned` are broken without being looked at.
    """

    def __init__(self, using: Using, shunned: Collection[str] = (), store: PackStore | None = None) -> None:
        super().__init__({}, {})
        self.packs: Mapping[str, RulePack] = _Asked(self)
        self.roots: dict[str, str] = {}
        self.last = ""
        self._loaded: dict[str, Rulebook] = {}
        self._releases: dict[tuple[str, str], RulePack] = {}
        self._missing: dict[tuple[str, str], frozenset[str]] = {}
        self._using = using
        self._shunned = frozenset(shunned)
        self._store = store or PackStore(None)

    def pack(self, jurisdiction: str) -> RulePack:
        """Return the pack of a jurisdiction; raises `PackRefused` with the reason when it may not serve."""
        self.last = jurisdiction
        if jurisdiction not in self._loaded:
            self._loaded[jurisdiction] = self._load(jurisdiction)
        return self._loaded[jurisdiction].pack(jurisdiction)

    def release(self, jurisdiction: str, version: str) -> RulePack:
        """Return a version of a pack, from the environment where it is that one, else from the store."""
        self.last = jurisdiction
        key = (jurisdiction, version)
        if key in self._missing:
            raise VersionMissing(jurisdiction, version, self._missing[key])
        if key not in self._releases:
            self._releases[key] = self._release(jurisdiction, version)
        return self._releases[key]

    def _release(self, jurisdiction: str, version: str) -> RulePack:
        stored = self._store.versions(jurisdiction)
        if environment_version(jurisdiction) == version:
            pack = self.pack(jurisdiction)
            if pack.version == version:
                return pack
        elif version in stored:
            return self._stored(jurisdiction, version, stored[version]).pack(jurisdiction)
        # Once it is installed, what is installed is another thing, and so the cell is replaced.
        self._using(jurisdiction, what_is_installed([jurisdiction], self._store)[jurisdiction])
        self._missing[jurisdiction, version] = versions_of(jurisdiction, self._store)
        raise VersionMissing(jurisdiction, version, self._missing[jurisdiction, version])

    def _stored(self, jurisdiction: str, version: str, folder: Path) -> Rulebook:
        key = f"{jurisdiction} {version}"
        if key not in self._loaded:
            if jurisdiction in self._shunned:
                return Rulebook({}, {jurisdiction: _SHUNNED})
            self._using(jurisdiction, what_is_installed([jurisdiction], self._store)[jurisdiction])
            self.roots.update(dict.fromkeys(top_modules(folder), jurisdiction))
            self._loaded[key] = self._caught(jurisdiction, lambda: self._store.load(jurisdiction, version))
        return self._loaded[key]

    def jurisdictions(self) -> tuple[str, ...]:
        """Return the jurisdictions of all packs that are installed, sorted; none is loaded for that."""
        return tuple(sorted(installed_names()))

    def serving(self) -> Iterator[str]:
        """The jurisdictions of all packs that are installed and serve; each is loaded for that."""
        return (name for name in sorted(installed_names()) if name in self.packs)

    def _load(self, jurisdiction: str) -> Rulebook:
        if jurisdiction in self._shunned:
            return Rulebook({}, {jurisdiction: _SHUNNED})
        self._using(jurisdiction, what_is_installed([jurisdiction], self._store)[jurisdiction])
        found = entries_of(jurisdiction)
        for entry in found:
            self.roots[entry.module.partition(".")[0]] = jurisdiction
        return self._caught(jurisdiction, lambda: load_packs(found))

    def _caught(self, jurisdiction: str, load: Callable[[], Rulebook]) -> Rulebook:
        try:
            book = load()
        except BaseException as error:  # noqa: BLE001 - a pack is foreign code, and nothing is awaited here
            # What the kit lets through is no error by its kind, such as SystemExit; the pack cannot be loaded.
            book = Rulebook({}, {jurisdiction: f"raised {type(error).__name__} while it was loaded"})
        if jurisdiction not in book.packs and book.packs:
            names = ", ".join(sorted(book.packs))
            book = Rulebook({}, {jurisdiction: f"its entry point gives the law of {names}; name it after that"})
        for name, reason in book.broken.items():
            _log.error("rule-pack-refused", pack=name, reason=reason)
        return book


class _Asked(Mapping[str, RulePack]):
    """The packs by jurisdiction: to ask is to load, and to look through all is to load all."""

    def __init__(self, of: LazyPacks) -> None:
        self._of = of

    def __getitem__(self, jurisdiction: str) -> RulePack:
        try:
            return self._of.pack(jurisdiction)
        except PackRefused:
            raise KeyError(jurisdiction) from None

    def __iter__(self) -> Iterator[str]:
        return self._of.serving()

    def __len__(self) -> int:
        return sum(1 for _ in self)


class LazyDrafts(Mapping[str, RulePack]):
    """The packs installed for previews, by "name version", loaded when a preview first asks for one."""

    def __init__(self) -> None:
        self._found: Mapping[str, RulePack] | None = None

    def _all(self) -> Mapping[str, RulePack]:
        if self._found is None:
            book = load_drafts()
            for name, reason in sorted(book.broken.items()):
                _log.warning("draft-pack-refused", pack=name, reason=reason)
            self._found = book.packs
        return self._found

    def __getitem__(self, release: str) -> RulePack:
        return self._all()[release]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def kit_or_pack(module: Any, roots: Mapping[str, str]) -> str | None:
    """Whose code a module's name belongs to: the jurisdiction of a loaded pack, "" for the kit, None for others."""
    root = str(module).partition(".")[0]
    return "" if root == "yanxiu_rulekit" else roots.get(root)
