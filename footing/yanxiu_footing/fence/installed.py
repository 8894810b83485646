"""Which rule packs are installed, without loading one: what their distributions say of themselves."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Collection
from importlib.metadata import EntryPoint, entry_points

from yanxiu_rulekit.plugins import GROUP
from yanxiu_wire import log

from yanxiu_footing.pack_store import PackStore

NOTHING = "not installed"
_log = log.logger()


def entries_of(jurisdiction: str) -> list[EntryPoint]:
    """The entry points of that name as they are installed now: inside the fence a pack is found by its name."""
    importlib.invalidate_caches()
    return [one for one in entry_points(group=GROUP) if one.name == jurisdiction]


def installed_names() -> frozenset[str]:
    """The names of all packs that are installed at this moment."""
    importlib.invalidate_caches()
    return frozenset(one.name for one in entry_points(group=GROUP))


def what_is_installed(jurisdictions: Collection[str], store: PackStore | None = None) -> dict[str, str]:
    """For each of these jurisdictions a text that another version or file of it changes, or one more that is stored."""
    importlib.invalidate_caches()
    found: dict[str, list[str]] = {name: [] for name in jurisdictions}
    for entry in entry_points(group=GROUP):
        if entry.name in found:
            found[entry.name].append(_described(entry))
    if store is not None:
        for name, each in found.items():
            each += [f"stored {version}" for version in store.versions(name)]
    return {name: "; ".join(sorted(each)) or NOTHING for name, each in found.items()}


def environment_version(jurisdiction: str) -> str | None:
    """The version of the pack that is installed in the environment, by what its distribution says."""
    return next((one.dist.version for one in entries_of(jurisdiction) if one.dist is not None), None)


def versions_of(jurisdiction: str, store: PackStore) -> frozenset[str]:
    """All versions of a pack that a binding may name."""
    own = environment_version(jurisdiction)
    return frozenset(store.versions(jurisdiction)) | (frozenset() if own is None else {own})


def _described(entry: EntryPoint) -> str:
    if entry.dist is None:
        return entry.value
    listed = "".join(entry.dist.read_text(file) or "" for file in ("METADATA", "RECORD", "direct_url.json"))
    digest = hashlib.sha256(listed.encode()).hexdigest()[:16]
    return f"{entry.dist.name} {entry.dist.version} {entry.value} {digest}"


def report_missing(wanted: tuple[str, ...]) -> frozenset[str]:
    """Name in the log every pack that this deployment must have and has not; returns the names of those installed."""
    found = installed_names()
    for jurisdiction in wanted:
        if jurisdiction not in found:
            _log.error("rule-pack-missing", pack=jurisdiction, reason="no rule pack of this jurisdiction is installed")
    return found
