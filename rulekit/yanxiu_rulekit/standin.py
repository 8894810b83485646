"""A pack's folder as if it were installed, so that what is checked and tested is the folder, installed or not."""

from __future__ import annotations

import importlib
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from yanxiu_rulekit.casefile import GROUP, pack_modules


@contextmanager
def standing_in(folder: Path) -> Iterator[None]:
    """Let the packs that a folder's pyproject.toml offers be found while this lasts; a no-op where they already are.

    What is imported of them is forgotten afterwards, so that a file changed in between is read anew. Not for threads:
    the interpreter's own path is changed.
    """
    folder = folder.resolve()
    modules = [module for module in pack_modules(folder) if not _is_installed(folder, module)]
    if not modules:
        yield
        return
    tops = {module.partition(".")[0] for module in modules}
    with tempfile.TemporaryDirectory(prefix="yanxiu-pack-") as made:
        _write_metadata(Path(made), folder)
        kept = _forget(tops)
        path = [made, str(folder)]
        sys.path[:0] = path
        importlib.invalidate_caches()
        try:
            yield
        finally:
            for one in path:
                sys.path.remove(one)
            _forget(tops)
            sys.modules.update(kept)
            importlib.invalidate_caches()


def _is_installed(folder: Path, module: str) -> bool:
    """Tell whether the pack that would be loaded under this name is the folder's own."""
    spec = find_spec(module.partition(".")[0])
    found = spec is not None and spec.origin is not None and folder in Path(spec.origin).resolve().parents
    return found and any(entry.module == module for entry in entry_points(group=GROUP))


def _forget(tops: set[str]) -> dict[str, Any]:
    """Take the modules of some packages out of those imported, and return them."""
    names = [name for name in sys.modules if name.partition(".")[0] in tops]
    return {name: sys.modules.pop(name) for name in names}


def _write_metadata(home: Path, folder: Path) -> None:
    """Write what an installer would have written of the folder's distribution."""
    project: Mapping[str, Any] = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name, version = str(project.get("name", folder.name)), str(project.get("version", "0"))
    info = home / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    needs = "".join(f"Requires-Dist: {one}\n" for one in project.get("dependencies", ()))
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}"
    (info / "METADATA").write_text(head, encoding="utf-8")
    offered = "".join(f"{key} = {value}\n" for key, value in project["entry-points"][GROUP].items())
    (info / "entry_points.txt").write_text(f"[{GROUP}]\n{offered}", encoding="utf-8")
