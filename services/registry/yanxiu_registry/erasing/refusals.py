"""Why a person is not erased."""

from __future__ import annotations

from datetime import date, datetime

from yanxiu_wire.refusal import RefusalItem

from yanxiu_registry.refusals import item


def erasure_unknown(erasure: str) -> RefusalItem:
    """No erasure of that id was proposed here."""
    zh, en = ("没有这项删除申请", "请核对编号"), ("there is no such erasure", "check its id")
    return item("ERASURE_UNKNOWN", "erasure", erasure, zh, en)


def erasure_exists(erasure: str) -> RefusalItem:
    """It is done."""
    zh = ("该教师的个人信息已按此申请删除", "无需再次办理")
    en = ("the teacher was erased by this erasure", "nothing is left to do")
    return item("ERASURE_EXISTS", "erasure", erasure, zh, en)


def superseded(erasure: str) -> RefusalItem:
    """A later proposal took its place."""
    zh = ("这项删除申请已被后来的申请取代", "请核对并确认后来的申请")
    en = ("a later proposal took the place of this one", "look at the later one, and confirm that")
    return item("ERASURE_SUPERSEDED", "erasure", erasure, zh, en)


def withdrawn(erasure: str) -> RefusalItem:
    """It was withdrawn."""
    zh = ("这项删除申请已撤回", "仍须删除的，请重新提出")
    en = ("the proposal was withdrawn", "propose it anew where he is to be erased still")
    return item("ERASURE_WITHDRAWN", "erasure", erasure, zh, en)


def begun(erasure: str) -> RefusalItem:
    """What names him is being cleared."""
    zh = ("这项删除已由第二人决定并开始办理，不能撤回或取代", "请再次确认，办完为止")
    en = ("the erasure is decided and begun", "confirm it once more, until it is done")
    return item("ERASURE_BEGUN", "erasure", erasure, zh, en)


def being_erased(teacher: str) -> RefusalItem:
    """His erasure has begun: nothing is entered of him until it is done."""
    zh = (
        "该教师个人信息的删除已开始办理，不能再更正、任用或授权",
        "请先再次确认，办完删除；此人重新入职的，随后另行登记为新教师",
    )
    en = (
        "the teacher's erasure has begun: nothing is changed, nor is he employed or granted anything",
        "confirm the erasure until it is done; who works here again is then entered as a new teacher",
    )
    return item("ERASURE_BEGUN", "teacher", teacher, zh, en)


def not_cleared(services: str) -> RefusalItem:
    """The register is cleared last: it alone knows what to look for."""
    zh = (f"{services}还没有清除其中的姓名", "请经 GraphQL 或 yanxiu person erase 确认，由其依次办理")
    en = (f"{services} did not clear what names the person yet", "confirm by GraphQL or yanxiu person erase, in order")
    return item("SERVICES_NOT_CLEARED", "cleared", services, zh, en)


def outdated(services: str) -> RefusalItem:
    """A version that does not say by which words it clears may clear others than were decided."""
    zh = (
        f"{services} 是旧版本，没有说明按哪些姓名、工号清除，可能与所决定的不同，登记数据未作更改",
        f"请先升级 {services}，再次确认即可办完",
    )
    en = (
        f"{services} is of an older version and does not say which words it cleared: they may be others than decided",
        f"upgrade {services} first, then confirm once more",
    )
    return item("SERVICE_OUTDATED", "by", services, zh, en)


def words_changed(erasure: str) -> RefusalItem:
    """What was shown to who decides is not what would be taken out."""
    zh = (
        "所示的姓名、工号此后有更正，或与其同名的人有增减，与现在要抹去的不同；或旧版本开始办理时未记下",
        "请重新查看各处数量（mentions），写明其核对码（shown）再确认",
    )
    en = (
        "the words are others than those that were shown: a name or number was corrected, or a namesake "
        "came or went; or an older version began and did not keep which they were",
        "look at the counts (mentions) once more, then confirm with their check code (shown)",
    )
    return item("WORDS_CHANGED", "shown", erasure, zh, en)


def names_person(field: str) -> RefusalItem:
    """A text that is kept for ever tells whom it is about."""
    zh = ("文字中出现了该教师的姓名或工号，而这段文字长期保存", "请改用“该教师”“本人”等称呼")
    en = (
        "the text tells the teacher's name or staff number, and is kept",
        "write the teacher, the person, and the like",
    )
    return item("TEXT_NAMES_PERSON", field, None, zh, en)


def holds_grant(grant: str) -> RefusalItem:
    """He could sign in still, and by his grant the id is known to be his."""
    zh = ("该教师名下还有有效的授权，不能删除", "请先撤销该授权")
    en = ("the teacher holds a grant still", "revoke it first")
    return item("TEACHER_HOLDS_GRANT", "grant", grant, zh, en)


def teacher_erased(teacher: str) -> RefusalItem:
    """He was erased: what is entered of him would make him known again."""
    zh = ("该教师的个人信息已删除，不再更改", "如此人重新入职，请另行登记为新教师")
    en = ("the teacher was erased and is not changed any more", "who works here again is entered as a new teacher")
    return item("TEACHER_ERASED", "teacher", teacher, zh, en)


def stream_has_names(since: datetime) -> RefusalItem:
    """An older version announced teachers by name, and the stream was not made anew since."""
    zh = (
        f"事件流建于 {since:%Y-%m-%d} 的升级之前，其中的旧消息仍带有姓名，现在删除并不彻底",
        "请平台运维先重建流 YANXIU_EVENTS_REGISTRY（见运维手册“升级时一次性的步骤”），再办理",
    )
    en = (
        f"the stream was made before the upgrade of {since:%Y-%m-%d}: its old messages have names still",
        "have the operator make the stream YANXIU_EVENTS_REGISTRY anew (operating.md, Once, on upgrade) first",
    )
    return item("STREAM_KEEPS_NAMES", "teacher", None, zh, en)


def employed_still(until: date | None) -> RefusalItem:
    """He works in the district, or will."""
    zh = ("该教师仍在本区任职，不能删除", "请先登记其离职")
    en = ("the teacher works in the district still", "enter the end of the employment first")
    return item("TEACHER_EMPLOYED", "teacher", until, zh, en)


def serves_still(what_zh: str, what_en: str) -> RefusalItem:
    """He holds an office."""
    zh = (f"该教师仍是{what_zh}，不能删除", "请先登记其卸任")
    en = (f"the teacher is still {what_en}", "enter the end of it first")
    return item("TEACHER_SERVES", "teacher", None, zh, en)


def retention_runs(until: date) -> RefusalItem:
    """By the document stated the data are to be kept still."""
    zh = ("按所列文件，保存期限未满", "请在期满后申请，或更正期限")
    en = ("by the document the data are to be kept still", "propose it when that time is over")
    return item("RETENTION_RUNS", "retained_until", until, zh, en)


def same_person() -> RefusalItem:
    """Who proposed it confirms it."""
    zh = ("提出删除的人不能自己确认", "请由另一人确认")
    en = ("who proposed it may not confirm it", "have another person confirm it")
    return item("SAME_PERSON", "caller.subject", None, zh, en)


def himself() -> RefusalItem:
    """The person decides on himself."""
    zh = ("不能办理自己的删除", "请由他人办理")
    en = ("nobody erases himself", "have others do it")
    return item("SAME_PERSON", "teacher", None, zh, en)
