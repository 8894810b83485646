"""What the planner is asked and what it answers, as text: between processes, and in the store."""

from __future__ import annotations

from typing import Any

import msgspec
from yanxiu_rulekit.visits import BatchPlacing, TermPlacing

from yanxiu_visits.planning.solver.answer import Answer, Progress
from yanxiu_visits.planning.solver.problem import Problem


class TermProblem(Problem, frozen=True, kw_only=True, dict=True):
    """A problem by terms, as text."""

    placing: TermPlacing  # pyright: ignore[reportIncompatibleVariableOverride]


class BatchProblem(Problem, frozen=True, kw_only=True, dict=True):
    """A problem of a batch, as text."""

    placing: BatchPlacing  # pyright: ignore[reportIncompatibleVariableOverride]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line that the planner writes: progress, or the answer, the last line."""

    progress: Progress | None = None
    answer: Answer | None = None


_line = msgspec.json.Decoder(Line)
_ordered = msgspec.json.Encoder(order="deterministic")


def written(problem: Problem) -> str:
    """Return a problem as one line of text."""
    fields: dict[str, Any] = {name: getattr(problem, name) for name in problem.__struct_fields__}
    kind = "batch" if isinstance(problem.placing, BatchPlacing) else "terms"
    return _ordered.encode({"kind": kind, "problem": fields}).decode()


def read(text: str) -> Problem:
    """Return the problem that `written` wrote."""
    found = msgspec.json.decode(text)
    shape = BatchProblem if found["kind"] == "batch" else TermProblem
    return msgspec.convert(found["problem"], shape)


def read_line(text: bytes) -> Line:
    """Return a line of the planner."""
    return _line.decode(text)


def write_line(line: Line) -> bytes:
    """Return a line with its end."""
    return msgspec.json.encode(line) + b"\n"
