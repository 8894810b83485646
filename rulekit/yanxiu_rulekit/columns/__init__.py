"""The same rules over columns: what is decided of one record or one teacher, for a whole prefecture at once."""

from yanxiu_rulekit.columns.building import LineBuilder, joined
from yanxiu_rulekit.columns.lines import Attributes, LineColumns, Part
from yanxiu_rulekit.columns.segments import Seal, SegmentBroken, load_segment, read_seal, save_segment

__all__ = [
    "Attributes",
    "LineBuilder",
    "LineColumns",
    "Part",
    "Seal",
    "SegmentBroken",
    "joined",
    "load_segment",
    "read_seal",
    "save_segment",
]
