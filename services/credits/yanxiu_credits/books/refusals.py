"""Every 'no' of the books: locked periods, entries that cannot be taken back, fraud, heads that cannot be signed."""

from __future__ import annotations

from datetime import date

from yanxiu_rulekit.workflow import ROLES
from yanxiu_wire.caller import roles_zh
from yanxiu_wire.refusal import Refused

from yanxiu_credits.books.locks import Lock, openers, rank
from yanxiu_credits.refusals import refuse, shown
from yanxiu_credits.scope import OFFICERS

MOST_REASON = 1000


def period_locked(lock: Lock, *, field: str = "on", value: date | str | None = None) -> Refused:
    """The period is locked; names the lock and who may open it."""
    where_zh, where_en = ("全区", "the whole district") if lock.school is None else ("该校", "the school")
    who_en = " or ".join(openers(lock))
    return refuse(
        "PERIOD_LOCKED",
        field=field,
        value=value if value is not None else lock.id,
        zh=f"{where_zh}{lock.label}（{lock.starts_on.isoformat()}至{lock.ends_on.isoformat()}）已锁定：{shown(lock.reason)}",
        en=f"The period {lock.kind} {lock.label} ({lock.starts_on.isoformat()} to {lock.ends_on.isoformat()}) of "
        f"{where_en} is locked: lock {lock.id}.",
        remedy=(
            f"确需更改的，请由{roles_zh(openers(lock))}说明理由后开锁（锁定编号{lock.id}，由另一人办理），再行办理。",
            f"If it must change, have another person in the role {who_en} open lock {lock.id} with a reason first.",
        ),
    )


def not_high_enough(lock: Lock) -> Refused:
    """A lock is opened by a higher level than the one that locked, at the top by another person."""
    return refuse(
        "LEVEL_TOO_LOW",
        field="caller.role",
        value=lock.role,
        zh=f"该锁定由{roles_zh([lock.role])}设置，只能由更高层级开锁；最高层级的，由另一人开锁。",
        en=f"The lock was put by the role {lock.role}: a higher level opens it, at the highest another person.",
        remedy=(f"请由{roles_zh(openers(lock))}办理。", f"Ask {' or '.join(openers(lock))}."),
    )


def later_stands(teacher: str, label: str, later: str, recognition: str) -> Refused:
    """A later period of the same school year stands recognised, and rests on what stood of this one."""
    return refuse(
        "LATER_RECOGNISED",
        field="period",
        value=later,
        zh=f"教师{teacher}的{later}已经认定（认定编号{recognition}），其结果以{label}的认定为基础，{label}不能再认定或撤销。",
        en=f"Teacher {teacher} has {later} recognised (recognition {recognition}), which rests on what stood of "
        f"{label}: {label} is neither recognised nor taken back now.",
        remedy=(f"请先撤销{later}的认定，再行办理。", f"Take the recognition of {later} back first."),
    )


def lock_unknown(lock: str) -> Refused:
    """No such lock in the caller's scope."""
    return refuse(
        "LOCK_UNKNOWN",
        field="lock",
        value=lock,
        zh="没有这项锁定，或不在您的管理范围内。",
        en="There is no such lock, or not in your scope.",
        remedy=("请核对锁定编号。", "Check the lock's id."),
    )


def lock_not_in_force(lock: str) -> Refused:
    """The lock was opened already."""
    return refuse(
        "LOCK_NOT_IN_FORCE",
        field="lock",
        value=lock,
        zh="该锁定已经打开。",
        en="The lock stands open already.",
        remedy=("无须再次开锁；如须重新锁定，请锁定该周期。", "Nothing to open; lock the period to close it again."),
    )


def already_locked(lock: Lock) -> Refused:
    """The same period of the same school is locked by this level or a higher one."""
    return refuse(
        "ALREADY_LOCKED",
        field="kind",
        value=lock.id,
        zh=f"{lock.label}已经锁定。",
        en=f"{lock.kind} {lock.label} is locked already.",
        remedy=("请查看已有的锁定。", "See the lock that exists."),
    )


