"""What a formula reaches beyond its facts and its law: imports, clocks, files, other code, inexact numbers."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator
from types import ModuleType

KIT = "yanxiu_rulekit"
# The kit's modules that a pack imports from: what it offers as a whole, columns, and words that only types need.
OPEN = frozenset({KIT, *(f"{KIT}.{name}" for name in ("columns", "decision", "numbers", "visitfacts"))})
# Standard modules that see no clock, chance, machine or network, and give no inexact numbers; all others do or may.
PURE = frozenset(
    {"__future__", "abc", "bisect", "calendar", "collections", "copy", "dataclasses", "datetime", "decimal", "enum"}
    | {"fractions", "functools", "graphlib", "heapq", "itertools", "json", "keyword", "numbers", "operator", "re"}
    | {"string", "textwrap", "typing", "unicodedata"}
)
CLOCKS = frozenset({"now", "utcnow", "today", "fromtimestamp", "utcfromtimestamp"})
# Names that lead out of a formula: files, other code, modules by name.
OUTSIDE = frozenset(
    {"open", "eval", "exec", "compile", "__import__", "__builtins__", "__loader__", "__spec__", "globals", "locals"}
    | {"input", "print", "breakpoint"}
)
# Attributes by which Python's own machinery is reached without an import.
INNARDS = frozenset({"__subclasses__", "__globals__", "__builtins__", "__code__", "__bases__", "__mro__", "__import__"})
_BY_NAME = frozenset({"getattr", "attrgetter", "methodcaller"})

# A line, and the problem's code, what is wrong and what to do, each in both languages.
Found = tuple[int, str, tuple[str, str], tuple[str, str]]

_ONLY_FACTS = ("公式只看事实和法规，别无其他；去掉它", "a formula sees its facts and its law and nothing else")
_ONLY_KIT = (f"规则包只导入 {KIT} 和标准库；去掉它", f"a pack imports {KIT} and the standard library only")
_PUBLIC = (
    f"只导入 {KIT} 公开的名称：from {KIT} import …",
    f"import only what the kit offers: from {KIT} import ...",
)
_NOTHING_ELSE = ("公式不碰事实以外的东西；去掉它", "a formula touches nothing outside its facts; take it out")
_DAY = ("日期取自事实或 law.on", "take the day from the facts or from law.on")
_EXACT = ("公式须精确：用 Decimal", "a formula is exact: use Decimal")


def reached(tree: ast.Module, module: str) -> Iterator[Found]:
    """Yield what a module of the pack `module` imports or uses that is no formula's."""
    own = module.partition(".")[0]
    days = frozenset(_days(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _imported(tree, node.lineno, alias.name, None, own)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            for alias in node.names:
                yield from _imported(tree, node.lineno, node.module or "", alias.name, own)
        elif isinstance(node, ast.expr):
            yield from _used(node, days)


def _imported(tree: ast.Module, line: int, module: str, name: str | None, own: str) -> Iterator[Found]:
    top = module.partition(".")[0]
    said = (f"导入了 {module}", f"imports {module}")
    if top == KIT:
        if module not in OPEN or name is None or not _is_offered(module, name):
            whole = f"{module}.{name}" if name else module
            yield line, "OUTSIDE_REACH", (f"导入了 {whole}", f"imports {whole}"), _PUBLIC
    elif top == own or top in PURE or (module == "msgspec" and _only_meta(tree, name)):
        return
    elif top in sys.stdlib_module_names:
        yield line, "OUTSIDE_REACH", said, _ONLY_FACTS
    else:
        yield line, "FOREIGN_IMPORT", said, _ONLY_KIT


def _is_offered(module: str, name: str) -> bool:
    """Say whether a module of the kit offers a name, and not merely uses it."""
    home = importlib.import_module(module)
    if hasattr(home, "__all__"):
        return name in home.__all__
    thing = getattr(home, name, None)
    if name.startswith("_") or isinstance(thing, ModuleType):
        return False
    return not (isinstance(thing, type) or callable(thing)) or str(getattr(thing, "__module__", KIT)).startswith(
        (KIT, "collections.abc", "typing")
    )


def _only_meta(tree: ast.Module, name: str | None) -> bool:
    """Say whether msgspec is there for `Meta` alone, with which a fact is named and bounded."""
    if name is not None:
        return name == "Meta"
    of = [one.attr for one in ast.walk(tree) if isinstance(one, ast.Attribute) and ast.unparse(one.value) == "msgspec"]
    return bool(of) and set(of) == {"Meta"}


def _days(tree: ast.Module) -> Iterator[str]:
    """Yield the names under which a module has `datetime` or its classes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.asname or one.name for one in node.names if one.name == "datetime")
        elif isinstance(node, ast.ImportFrom) and node.module == "datetime":
            yield from (one.asname or one.name for one in node.names)


def _used(node: ast.expr, days: frozenset[str]) -> Iterator[Found]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in OUTSIDE:
        yield node.lineno, "OUTSIDE_REACH", (f"用了 {node.id}", f"uses {node.id}"), _NOTHING_ELSE
    elif isinstance(node, ast.Attribute) and node.attr in INNARDS:
        yield node.lineno, "OUTSIDE_REACH", (f"用了 {node.attr}", f"uses {node.attr}"), _NOTHING_ELSE
    elif isinstance(node, ast.Attribute) and node.attr in CLOCKS and _root(node) in days:
        yield node.lineno, "CLOCK_READ", *_clock(node.attr)
    elif isinstance(node, ast.Call):
        yield from _called(node, days)


def _called(node: ast.Call, days: frozenset[str]) -> Iterator[Found]:
    if isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS and _root(node.func) not in days:
        yield node.lineno, "CLOCK_READ", *_clock(node.func.attr)
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name == "float":
        yield node.lineno, "INEXACT", ("用了浮点数 float", "calls float"), _EXACT
    elif name in _BY_NAME:
        for one in node.args[1:] if name == "getattr" else node.args:
            if isinstance(one, ast.Constant) and one.value in CLOCKS:
                yield node.lineno, "CLOCK_READ", *_clock(str(one.value))
            elif isinstance(one, ast.BinOp | ast.JoinedStr) or (
                isinstance(one, ast.Constant) and str(one.value).startswith("__")
            ):
                said = (f"{name} 的名称是拼成的", f"{name} is given a name put together")
                yield node.lineno, "OUTSIDE_REACH", said, _NOTHING_ELSE


def _clock(name: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (f"读取了时钟（{name}）", f"reads a clock ({name})"), _DAY


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
