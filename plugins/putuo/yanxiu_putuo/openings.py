"""The days on which a step of Putuo's workflows may be taken."""

from __future__ import annotations

from collections.abc import Mapping

from yanxiu_rulekit import FactsRefused, Law, Moment, Span, Window


def term_end(moment: Moment, _law: Law) -> Span:
    """PUTUO-5-3c: from the last teaching day of the term to the end of what belongs to it.

    Where the calendar of the district does not hold the term, its last day stands for the last teaching day.
    """
    period = moment.period
    if period is None:
        raise FactsRefused(field="period", value=None, problem="missing; credits are posted for a term")
    ends = [term.end for term in moment.terms if period.start <= term.end <= period.end]
    return Span(opens=max(ends, default=period.end), closes=period.end)


WINDOWS: Mapping[str, Window] = {"term_end": term_end}
