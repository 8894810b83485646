"""`yanxiu cases FILE...`: run case files against the installed rule packs and explain each one that fails."""

from __future__ import annotations

import sys
from pathlib import Path

from yanxiu_rulekit.cases import report


def cases(*files: Path) -> int:
    """运行用例文件（.json 或 .toml），逐一说明不符之处。Run case files; each failure is explained.

    末行为 `N passed, M failed`；有不符的退出码 1，文件无法读取的退出码 2。
    Exit code 1 when a case failed, 2 when a file cannot be read.

    Parameters
    ----------
    files
        用例文件。Case files: golden cases in JSON, a pack's own cases in TOML.
    """
    return report(files, sys.stdout, sys.stderr)
