"""The periods in which Putuo judges a head teacher: the school year, and each of its terms."""

from __future__ import annotations

from yanxiu_rulekit import StandingRule

from yanxiu_putuo.by_column import SCHOOL_YEAR_COLUMNS, TERM_COLUMNS
from yanxiu_putuo.posting import CLAUSE, from_the_school_year, its_school_year, judge_term, term_of
from yanxiu_putuo.school_year import judge_school_year, school_year_of

SCHOOL_YEAR = StandingRule(
    period="school_year",
    exempt_is_unaddressed=True,
    label_zh="学年",
    label_en="school year",
    clauses=("PUTUO-0-1", "PUTUO-5-1b", "PUTUO-5-1c", "PUTUO-5-3c"),
    period_of=school_year_of,
    judge=judge_school_year,
    columns=SCHOOL_YEAR_COLUMNS,
)
TERM = StandingRule(
    period="term",
    exempt_is_unaddressed=True,
    label_zh="学期",
    label_en="term",
    clauses=(CLAUSE,),
    period_of=term_of,
    judge=judge_term,
    lines_between=from_the_school_year,
    adds_up_in=its_school_year,
    columns=TERM_COLUMNS,
)
