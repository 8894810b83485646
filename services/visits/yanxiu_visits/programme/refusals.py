"""The refusals of the base-school programme and of themes; each with sentence and remedy in two languages."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from yanxiu_footing.refusals import refuse
from yanxiu_wire.refusal import Refused


def batch_unknown(batch: date) -> Refused:
    """No adopted plan has a batch of base schools that begins on that day."""
    return refuse(
        "BATCH_UNKNOWN",
        field="batch",
        value=batch,
        zh=f"没有自{batch.isoformat()}起的一批基地学校。",
        en=f"No batch of base schools begins on {batch.isoformat()}.",
        remedy=("请先采用这一批的方案，或核对首日。", "Adopt the batch's plan first, or check its first day."),
    )


def no_base_school(school: str) -> Refused:
    """The school is none of the batch, or not in the caller's scope: both answer alike."""
    return refuse(
        "BASE_SCHOOL_UNKNOWN",
        field="school",
        value=school,
        zh="该校不是这一批的基地学校，或不在您的管理范围内。",
        en="The school is no base school of this batch, or not in your scope.",
        remedy=("请核对学校与批次。", "Check the school and the batch."),
    )


def entry_unknown(entry: str) -> Refused:
    """No such entry, or out of the caller's scope: both answer alike."""
    return refuse(
        "ENTRY_UNKNOWN",
        field="entry",
        value=entry,
        zh="没有这条登记，或不在您的管理范围内。",
        en="There is no such entry, or not in your scope.",
        remedy=("请核对编号。", "Check the id."),
    )


def entry_changed(version: int) -> Refused:
    """The entry has another version than the one that was seen."""
    return refuse(
        "VERSION_CHANGED",
        field="expected_version",
        value=version,
        zh=f"这条登记已改为第{version}版。",
        en=f"The entry is at version {version} by now.",
        remedy=("请查看最新一版后再更正。", "Look at the newest version, then correct that."),
    )


def entry_withdrawn(entry: str) -> Refused:
    """What was taken back is not changed any more."""
    return refuse(
        "ENTRY_WITHDRAWN",
        field="entry",
        value=entry,
        zh="这条登记已撤回，不再更正。",
        en="The entry was withdrawn; it is not changed any more.",
        remedy=("请另行登记。", "Record it as a new entry."),
    )


def already_recorded(entry: str) -> Refused:
    """The same is on file for the school."""
    return refuse(
        "ALREADY_RECORDED",
        field="content",
        value=entry,
        zh="该校的这一项已经登记。",
        en="The same is on file for this school.",
        remedy=("如有不同，请更正已有的登记。", "If it differs, correct the entry that there is."),
    )


def not_the_schools(entry: str) -> Refused:
    """An officer or a researcher recorded it, or last put it right: the school does not change it."""
    return refuse(
        "ENTRY_NOT_YOURS",
        field="entry",
        value=entry,
        zh="该登记由研训员或管理人员所作（或更正），学校不能更正或撤回。",
        en="An officer or a researcher recorded or corrected this entry; the school does not change it.",
        remedy=("请向登记人说明，由其更正。", "Tell who recorded it, who can put it right."),
    )


def another_kind(kind: str) -> Refused:
    """A correction does not make something else of an entry."""
    return refuse(
        "ANOTHER_KIND",
        field="content",
        value=kind,
        zh="更正不能改变登记的种类。",
        en="A correction does not change what kind of thing an entry is.",
        remedy=("请撤回原登记，另行登记。", "Withdraw the entry and record a new one."),
    )


def level_not_counted(level: str | None, counted: Collection[str], clauses: tuple[str, ...]) -> Refused:
    """Awarded at a level that the target does not count, or at none that was named."""
    return refuse(
        "LEVEL_NOT_COUNTED",
        field="content.level",
        value=level,
        clauses=clauses,
        zh="该级别不计入这一目标。",
        en="The target does not count what was awarded at this level.",
        remedy=(f"计入的级别：{'、'.join(counted)}。", f"It counts from {', '.join(counted)}."),
    )


