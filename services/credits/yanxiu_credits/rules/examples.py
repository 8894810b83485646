"""The worked examples of a pack: its own cases, read once, in the order of its files."""

from __future__ import annotations

import functools

from yanxiu_footing.stored import simple
from yanxiu_rulekit.casefile import Case, read_cases
from yanxiu_rulekit.errors import CaseRefused
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.source import declared_clause
from yanxiu_wire import log
from yanxiu_wire.rules import RuleExample

_log = log.logger()


@functools.lru_cache(maxsize=64)
def examples_of(pack: RulePack) -> tuple[RuleExample, ...]:
    """Return the examples; none of a pack that is installed without its cases.

    A case file that cannot be read costs its own examples alone, and is named in the log.
    """
    found: list[RuleExample] = []
    for file in pack.case_files():
        try:
            # A period is asked with records, not with facts: such a case stands on the pages, and cannot be tried.
            found += [_example(case) for case in read_cases(file) if case.kind in pack.decisions]
        except CaseRefused as error:
            _log.warning("case-file-unreadable", pack=pack.name, reason=str(error))
    return tuple(found)


def about(pack: RulePack, clause: str) -> tuple[RuleExample, ...]:
    """Return the examples that show a clause of the pack, or a part of it."""
    clauses = pack.source.clauses
    return tuple(one for one in examples_of(pack) if clause in {declared_clause(cite, clauses) for cite in one.clauses})


def _example(case: Case) -> RuleExample:
    return RuleExample(
        name=case.id,
        kind=case.kind,
        given=simple(case.given),
        expect=simple(case.expect),
        settings=simple(case.settings),
        on=case.on,
        refused=case.refused or (),
        clauses=case.clauses,
    )