def locks_anew_too_low(role: str, changed: int) -> Refused:
    """Results changed while the period was open: to lock it recognises anew, which a lower level does not."""
    able = tuple(one for one in ROLES if rank(one) >= rank(role))
    return refuse(
        "LEVEL_TOO_LOW",
        field="caller.role",
        value=role,
        zh=f"开锁期间有{changed}名教师的结果发生变化，重新锁定即重新认定，须由原认定层级或更高层级办理。",
        en=f"The results of {changed} teacher(s) changed while it was open: to lock it recognises them anew, "
        f"which the role {role} or a higher one does.",
        remedy=(f"请由{roles_zh(able)}锁定。", f"Ask {' or '.join(able)} to lock it."),
    )


def day_passed(until: date, today: date) -> Refused:
    """An opening that would end before it begins."""
    return refuse(
        "DAY_IN_PAST",
        field="until",
        value=until,
        zh=f"开锁截止日{until.isoformat()}早于今天{today.isoformat()}。",
        en=f"The last day open, {until.isoformat()}, lies before today, {today.isoformat()}.",
        remedy=("请填写今天或以后的日期，或不填。", "Give today or a later day, or none."),
    )


def actor_unknown(actor: str) -> Refused:
    """Fraud is somebody's act: the teacher's, or that of the one who registered it."""
    return refuse(
        "ACTOR_UNKNOWN",
        field="actor",
        value=actor,
        zh="行为人只能是教师本人（teacher）或登记人（registrar）。",
        en="The actor is the teacher or the registrar.",
        remedy=("请写明是谁的行为。", "Say whose act it was."),
    )


def proof_missing() -> Refused:
    """No record is voided for fraud without proof."""
    return refuse(
        "PROOF_MISSING",
        field="proof",
        zh=f"认定弄虚作假须写明证据或其存放之处（{MOST_REASON}字以内）。",
        en=f"Say what proves it or where the proof is kept, in at most {MOST_REASON} characters.",
        remedy=("请补充证据。", "Name the proof."),
    )


def school_not_yours(school: str) -> Refused:
    """No such school in the caller's scope."""
    return refuse(
        "SCHOOL_UNKNOWN",
        field="school",
        value=school,
        zh="没有这所学校，或不在您的管理范围内。",
        en="There is no such school, or not in your scope.",
        remedy=("请核对学校编号。", "Check the school's id."),
    )


def reason_needed(reason: str) -> Refused | None:
    """Return the refusal of a reason that is empty or too long, else None."""
    if 1 <= len(reason.strip()) <= MOST_REASON:
        return None
    return refuse(
        "REASON_MISSING",
        field="reason",
        zh=f"须说明理由（{MOST_REASON}字以内）。",
        en=f"A reason of at most {MOST_REASON} characters is needed.",
        remedy=("请填写理由。", "Say why."),
    )


def entry_unknown(entry: str) -> Refused:
    """No such entry."""
    return refuse(
        "ENTRY_UNKNOWN",
        field="entry",
        value=entry,
        zh="台账中没有这条分录。",
        en="The ledger holds no such entry.",
        remedy=("请核对分录编号。", "Check the entry's id."),
    )


def record_unknown(record: str) -> Refused:
    """No such record in the caller's scope."""
    return refuse(
        "RECORD_UNKNOWN",
        field="record",
        value=record,
        zh="没有这条记录，或不在您的管理范围内。",
        en="There is no such record, or not in your scope.",
        remedy=("请核对记录编号。", "Check the record's id."),
    )


def not_reversible(entry: str) -> Refused:
    """A reversal is not itself reversed; what it took back is entered again."""
    return refuse(
        "NOT_REVERSIBLE",
        field="entry",
        value=entry,
        zh="冲销分录本身不能再冲销。",
        en="A reversal is not reversed itself.",
        remedy=("如冲销有误，请重新登记。", "If it was a mistake, register the training again."),
    )


WHY_ZH = {
    "correction": "更正",
    "fraud": "弄虚作假",
    "objection": "异议成立",
    "law": "依规定",
    "return": "退回",
}


def already_reversed(record: str, why: str) -> Refused:
    """The entry was taken back already."""
    return refuse(
        "ALREADY_REVERSED",
        field="record",
        value=record,
        zh=f"该记录的分录已冲销（{WHY_ZH[why]}）。",
        en=f"Its entry was reversed already ({why}).",
        remedy=("无须再次办理；如须重新计入，请重新登记。", "Nothing to do; register it again if it is to count."),
    )


