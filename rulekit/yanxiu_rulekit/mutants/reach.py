"""Which definitions of a pack its decisions rest on: only these can a case speak of."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping

from yanxiu_rulekit.mutants.worded import worded

Place = tuple[str, str]


def definitions(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Yield every name that a module defines at its top, with the statement."""
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            yield statement.name, statement
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                for node in ast.walk(target):
                    if isinstance(node, ast.Name):
                        yield node.id, statement


class Reach:
    """Who reads whom among the definitions of some modules; what only a sentence reads is not counted."""

    def __init__(self, trees: Mapping[str, ast.Module]) -> None:
        self.defined = {(module, name): node for module, tree in trees.items() for name, node in definitions(tree)}
        imported = {module: dict(_imported(tree)) for module, tree in trees.items()}
        said = {module: worded(tree) for module, tree in trees.items()}
        self._reads: dict[Place, set[Place]] = {
            (module, name): {
                imported[module].get(one.id, (module, one.id)) for one in _read_in(node) if id(one) not in said[module]
            }
            for (module, name), node in self.defined.items()
        }
        self._read_by: defaultdict[Place, set[Place]] = defaultdict(set)
        for place, others in self._reads.items():
            for other in others:
                self._read_by[other].add(place)

    def of_decisions(self) -> frozenset[Place]:
        """Return what the decisions read, directly or through others, with themselves."""
        return self._closed([place for place, node in self.defined.items() if is_decision(node)], self._reads)

    def untouched(self) -> tuple[Place, ...]:
        """Return the functions that no decision reads: what only a period, a window or a question of visits runs."""
        used = self.of_decisions()
        return tuple(
            place for place, node in self.defined.items() if isinstance(node, ast.FunctionDef) and place not in used
        )

    def of_readers(self, place: Place) -> frozenset[Place]:
        """Return what reads a definition, directly or through others, with itself."""
        return self._closed([place], self._read_by)

    def _closed(self, waiting: list[Place], onwards: Mapping[Place, set[Place]]) -> frozenset[Place]:
        found: set[Place] = set()
        while waiting:
            place = waiting.pop()
            if place in self.defined and place not in found:
                found.add(place)
                waiting += onwards.get(place, ())
        return frozenset(found)


def is_decision(node: ast.stmt) -> bool:
    """Say whether a function is declared as the pack's answer to a kind of question."""
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "decision"
        for one in node.decorator_list
    )


def _read_in(node: ast.stmt) -> Iterator[ast.Name]:
    """Yield the names that a definition reads, but the clauses that a decision declares: the check holds those."""
    declared = (one for one in getattr(node, "decorator_list", ()) if isinstance(one, ast.Call))
    claims = [keyword.value for one in declared for keyword in one.keywords if keyword.arg == "clauses"]
    left_out = {id(name) for claim in claims for name in ast.walk(claim)}
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and id(one) not in left_out:
            yield one


def _imported(tree: ast.Module) -> Iterator[tuple[str, Place]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            for alias in node.names:
                yield alias.asname or alias.name, (node.module, alias.name)