def outside_batch(field: str, on: date, starts_on: date, ends_on: date) -> Refused:
    """A day that does not belong to the batch."""
    return refuse(
        "OUTSIDE_BATCH",
        field=field,
        value=on,
        zh=f"{on.isoformat()}不属于{starts_on.isoformat()}至{ends_on.isoformat()}的这一批。",
        en=f"{on.isoformat()} does not belong to the batch of {starts_on.isoformat()} to {ends_on.isoformat()}.",
        remedy=("请更正日期，或登记在所属的批次。", "Correct the day, or record it in its own batch."),
    )


def entrants_malformed(field: str, value: Any, zh: str, en: str) -> Refused:
    """A list of entrants that cannot be: one twice, born later, or a prize without taking part."""
    return refuse(
        "ENTRANTS_MALFORMED",
        field=field,
        value=value,
        zh=zh,
        en=en,
        remedy=("请更正参评名单。", "Correct the list of entrants."),
    )


def group_unknown(group: str, field: str) -> Refused:
    """No research group of that id at the school on that day."""
    return refuse(
        "RESEARCH_GROUP_UNKNOWN",
        field=field,
        value=group,
        zh="该校没有这个教研组。",
        en="The school has no such research group.",
        remedy=(
            "请核对教研组编号；刚登记的可能尚在同步，请稍后用同一幂等键重试。",
            "Check the group's id; one entered just now may be arriving: retry with the same key.",
        ),
    )


def theme_twice(field: str, title: str) -> Refused:
    """The same theme twice in one list."""
    return refuse(
        "THEME_TWICE",
        field=field,
        value=title,
        zh="同一主题列出两次。",
        en="The same theme stands twice.",
        remedy=("请删去重复的一项。", "Leave one of them out."),
    )


def themes_changed(version: int) -> Refused:
    """The school's themes have another version than the one that was seen."""
    return refuse(
        "VERSION_CHANGED",
        field="expected_version",
        value=version,
        zh=f"该校的研修主题已是第{version}版。" if version else "该校尚未登记研修主题。",
        en=f"The school's themes are at version {version}." if version else "The school has declared no themes yet.",
        remedy=("请查看最新一版后再办理。", "Look at the newest version first."),
    )


def filed_before(filed_on: date) -> Refused:
    """The themes are filed as they stand."""
    return refuse(
        "FILED_ALREADY",
        field="filed_on",
        value=filed_on,
        zh=f"现有的研修主题已于{filed_on.isoformat()}报备。",
        en=f"The themes as they stand were filed on {filed_on.isoformat()}.",
        remedy=("无需再报；主题改动后再报备。", "Nothing is to be done until they change."),
    )


def filed_too_early(filed_on: date, declared_on: date) -> Refused:
    """Filed before they were set down."""
    return refuse(
        "FILED_BEFORE_DECLARED",
        field="filed_on",
        value=filed_on,
        zh=f"报备日早于登记之日{declared_on.isoformat()}。",
        en=f"They were set down on {declared_on.isoformat()}, after that day.",
        remedy=("请更正报备日期。", "Correct the day of the filing."),
    )


def subjects_changed(version: int) -> Refused:
    """The district's subjects have another version than the one that was seen."""
    return refuse(
        "VERSION_CHANGED",
        field="expected_version",
        value=version,
        zh=f"学科设置已是第{version}版。" if version else "尚未设置学科。",
        en=f"The subjects are at version {version}." if version else "No subjects are set yet.",
        remedy=("请查看最新一版后再设置。", "Look at the newest version, then set them."),
    )


def subjects_malformed(field: str, value: Any) -> Refused:
    """A subject twice, or a weekday that no week has."""
    return refuse(
        "SUBJECTS_MALFORMED",
        field=field,
        value=value,
        zh="每个学科列一次，研修日为1（星期一）至7（星期日）。",
        en="Each subject stands once; a research day is 1 (Monday) to 7 (Sunday).",
        remedy=("请更正学科设置。", "Correct the subjects."),
    )