def already_corrected(record: str, by: str) -> Refused:
    """Another record took its place."""
    return refuse(
        "ALREADY_CORRECTED",
        field="record",
        value=record,
        zh=f"该记录已更正为记录{by}。",
        en=f"The record was corrected already, by record {by}.",
        remedy=(f"请就记录{by}办理。", f"Change record {by} instead."),
    )


def nothing_changed(record: str) -> Refused:
    """A correction that says what the record says."""
    return refuse(
        "NOTHING_CHANGED",
        field="facts",
        value=record,
        zh="更正后的内容与原记录相同。",
        en="The corrected facts are those of the record.",
        remedy=("请核对需要更正的内容。", "Check what is to be corrected."),
    )


def voided_for_fraud(record: str, integrity: str | None) -> Refused:
    """The same training was voided for fraud; who had it registered does not enter it again."""
    return refuse(
        "VOIDED_FOR_FRAUD",
        field="teacher",
        value=integrity,
        zh=f"该教师的这项培训（记录{record}）因弄虚作假已被取消，见诚信记录{integrity}。",
        en=f"This training (record {record}) was voided for fraud; see integrity entry {integrity}.",
        remedy=(
            f"确需重新登记的，请由{roles_zh(OFFICERS)}查明后办理。",
            "If it must be entered again, a district or institute officer does so after looking into it.",
        ),
    )


def lost_to_objection(record: str, objection: str | None) -> Refused:
    """The same training was taken back on an objection that was upheld; the school does not enter it again."""
    return refuse(
        "LOST_TO_OBJECTION",
        field="teacher",
        value=objection,
        zh=f"该教师的这项培训（记录{record}）因异议{objection}成立已被冲销，学校不能重新登记。",
        en=f"This training (record {record}) was taken back because objection {objection} was upheld.",
        remedy=(
            f"确需重新登记的，请由{roles_zh(OFFICERS)}核实后办理。",
            "If it must be entered again, a district or institute officer does so after looking into it.",
        ),
    )


def not_counted(record: str) -> Refused:
    """The record never came into the ledger: there is nothing to take back."""
    return refuse(
        "NOT_COUNTED",
        field="record",
        value=record,
        zh="该记录计为零，没有入账，无可冲销。",
        en="The record was worth nothing and has no entry to take back.",
        remedy=("事实有误的，请直接重新登记。", "If its facts are wrong, register the training again."),
    )


def head_not_ours(place: int, why: str) -> Refused:
    """A head from outside that this deployment did not sign for this district: it proves nothing."""
    return refuse(
        "HEAD_NOT_SIGNED",
        field=f"heads[{place}]",
        value=why,
        zh=f"第{place + 1}个台账头不是本平台为本区县签署的。",
        en=f"Head {place + 1} was not signed by this deployment for this district.",
        remedy=("请核对保存的台账头文件。", "Check the file of saved heads."),
    )


def ledger_empty(district: str) -> Refused:
    """There is nothing to sign yet."""
    return refuse(
        "LEDGER_EMPTY",
        field="district",
        value=district,
        zh="本区县的台账还没有分录。",
        en="The district's ledger has no entry yet.",
        remedy=("有登记之后再办理。", "Come back once something is registered."),
    )


def sizes_out_of_order(older: int, newer: int, size: int) -> Refused:
    """A proof between two sizes that the ledger has had, the older first."""
    return refuse(
        "SIZE_OUT_OF_RANGE",
        field="newer",
        value=newer,
        zh=f"条数{older}、{newer}应依次不小于1、不大于台账现有的{size}条。",
        en=f"The sizes {older} and {newer} must be in order, at least 1 and at most the ledger's {size}.",
        remedy=("请核对两个已签署的台账头。", "Check the two signed heads."),
    )


def transcript_too_long(entries: int, most: int) -> Refused:
    """More entries than one document holds."""
    return refuse(
        "TOO_MANY",
        field="since",
        value=entries,
        zh=f"该时段有{entries}条分录，一份证明至多{most}条。",
        en=f"There are {entries} entries between these days; one transcript holds at most {most}.",
        remedy=("请按年度分次出具。", "Ask for a year at a time."),
    )
