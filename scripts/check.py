"""Format, style, borders, types and manifests: every check at once, each told whole when it ends.

Started by `make check`, and by `make test` beside the tests (`--yielding`), which wait for servers and disks a tenth of
their time: then at the lowest priority, so that no test waits for a check.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sysconfig.get_path("scripts"))
# The longest first.
CHECKS = (
    (str(BIN / "basedpyright"),),
    (sys.executable, "scripts/manifests.py", "check"),
    (str(BIN / "lint-imports"), "--no-logo"),
    (str(BIN / "ruff"), "check", "."),
    (str(BIN / "ruff"), "format", "--check", "."),
)


def held(call: tuple[str, ...]) -> bool:
    """Run one check and tell what it said; returns whether it holds."""
    done = subprocess.run(call, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)  # noqa: S603  our own
    named = " ".join(Path(word).name if Path(word).is_absolute() else word for word in call)
    sys.stderr.write(f"\n==> {named}{'' if done.returncode == 0 else ': 未通过 / FAILED'}\n{done.stdout}")
    sys.stderr.flush()
    return done.returncode == 0


def main() -> int:
    """Run all of them, as many at once as there are cores; 1 when one does not hold."""
    if "--yielding" in sys.argv[1:]:
        os.nice(19)
    with ThreadPoolExecutor(os.cpu_count()) as several:
        return 0 if all(list(several.map(held, CHECKS))) else 1


if __name__ == "__main__":
    sys.exit(main())
