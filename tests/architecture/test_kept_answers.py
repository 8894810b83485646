"""What a query answers rests on messages alone: its fields read no clock, no file, no chance, nothing of the process.

The gateway tells a kept answer again where every service says the same (ADR 0041), so a field that looked elsewhere
would be told as it was.
"""

from __future__ import annotations

import ast

import pytest

from tests.architecture.tree import ROOT

GATEWAY = ROOT / "gateway" / "yanxiu_gateway"
# Events of subscriptions, and the tools that write the schema and its list: none answers a query.
NOT_QUERIES = {"watching.py", "snapshot.py", "listed.py"}
ELSEWHERE = frozenset(
    {
        "time",
        "os",
        "random",
        "secrets",
        "socket",
        "pathlib",
        "subprocess",
        "tempfile",
        "uuid",
        "uuid_utils",
        "importlib",
    }
)
CLOCK = frozenset({"now", "today", "utcnow"})
READS = sorted(
    [
        *(
            one
            for part in ("schema", "execution")
            for one in (GATEWAY / part).glob("*.py")
            if one.name not in NOT_QUERIES
        ),
        *GATEWAY.glob("*_reads.py"),
        *(GATEWAY / name for name in ("loaders.py", "ahead.py", "edges.py", "names.py", "when_asked.py")),
    ]
)


def test_fields_of_queries_look_at_messages_alone() -> None:
    looked = {one.name: elsewhere(ast.parse(one.read_text(encoding="utf-8"))) for one in READS}
    assert len(looked) > 100
    assert {name: found for name, found in looked.items() if found} == {}


@pytest.mark.parametrize(
    "text", ["import time", "from pathlib import Path", "import os.path", "at = datetime.now(UTC)", "date.today()"]
)
def test_what_looks_elsewhere_is_found(text: str) -> None:
    assert elsewhere(ast.parse(text))


def elsewhere(tree: ast.AST) -> list[str]:
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [one.name for one in node.names if one.name.split(".")[0] in ELSEWHERE]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ELSEWHERE:
            found.append(node.module or "")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK:
            found.append(ast.unparse(node))
    return found
