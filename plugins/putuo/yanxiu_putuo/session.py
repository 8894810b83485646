"""One session (PUTUO-4-1, 5-3a, 5-3b): its class, its hours, its credit, or why it may not be entered."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import Law, decision

from yanxiu_putuo.credits import session_credits
from yanxiu_putuo.facts import FormsFacts, Session, SessionFacts

CLASS_ZH = {"lecture": "讲座类", "practice": "实践类"}
OPEN = "per_session"


@decision(
    "record",
    asks_zh="一次研修值多少课时学分",
    facts=SessionFacts,
    clauses=("PUTUO-4-1", "PUTUO-5-3a", "PUTUO-5-3b"),
    day=lambda facts: facts.record.date,
)
def record(facts: SessionFacts, law: Law) -> Mapping[str, Any]:
    """Assess one session of one head teacher: status, class, class hours, credits, and the clauses for which
    nothing counts.

    No clause of this law asks that a project be approved, so approval is not looked at.
    """
    session = facts.record
    credit_class = class_of(session, law)
    _check_hours(session, law)
    attended = session.class_hours if session.attended_hours is None else session.attended_hours
    if law.refusals or credit_class is None:
        clauses = dict.fromkeys(clause for refusal in law.refusals for clause in refusal.clauses)
        return _result("REJECTED", credit_class, reasons=tuple(clauses))
    if attended == 0:
        law.step(
            "hours",
            attended,
            unit="课时",
            clauses=("PUTUO-5-1b",),
            zh="本次研修未参加，不计课时和学分。",
            en="Not attended: neither hours nor credits.",
        )
        return _result("ZERO", credit_class, reasons=("PUTUO-5-1b",))
    total = session_credits(credit_class, attended, law)
    law.step(
        "credits",
        total,
        unit="学分",
        clauses=("PUTUO-5-3a" if credit_class == "lecture" else "PUTUO-5-3b",),
        zh="{class_zh}{hours}课时，每{rate}课时1学分，计{value}学分。",
        en="{hours} class hours of {class_en} at {rate} for a credit; credit: {value}.",
        class_zh=CLASS_ZH[credit_class],
        class_en=credit_class,
        hours=attended,
        rate=attended / total,
    )
    return _result("COUNTED", credit_class, hours=attended, total=total)


@decision(
    "form_class",
    asks_zh="一种研修形式属讲座类还是实践类",
    facts=FormsFacts,
    clauses=("PUTUO-4-1", "PUTUO-5-3a", "PUTUO-5-3b"),
)
def form_class(facts: FormsFacts, law: Law) -> Mapping[str, Any]:
    """Return the class of each form; None where it must be set for each session, as for a form not in the list."""
    classes = {form: _known(form, law)[0] for form in facts.forms}
    return {
        "classes": {form: None if found == OPEN else found for form, found in classes.items()},
        "must_be_set_per_session": [form for form, found in classes.items() if found == OPEN],
    }


def _known(form: str, law: Law) -> tuple[str, str]:
    """Return what a form counts as (`per_session` where it is open), with the clause that says so.

    Three activities are named as practice by PUTUO-5-3b itself, beside the eleven forms of PUTUO-4-1.
    """
    if law.practice_activities.get(form, False):
        return "practice", "PUTUO-5-3b"
    return law.form_class.get(form, OPEN), "PUTUO-4-1"


def _result(
    status: str,
    credit_class: str | None,
    *,
    hours: Decimal = Decimal(0),
    total: Decimal = Decimal(0),
    reasons: tuple[str, ...] = (),
) -> dict[str, Any]:
    return {"status": status, "class": credit_class, "hours": hours, "total": total, "reasons": list(reasons)}


def class_of(session: Session, law: Law) -> str | None:
    """Return the class of the session, saying where it comes from; refuse a form or class that cannot stand."""
    form, stated = session.form, session.class_
    known, clause = (OPEN, "PUTUO-4-1") if form is None else _known(form, law)
    if stated is None and known == OPEN:
        _refuse_open(form, listed=form is not None and form in law.form_class, law=law)
        return None
    if stated is not None and known not in (OPEN, stated):
        law.refuse(
            "CLASS_CONTRADICTS_FORM",
            field="class",
            value=stated,
            clauses=(clause,),
            zh="“{form}”归{known_zh}，不能登记为{stated_zh}。",
            en="{form} counts as {known}; it cannot be entered as {value}.",
            remedy=(
                "不填 class，按形式归类；或改正 form。",
                "Leave class out, so that the form decides; or correct form.",
            ),
            form=form,
            known=known,
            known_zh=CLASS_ZH[known],
            stated_zh=CLASS_ZH[stated],
        )
        return None
    found = known if stated is None else stated
    law.step(
        "class",
        found,
        clauses=(clause,),
        zh="研修形式“{form}”归{class_zh}。" if stated is None else "本次研修登记为{class_zh}。",
        en="The form {form} counts as {value}." if stated is None else "This session was entered as {value}.",
        form=form,
        class_zh=CLASS_ZH[found],
    )
    return found


def _refuse_open(form: str | None, *, listed: bool, law: Law) -> None:
    if form is None:
        zh, en = "没有研修形式，也没有类别。", "Neither a form nor a class was given."
    elif listed:
        zh, en = (
            f"“{form}”可为讲座类或实践类，须逐次写明。",
            f"{form} may be either class; each session must say which.",
        )
    else:
        zh = "“{form}”不在所列的形式之内，须写明类别。"
        en = "{form} is not among the forms listed; its class must be given."
    law.refuse(
        "CLASS_MISSING",
        field="class",
        value=None,
        clauses=("PUTUO-4-1", "PUTUO-5-3a", "PUTUO-5-3b"),
        zh=zh,
        en=en,
        remedy=("填写 class：讲座类为 lecture，实践类为 practice。", "Give class: lecture or practice."),
        form=form,
    )


def _check_hours(session: Session, law: Law) -> None:
    if session.class_hours <= 0:
        law.refuse(
            "HOURS_OUT_OF_RANGE",
            field="class_hours",
            value=session.class_hours,
            clauses=("PUTUO-5-3a", "PUTUO-5-3b"),
            zh="课时须大于0，现为{value}。",
            en="Class hours must be above 0; found {value}.",
            remedy=("按实际安排填写课时。", "Give the class hours that were held."),
        )
        return
    attended = session.attended_hours
    if attended is not None and not 0 <= attended <= session.class_hours:
        law.refuse(
            "HOURS_OUT_OF_RANGE",
            field="attended_hours",
            value=attended,
            clauses=("PUTUO-5-1b",),
            zh="参加课时须在0与安排的课时之间，现为{value}。",
            en="Hours attended must lie between 0 and the hours held; found {value}.",
            remedy=("按签到填写参加课时。", "Give the hours from the attendance list."),
        )
