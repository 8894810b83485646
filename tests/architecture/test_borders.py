"""The borders of the house: the lists in import-linter's contracts are complete (`make check` holds the contracts)."""

from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path

from tests.architecture.tree import ROOT, modules, parsed, relative

CONTRACTS = {
    one["id"]: one for one in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}
# What a rule pack may import beside the standard library and itself.
PACK_MAY_IMPORT = {"yanxiu_rulekit", "__future__"}


def test_every_contract_has_its_sentence() -> None:
    assert len(CONTRACTS) > 10
    assert all(len(one["name"].split()) > 5 for one in CONTRACTS.values())


def test_every_module_that_judges_is_under_the_contract_of_purity() -> None:
    listed = set(CONTRACTS["assess-is-pure"]["source_modules"])
    found = {
        ".".join(path.relative_to(ROOT / relative(path).partition("/yanxiu_")[0]).with_suffix("").parts)
        for path in modules()
        if relative(path).startswith(("services/", "footing/")) and path.name.startswith("assess")
    }
    assert found, "there is something that judges"
    assert found == listed


def test_what_judges_never_awaits() -> None:
    for path in modules():
        if relative(path).startswith("services/") and path.name.startswith("assess"):
            awaits = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Await | ast.AsyncFunctionDef)]
            assert not awaits, f"{relative(path)}:{awaits[0].lineno} awaits"


def test_a_rule_pack_imports_only_the_kit_and_the_standard_library() -> None:
    wrong = []
    for path in modules():
        parts = relative(path).split("/")
        if parts[0] != "plugins" or not parts[2].startswith("yanxiu_"):
            continue
        allowed = PACK_MAY_IMPORT | {parts[2]} | sys.stdlib_module_names
        wrong += [f"{relative(path)}:{line} imports {name}" for name, line in _imported(path) if name not in allowed]
    assert not wrong, wrong


def test_only_main_reads_the_environment_and_opens_connections() -> None:
    """Only `__main__` constructs: nothing else in a service reads settings or connects."""
    wrong = []
    for path in modules():
        if not relative(path).startswith(("services/", "gateway/")) or path.name == "__main__.py":
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and _dotted(node.func) in ("read_settings", "Bus.connect", "os.getenv"):
                wrong.append(f"{relative(path)}:{node.lineno} calls {_dotted(node.func)}")
            if isinstance(node, ast.Attribute) and _dotted(node) == "os.environ":
                wrong.append(f"{relative(path)}:{node.lineno} reads os.environ")
    assert not wrong, wrong


def _dotted(node: ast.expr) -> str:
    """`name` or `name.attribute`, else nothing; to print every expression of the services again takes seconds."""
    if isinstance(node, ast.Name):
        return node.id
    return (
        f"{node.value.id}.{node.attr}" if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) else ""
    )


def test_the_store_imports_no_use_case() -> None:
    """In a service the store knows tables, the shapes it stores and its neighbours; verbs are above it."""
    wrong = []
    for path in modules():
        parts = relative(path).split("/")
        if parts[0] != "services" or "store" not in parts[:-1]:
            continue
        verbs = _use_cases(path.parents[len(parts) - parts.index("store") - 1])
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ImportFrom) and node.module in verbs:
                wrong.append(f"{relative(path)}:{node.lineno} imports the use case {node.module}")
    assert not wrong, wrong


def _use_cases(package: Path) -> set[str]:
    """Modules of a service that hold the function they are named after: one use case, one file, one verb."""
    found = set()
    for path in package.glob("*.py"):
        functions = {node.name for node in parsed(path).body if isinstance(node, ast.AsyncFunctionDef)}
        if path.stem in functions:
            found.add(f"{package.name}.{path.stem}")
    return found


def _imported(path: Path) -> list[tuple[str, int]]:
    """Top-level names that a module imports, with their lines."""
    found = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found += [(alias.name.partition(".")[0], node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append((node.module.partition(".")[0], node.lineno))
    return found
