"""Ask the law a question about the whole of a district, and put its answers as they travel."""

from __future__ import annotations

from collections.abc import Iterable

from yanxiu_rulekit.visits import Answered
from yanxiu_wire.ruling import Ruling, Sentence


def rulings(answers: Iterable[Answered]) -> tuple[Ruling, ...]:
    """Return answers as they travel, in their order."""
    return tuple(
        Ruling(
            kind=one.decided.kind,
            of=one.of,
            failed=one.failed,
            warnings=one.warnings,
            steps=tuple(Sentence(zh=step.zh, en=step.en, clauses=step.clauses) for step in one.decided.steps),
        )
        for one in answers
    )


def breached(answers: Iterable[Answered]) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Return the clauses that answers breach, each once, and the sentences of the steps that cite one of them."""
    answers = tuple(answers)
    failed = tuple(dict.fromkeys(clause for one in answers for clause in one.failed))
    said = tuple((step.zh, step.en) for one in answers for step in one.decided.steps if set(step.clauses) & set(failed))
    return failed, said


def named(answers: Iterable[Answered], key: str) -> tuple[str, ...]:
    """Return the ids that answers list under a key, each once, such as the schools that are `missing`."""
    return tuple(dict.fromkeys(str(each) for one in answers for each in one.decided.result.get(key, ())))
