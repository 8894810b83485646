"""The same rules over columns: what is decided of one record or one teacher, for a whole prefecture at once."""

from yanxiu_rulekit.columns.building import LineBuilder, joined
from yanxiu_rulekit.columns.capped import capped
from yanxiu_rulekit.columns.lines import Attributes, LineColumns, Part
from yanxiu_rulekit.columns.number import Column, ColumnOverflow, Mask
from yanxiu_rulekit.columns.outcomes import VERDICTS, Outcomes, each, met_where, total
from yanxiu_rulekit.columns.records import STATUSES, AssessedColumns, Assessor
from yanxiu_rulekit.columns.segments import Seal, SegmentBroken, load_segment, read_seal, save_segment
from yanxiu_rulekit.columns.sheet import Sheet
from yanxiu_rulekit.columns.standing import ColumnRule, FindingColumn, Judged, StandingColumns, Verdicts
from yanxiu_rulekit.columns.told import standings_of

__all__ = [
    "STATUSES",
    "VERDICTS",
    "AssessedColumns",
    "Assessor",
    "Attributes",
    "Column",
    "ColumnOverflow",
    "ColumnRule",
    "FindingColumn",
    "Judged",
    "LineBuilder",
    "LineColumns",
    "Mask",
    "Outcomes",
    "Part",
    "Seal",
    "SegmentBroken",
    "Sheet",
    "StandingColumns",
    "Verdicts",
    "capped",
    "each",
    "joined",
    "load_segment",
    "met_where",
    "read_seal",
    "save_segment",
    "standings_of",
    "total",
]
