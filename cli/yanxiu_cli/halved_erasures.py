"""Whether the copies of a backup agree on who was erased: none may lack a row that the register's copy was told of."""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_OTHERS = ("visits", "credits")


async def halved(files: Mapping[str, Path], district: str) -> list[str]:
    """Return the erasures that the register's copy has done and another service's has not, or not whole.

    The copies are made in turn: an erasure that runs meanwhile may clear a service after its copy and the register
    before. Put back, that copy would bring the names again, and no words to look for them by.
    """
    with tempfile.TemporaryDirectory(prefix="yanxiu-held-") as folder:
        scratch = Path(folder)
        done = await _service("registry").had_cleared(files["registry"], district, scratch)
        found = [await _service(one).not_cleared(files[one], district, done, scratch) for one in _OTHERS]
    return sorted({erasure for its in found for erasure in its})


def _service(name: str) -> Any:
    return importlib.import_module(f"yanxiu_{name}.backing_up")
