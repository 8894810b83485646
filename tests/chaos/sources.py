"""A copy of the sources that processes run instead of the editable installation."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What the editable installation reads, and so a copy of it comes before.
_PACKAGES = (
    *("cli", "durable", "footing", "gateway", "services/credits", "services/registry", "services/visits", "wire"),
    "rulekit",
)


class Sources:
    """The sources in `folder`, to be changed at will."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # With the bytecode: a copied file keeps its time, and each process would compile all of them again.
        for name in _PACKAGES:
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("node_modules"))

    @property
    def environment(self) -> dict[str, str]:
        """What makes a process run them."""
        return {"PYTHONPATH": os.pathsep.join(str(self.folder / name) for name in _PACKAGES)}

    def read(self, file: str) -> str:
        """The text of a file, by its path in the repository."""
        return (self.folder / file).read_text(encoding="utf-8")

    def write(self, file: str, text: str) -> None:
        """Put this text into a file."""
        (self.folder / file).write_text(text, encoding="utf-8")
