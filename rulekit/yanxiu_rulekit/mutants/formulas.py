"""The mutants of a pack's formulas: every change of every definition that its decisions rest on."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from types import CodeType

import msgspec

from yanxiu_rulekit.mutants import operators
from yanxiu_rulekit.mutants.mutant import Mutant
from yanxiu_rulekit.mutants.reach import Reach
from yanxiu_rulekit.mutants.worded import worded

Step = tuple[ast.AST, str, int | None]
Lines = tuple[str, int, int]
# Fields of the syntax that hold types, or what a declaration is made with.
_NOT_FORMULAS = frozenset({"annotation", "returns", "decorator_list", "bases"})
_OF_THE_LANGUAGE = frozenset({"strict", "frozen", "kw_only", "reverse"})


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """A mutant of a formula: the module, and where its syntax tree is changed.

    `near` are the lines, by file, of the definition; `far` those of all that reads it, since it may be run, or be put
    into a table, when it is imported.
    """

    mutant: Mutant
    module: str
    at: Step
    node: ast.AST
    near: Lines
    far: tuple[Lines, ...]

    def code(self, tree: ast.Module) -> CodeType:
        """Compile the module with this change, and leave the tree as it was."""
        parent, field, index = self.at
        before = getattr(parent, field) if index is None else getattr(parent, field)[index]
        _put(self.at, self.node)
        try:
            return compile(ast.fix_missing_locations(tree), self.mutant.file, "exec")
        finally:
            _put(self.at, before)


def _put(at: Step, node: object) -> None:
    parent, field, index = at
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node


def trees_of(home: Path, module: str) -> dict[str, tuple[Path, ast.Module]]:
    """Return every module of an import package with its file and syntax tree."""
    found: dict[str, tuple[Path, ast.Module]] = {}
    for file in sorted(home.rglob("*.py")):
        parts = file.relative_to(home).with_suffix("").parts
        name = ".".join((module, *(part for part in parts if part != "__init__")))
        found[name] = (file, ast.parse(file.read_text(encoding="utf-8")))
    return found


def edits(
    trees: Mapping[str, tuple[Path, ast.Module]], root: Path, *, clauses: Collection[str], alike: Mapping[str, str]
) -> Iterator[Edit]:
    """Yield every change of what the decisions rest on, in the order of files and lines."""
    reach = Reach({module: tree for module, (_, tree) in trees.items()})
    used = reach.of_decisions()
    order = dict(pairwise((*clauses, *clauses)))
    for (module, name), statement in reach.defined.items():
        if (module, name) not in used:
            continue
        file, tree = trees[module]
        walk = _Walk(worded(tree), order, alike)
        readers = reach.of_readers((module, name))
        far = tuple(sorted(_lines(trees[one][0], reach.defined[one, it]) for one, it in readers))
        counts = Counter[tuple[str, str]]()
        for at, change, old, new, line in walk.below(_place(tree, statement, name), runs=False):
            wording = (_shown(old), _shown(new))
            mutant = Mutant(
                file=file.relative_to(root).as_posix(),
                line=line,
                within=name,
                change=change,
                original=wording[0],
                mutant=wording[1],
                nth=counts[wording],
            )
            counts[wording] += 1
            near = _lines(file, statement)
            yield Edit(mutant=mutant, module=module, at=at, node=new, near=near, far=far)


def _place(tree: ast.Module, statement: ast.stmt, name: str) -> Step:
    """Return where a definition stands: its statement, or of several names assigned at once its own value."""
    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Tuple):
        target = statement.targets[0]
        if isinstance(target, ast.Tuple) and len(target.elts) == len(statement.value.elts):
            names = [one.id if isinstance(one, ast.Name) else "" for one in target.elts]
            return statement.value, "elts", names.index(name)
    return tree, "body", tree.body.index(statement)


def _lines(file: Path, statement: ast.stmt) -> Lines:
    first = min([statement.lineno, *(one.lineno for one in getattr(statement, "decorator_list", []))])
    return str(file), first, statement.end_lineno or first


def _shown(node: ast.AST) -> str:
    if isinstance(node, ast.comprehension):
        return f"for {ast.unparse(node.target)} in …" + "".join(f" if {ast.unparse(one)}" for one in node.ifs)
    if isinstance(node, ast.If):
        return f"if {ast.unparse(node.test)}: {ast.unparse(node.body[-1]).splitlines()[0]}"
    return " ".join(ast.unparse(node).split())


Found = tuple[Step, str, ast.AST, ast.AST, int]


class _Walk:
    """Goes through one definition and finds what may be changed in it."""

    def __init__(self, said: frozenset[int], clauses: Mapping[str, str], alike: Mapping[str, str]) -> None:
        self._said = said
        self._clauses = clauses
        self._alike = alike
        self._compared: set[int] = set()
        self._lists: set[int] = set()
        self._named: set[int] = set()

    def below(self, at: Step, *, runs: bool, line: int = 0) -> Iterator[Found]:
        """Yield the changes of the node at a place and of all below it; `runs`: inside a function, not at import."""
        parent, field, index = at
        node = getattr(parent, field) if index is None else getattr(parent, field)[index]
        if id(node) in self._said:
            return
        line = getattr(node, "lineno", line)
        self._mark(node, runs=runs)
        for change, new in self._changes(node):
            yield at, change, node, ast.copy_location(new, node) if hasattr(node, "lineno") else new, line
        for step, inside in _parts(node, runs=runs or isinstance(node, ast.Lambda)):
            yield from self.below(step, runs=inside, line=line)

    def _mark(self, node: ast.AST, *, runs: bool) -> None:
        if isinstance(node, ast.Compare):
            self._compared |= {id(side) for side in (node.left, *node.comparators)}
            self._lists |= {id(side) for side in (node.left, *node.comparators)}
        elif isinstance(node, ast.Assign | ast.AnnAssign) and not runs and node.value is not None:
            value = node.value
            self._lists.add(id(value.args[0] if isinstance(value, ast.Call) and len(value.args) == 1 else value))
        elif not runs and isinstance(node, ast.Call):
            self._named |= {id(one) for one in (*node.args, *(keyword.value for keyword in node.keywords))}

    def _changes(self, node: ast.AST) -> Iterator[operators.Changed]:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value in self._clauses:
                yield "clause swapped", ast.Constant(self._clauses[node.value])
            elif id(node) in self._compared:
                yield from operators.other_text(node)
            elif id(node) in self._named and node.value in self._alike:
                yield "parameter swapped", ast.Constant(self._alike[node.value])
        elif isinstance(node, ast.Attribute):
            yield from operators.other_parameter(node, self._alike)
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            if id(node) in self._lists:
                yield from operators.listed(node)
        elif type(node) in operators.OPERATORS:
            yield from operators.OPERATORS[type(node)](node)


def _parts(node: ast.AST, *, runs: bool) -> Iterator[tuple[Step, bool]]:
    """Yield what stands in a node and may be changed; of a decision's declaration, how its day is found."""
    for name, value in ast.iter_fields(node):
        if name in _NOT_FORMULAS or (isinstance(node, ast.ClassDef) and name == "keywords"):
            continue
        inside = runs or (isinstance(node, ast.FunctionDef) and name == "body")
        if isinstance(value, ast.AST):
            yield (node, name, None), inside
        elif isinstance(value, list):
            for place, one in enumerate(value):
                if isinstance(one, ast.AST) and not (isinstance(one, ast.keyword) and one.arg in _OF_THE_LANGUAGE):
                    yield (node, name, place), inside
    for one in getattr(node, "decorator_list", ()):
        for keyword in one.keywords if isinstance(one, ast.Call) else ():
            if keyword.arg == "day":
                yield (keyword, "value", None), runs
