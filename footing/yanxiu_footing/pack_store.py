"""Versions of rule packs side by side: a folder with one folder for each distribution and version, beside what pip has.

`STORE/yanxiu-puer/2026.1/` holds what an installer puts for that version, and never changes: `yanxiu rules install`
fills it. A version is loaded from its own folder and its modules are taken out of those imported afterwards, so that
the next version of the same pack can be loaded in the same process.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.metadata import EntryPoint, distributions
from pathlib import Path
from types import ModuleType
from typing import Protocol, cast, runtime_checkable

import msgspec
from yanxiu_rulekit.errors import PackRefused
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.plugins import GROUP, Rulebook, load_packs

_LOADING = threading.Lock()


class VersionMissing(PackRefused):
    """A version that a binding names is nowhere; `found` are the versions of the pack that there are, sorted."""

    def __init__(self, pack: str, version: str, found: Iterable[str]) -> None:
        self.pack = pack
        self.version = version
        self.found = tuple(sorted(found))
        there = ", ".join(self.found) or "none"
        super().__init__(f"{pack}: the version {version} is not installed (there: {there}); install it beside them")


@runtime_checkable
class Releases(Protocol):
    """A rulebook that has more than one version of a pack."""

    def release(self, jurisdiction: str, version: str) -> RulePack:
        """Return that version of a pack; raises `VersionMissing`, or `PackRefused` where it may not serve."""
        ...


@cache
def _keeps_releases(kind: type[Rulebook]) -> bool:
    # Asked for each command, and Python looks through all names of a protocol each time.
    return issubclass(kind, Releases)


def release_of(rulebook: Rulebook, jurisdiction: str, version: str | None) -> RulePack:
    """Return a version of a pack, the one of the environment when none is named.

    Raises `VersionMissing`, or `PackRefused` with the reason where the pack may not serve.
    """
    if version is None:
        return rulebook.pack(jurisdiction)
    if _keeps_releases(type(rulebook)):
        return cast("Releases", rulebook).release(jurisdiction, version)
    pack = rulebook.packs.get(jurisdiction)
    if pack is None or pack.version != version:
        raise VersionMissing(jurisdiction, version, [pack.version] if pack else [])
    return pack


class PackStore:
    """The versions in a folder; without one, there are none. What was loaded stays loaded."""

    def __init__(self, folder: Path | str | None) -> None:
        self._folder = Path(folder) if folder is not None else None
        self._loaded: dict[tuple[str, str], Rulebook] = {}
        # Functions of a version live in its modules, which nothing else holds any more.
        self._modules: list[Mapping[str, ModuleType]] = []

    def names(self) -> frozenset[str]:
        """The jurisdictions of which there is any version."""
        return frozenset(entry.name for folder in self._folders() for entry in entries_in(folder))

    def versions(self, jurisdiction: str) -> dict[str, Path]:
        """The versions of a pack that there are, each with its folder."""
        return {
            entry.dist.version: folder
            for folder in self._folders()
            for entry in entries_in(folder)
            if entry.name == jurisdiction and entry.dist is not None
        }

    def load(self, jurisdiction: str, version: str) -> Rulebook:
        """Load a version that there is, once; whatever an import raises beside an `Exception` is raised."""
        key = (jurisdiction, version)
        if key not in self._loaded:
            with _alone_on_path(self.versions(jurisdiction)[version], self._modules) as entries:
                book = load_packs([one for one in entries if one.name == jurisdiction])
                for pack in book.packs.values():
                    _settle(pack)
            self._loaded[key] = _as_named(book, jurisdiction, version)
        return self._loaded[key]

    def _folders(self) -> list[Path]:
        if self._folder is None:
            return []
        return sorted(one for one in self._folder.glob("[!.]*/[!.]*") if one.is_dir())


class Beside(Rulebook):
    """Packs that this process has loaded, and the versions of a store beside them."""

    def __init__(self, rulebook: Rulebook, store: PackStore) -> None:
        super().__init__(rulebook.packs, rulebook.broken)
        self._store = store

    def release(self, jurisdiction: str, version: str) -> RulePack:
        """Return that version of a pack, from the environment where it is that one."""
        own = self.packs.get(jurisdiction)
        if own is not None and own.version == version:
            return own
        stored = self._store.versions(jurisdiction)
        if version not in stored:
            raise VersionMissing(jurisdiction, version, {*stored, *([own.version] if own else [])})
        return self._store.load(jurisdiction, version).pack(jurisdiction)


def entries_in(folder: Path) -> tuple[EntryPoint, ...]:
    """The packs in the folder of a version, by what its distribution says of itself."""
    return _entries(str(folder), folder.stat().st_mtime_ns)


@lru_cache(maxsize=1024)
def _entries(folder: str, _changed: int) -> tuple[EntryPoint, ...]:
    return tuple(entry for one in distributions(path=[folder]) for entry in one.entry_points if entry.group == GROUP)


@contextlib.contextmanager
def _alone_on_path(folder: Path, kept: list[Mapping[str, ModuleType]]) -> Iterator[tuple[EntryPoint, ...]]:
    """Let a folder's modules be found before all others while this lasts; `kept` gets what was imported of them."""
    entries = entries_in(folder)
    tops = {module for module in top_modules(folder) if module != "yanxiu_rulekit"}
    with _LOADING:
        others = _forget(tops)
        sys.path.insert(0, str(folder))
        importlib.invalidate_caches()
        try:
            yield entries
        finally:
            sys.path.remove(str(folder))
            kept.append(_forget(tops))
            sys.modules.update(others)
            importlib.invalidate_caches()


def top_modules(folder: Path) -> frozenset[str]:
    """The modules that a folder adds to the interpreter's path."""
    files = [one for one in folder.iterdir() if one.suffix == ".py" or (one.is_dir() and one.name.isidentifier())]
    return frozenset(one.stem for one in files) - {"__pycache__"}


def _forget(tops: set[str]) -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name.partition(".")[0] in tops]
    return {name: sys.modules.pop(name) for name in names}


def _settle(pack: RulePack) -> None:
    """Have the types of its facts resolved while its modules are found by their names."""
    for decision in pack.decisions.values():
        msgspec.json.Decoder(decision.facts)


def _as_named(book: Rulebook, jurisdiction: str, version: str) -> Rulebook:
    pack = book.packs.get(jurisdiction)
    if pack is None or pack.version == version:
        return book
    return Rulebook({}, {jurisdiction: f"its distribution is version {version} and its pack says {pack.version}"})
