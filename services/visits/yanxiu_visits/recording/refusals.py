"""The refusals of records and forms, and why a note of a record may have no effect."""

from __future__ import annotations

from yanxiu_wire.refusal import RefusalItem, Refused

from yanxiu_visits.refusals import refuse

KINDS_ZH = {
    "observation": "听评课",
    "gathering": "教研活动",
    "task": "任务记录",
    "paper": "材料",
    "summary": "月小结",
    "report": "学期报告",
}


def record_unknown(record: str) -> Refused:
    """No such record, or out of the caller's scope: both answer alike."""
    return refuse(
        "RECORD_UNKNOWN",
        field="record",
        value=record,
        zh="没有这条记录，或不在您的管理范围内。",
        en="There is no such record, or not in your scope.",
        remedy=("请核对记录编号。", "Check the record's id."),
    )


def another_kind(kind: str, first: str) -> Refused:
    """A record does not become another kind of record."""
    return refuse(
        "ANOTHER_KIND",
        field="content",
        value=kind,
        zh=f"该编号已记为{KINDS_ZH[first]}，不能改为{KINDS_ZH[kind]}。",
        en=f"This id is a record of kind {first}; it does not become one of kind {kind}.",
        remedy=("请用新的编号记录。", "Record it under an id of its own."),
    )


def submitted_already(kind: str) -> Refused:
    """A submitted summary or report stays as it was submitted: its id takes no other."""
    return refuse(
        "SUBMITTED_ALREADY",
        field="record",
        value=kind,
        zh=f"该编号下已提交{KINDS_ZH[kind]}，不再更改。",
        en=f"A {kind} was submitted under this id and stays as it is.",
        remedy=("请撤回原件，再以新的编号提交。", "Withdraw it, and submit the new one under an id of its own."),
    )


def before_recorded() -> Refused:
    """A withdrawal whose own time lies before the record's."""
    return refuse(
        "BEFORE_RECORDED",
        field="occurred_at",
        zh="撤回时间早于记录本身，不计入。",
        en="The withdrawal is dated before the record itself; it does not count.",
        remedy=("请按正确的时间重新撤回。", "Withdraw it again with its true time."),
    )


def no_lesson(kind: str) -> Refused:
    """A comment on something that is no observed lesson."""
    return refuse(
        "NO_LESSON",
        field="record",
        value=kind,
        zh=f"该记录是{KINDS_ZH[kind]}，不是听课，评课不计入。",
        en=f"This is a record of kind {kind}, no observed lesson; the comment does not count.",
        remedy=("请核对记录编号。", "Check the record's id."),
    )


def digest_malformed(digest: str) -> Refused:
    """A digest that is no SHA-256 in hexadecimal."""
    return refuse(
        "DIGEST_MALFORMED",
        field="content.digest",
        value=digest,
        zh="文件摘要须为64位小写十六进制的SHA-256。",
        en="A file's digest is its SHA-256 in 64 lower-case hexadecimal digits.",
        remedy=("请重新计算文件摘要。", "Compute the file's digest again."),
    )


def month_malformed(month: str, term: str) -> Refused:
    """A month that the term has not."""
    return refuse(
        "MONTH_MALFORMED",
        field="content.month",
        value=month,
        zh=f"月份应写为2024-10，且在学期{term}之内。",
        en=f"A month is written 2024-10 and lies in term {term}.",
        remedy=("请更正月份。", "Correct the month."),
    )


def figures_malformed(field: str, value: object) -> Refused:
    """A figure that no draft has: an unknown name, one twice, or a number that its records do not make."""
    return refuse(
        "FIGURES_MALFORMED",
        field=field,
        value=value,
        zh="数据须与草稿一致：名称已知且不重复，数值与所列记录相符。",
        en="Figures are those of a draft: known names, each once, with numbers that their records make.",
        remedy=("请重新取得草稿后提交。", "Ask for the draft again, and submit it."),
    )


# ---- forms ------------------------------------------------------------------------------------------------------


def form_unknown(form: str, *, field: str = "content.form") -> Refused:
    """No published version of that id."""
    return refuse(
        "FORM_UNKNOWN",
        field=field,
        value=form,
        zh="没有这个已发布的听评课表版本。",
        en="There is no such published version of a form.",
        remedy=("请核对编号，如lesson.2。", "Check its id, such as lesson.2."),
    )


def draft_missing(name: str) -> Refused:
    """Nothing to publish: no draft, or none that differs from the newest version."""
    return refuse(
        "DRAFT_MISSING",
        field="name",
        value=name,
        zh="没有可发布的草稿，或草稿与最新版本相同。",
        en="There is no draft to publish, or it is the same as the newest version.",
        remedy=("请先起草。", "Draft it first."),
    )


def field_malformed(path: str, value: object, zh: str, en: str) -> RefusalItem:
    """A field of a draft that cannot be asked."""
    return refuse(
        "FORM_FIELD_MALFORMED",
        field=path,
        value=value,
        zh=zh,
        en=en,
        remedy=("请更正表格的这一项。", "Correct this field of the form."),
    ).errors[0]


def answer_refused(field: str, value: object, label: str, zh: str, en: str) -> RefusalItem:
    """An answer that its field does not take."""
    return refuse(
        "ANSWER_REFUSED",
        field=f"content.answers.{field}",
        value=value,
        zh=f"“{label}”{zh}。",
        en=f"{field}: {en}.",
        remedy=("请按表格填写。", "Answer as the form asks."),
    ).errors[0]
