"""The rest of the guidance (ANHUI-1, 5, 6, 7): how long it holds, the certificate, contents, the topic of each year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import (
    Facts,
    FactsRefused,
    Law,
    clauses_broken,
    clauses_to_watch,
    decision,
    must_be_one_of,
    rows_that_hold,
)

BASIS, CERTIFICATE, CONTENTS, TOPICS = "ANHUI-1", "ANHUI-5", "ANHUI-6", "ANHUI-7"


class PeriodQuestion(Facts, frozen=True, kw_only=True):
    """Does the guidance hold on that day?"""

    on: dt.date


class CertificateQuestion(Facts, frozen=True, kw_only=True):
    """Do the certificates hold what was recognised of a year? Hours by person; all hours of the year, where stated."""

    recognised: Mapping[str, Decimal]
    entered: Mapping[str, Decimal] = {}
    total_hours: Mapping[str, Decimal] = {}


class ContentQuestion(Facts, frozen=True, kw_only=True):
    """What were the trainings of a year about? A content of each: 课堂教学, 教学研究, 教学设计."""

    contents: tuple[str, ...] = ()


class TopicQuestion(Facts, frozen=True, kw_only=True):
    """Which topic is which year's? Without topics, in the order of the text."""

    start_year: int
    topics_in_order: tuple[str, ...] | None = None


@decision("profile_period", asks_zh="当日是否仍适用", facts=PeriodQuestion, clauses=(BASIS,))
def profile_period(question: PeriodQuestion, law: Law) -> Mapping[str, Any]:
    """ANHUI-1: to the end of the five-year plan, and on where the district renewed it; it is only pointed out."""
    archived = question.on > dt.date.fromisoformat(law.plan_last_day) and not law.renewed
    told = ((BASIS, not archived, "“十二五”期满，没有写明继续适用", "the plan has ended and was not renewed"),)
    return {"archived": archived, "failed": [], "warnings": clauses_to_watch(told, law)}


@decision("certificate", asks_zh="已认定的学时是否如数记入证书", facts=CertificateQuestion, clauses=(CERTIFICATE,))
def certificate(question: CertificateQuestion, law: Law) -> Mapping[str, Any]:
    """ANHUI-5: an entry for everybody recognised, of the same hours, which are a part of all hours of the year."""
    for person, hours in question.total_hours.items():
        if hours < question.recognised.get(person, hours):
            problem = "below the school-based hours, which are a part of it"
            raise FactsRefused(field=f"total_hours.{person}", value=hours, problem=problem)
    missing = [person for person in question.recognised if person not in question.entered]
    differing = [
        person
        for person, hours in question.entered.items()
        if person not in question.recognised or question.recognised[person] != hours
    ]
    told = (
        (CERTIFICATE, not missing, f"没有记入：{'、'.join(missing)}", f"not entered: {', '.join(missing)}"),
        (
            CERTIFICATE,
            not differing,
            f"与认定不符：{'、'.join(differing)}",
            f"not as recognised: {', '.join(differing)}",
        ),
    )
    return {"missing": missing, "differing": differing, "failed": clauses_broken(told, law)}


@decision("content_report", asks_zh="一年的培训涉及哪几项内容", facts=ContentQuestion, clauses=(CONTENTS,))
def content_report(question: ContentQuestion, law: Law) -> Mapping[str, Any]:
    """ANHUI-6: trainings by content; no number is set, so that one left out is pointed out."""
    wanted = rows_that_hold(law.contents)
    for index, content in enumerate(question.contents):
        must_be_one_of(wanted, f"contents[{index}]", content)
    counts = {content: question.contents.count(content) for content in wanted}
    missing = [content for content in wanted if not counts[content]]
    told = ((CONTENTS, not missing, f"没有涉及：{'、'.join(missing)}", f"left out: {', '.join(missing)}"),)
    return {"counts": counts, "missing": missing, "failed": [], "warnings": clauses_to_watch(told, law)}


@decision("topic_year", asks_zh="各年的专题是什么", facts=TopicQuestion, clauses=(TOPICS,))
def topic_year(question: TopicQuestion, law: Law) -> Mapping[str, Any]:
    """ANHUI-7: one topic a year from the first on, each of the four once; their order is an inference (G-A08)."""
    listed = rows_that_hold(law.topics)
    given = listed if question.topics_in_order is None else question.topics_in_order
    for index, topic in enumerate(given):
        must_be_one_of(listed, f"topics_in_order[{index}]", topic)
    table = {str(question.start_year + index): topic for index, topic in enumerate(given)}
    repeated = list(dict.fromkeys(topic for topic in given if given.count(topic) > 1))
    missing = [topic for topic in listed if topic not in given]
    first = int(law.first_topic_year)
    told = (
        (TOPICS, question.start_year == first, f"专题自{first}年始", f"the topics begin in {first}"),
        (TOPICS, not repeated, f"重复：{'、'.join(repeated)}", f"more than once: {', '.join(repeated)}"),
        (TOPICS, not missing, f"没有安排：{'、'.join(missing)}", f"left out: {', '.join(missing)}"),
    )
    return {
        "table": table,
        "order_is_inferred": bool(law.topic_order_inferred),
        "repeated": repeated,
        "missing": missing,
        "failed": clauses_broken(told, law),
    }
