"""A step is judged from what is known, without a database: role, state, signers, window, objections, answers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_credits.workflow.assess_step import (
    Actor,
    Given,
    Opening,
    Situation,
    Taken,
    assess_step,
    phase_of,
    read_answer,
    state_returned_to,
)
from yanxiu_credits.workflow.signing import RETURN, Signed, Stored, content_of, first_wrong, seal
from yanxiu_rulekit.workflow import ROLES, Ask, Span, Workflow
from yanxiu_rulekit.workflows import load_workflows
from yanxiu_wire.refusal import Refused

from tests.services.credits.workflow.made_up_workflows import TEXT, WINDOWS

TODAY = date(2025, 3, 11)


@pytest.fixture(scope="module")
def workflows(tmp_path_factory: pytest.TempPathFactory) -> Any:
    file: Path = tmp_path_factory.mktemp("law") / "workflows.toml"
    file.write_text(TEXT, encoding="utf-8")
    clauses = [f"MADE-{n}" for n in range(1, 5)]
    return load_workflows(file, clauses=clauses, windows=WINDOWS, periods=("year",))


def signed(step: str, subject: str, before: str, after: str, seq: int = 1, **more: Any) -> Signed:
    known = {
        "district": "d", "process": "p", "role": "school-leader", "school": "school-1", "on_behalf_of": None,
        "delegation": None, "on": TODAY, "mark": "", "body": "{}", "statements": "{}", "evidence": "[]",
        "reason": None, "pack": "made", "version": "1", "signed_us": 1, "content": content_of("{}", "{}", "[]"),
        "previous": "0" * 64,
    }  # fmt: skip
    return Signed(seq=seq, step=step, subject=subject, from_state=before, to_state=after, **{**known, **more})


def chain(*steps: tuple[str, str, str]) -> list[Stored]:
    made: list[Stored] = []
    for step, before, after in steps:
        previous = made[-1].hash if made else "0" * 64
        one = signed(step, "somebody", before, after, seq=len(made) + 1, previous=previous)
        made.append(Stored(one, seal(one)))
    return made


def judge(workflow: Workflow, step: str, state: str, actor: Actor, **more: Any) -> Taken | Refused:
    found = workflow.step(step)
    assert found is not None
    situation = Situation(
        state=state, version=1, school="school-1",
        signatures=more.get("signatures", ()), open_objections=more.get("open_objections", 0),
    )  # fmt: skip
    opening = Opening(span=more.get("span", Span()))
    return assess_step(workflow, found, situation, actor, more.get("given", Given()), opening, TODAY)


def code(answer: Taken | Refused) -> str:
    return answer.errors[0].code if isinstance(answer, Refused) else ""


@given(st.sampled_from(ROLES), st.sampled_from(("registered", "reviewed", "in_publicity", "submitted", "told")))
def test_only_the_named_role_in_the_named_state_passes(workflows: Any, role: str, state: str) -> None:
    workflow = workflows["recognition"]
    for step in workflow.steps:
        answer = judge(workflow, step.name, state, Actor(subject="x", role=role))
        expected = "STEP_NOT_YOURS" if role not in step.by else "STEP_NOT_OPEN" if state not in step.from_states else ""
        assert code(answer) == expected


@given(st.integers(-40, 40), st.integers(-40, 40), st.sampled_from(("submit", "recognise", "review")))
def test_a_day_outside_the_window_is_refused_or_marked_as_the_law_says(
    workflows: Any, opens: int, closes: int, name: str
) -> None:
    workflow = workflows["recognition"]
    step = workflow.step(name)
    span = Span(opens=TODAY + timedelta(days=opens), closes=TODAY + timedelta(days=closes))
    answer = judge(workflow, name, step.from_states[0], Actor(subject="x", role=step.by[-1]), span=span)
    if opens > 0:
        assert code(answer) == "STEP_TOO_EARLY"
    elif closes < 0 and step.late == "refuse":
        assert code(answer) == "STEP_TOO_LATE"
    else:
        assert isinstance(answer, Taken)
        assert answer.mark == ("late" if closes < 0 else "")


def test_a_person_behind_a_delegation_counts_as_a_signer(workflows: Any) -> None:
    plan = workflows["plan"]
    by_delegate = (signed("review", "clerk", "declared", "reviewed", on_behalf_of="institute"),)
    for subject, behalf in (("institute", None), ("clerk", None), ("other", "institute"), ("clerk", "other")):
        actor = Actor(subject=subject, role="institute-officer", behalf=behalf)
        assert code(judge(plan, "approve", "reviewed", actor, signatures=by_delegate)) == "FOUR_EYES"
    fresh = Actor(subject="other", role="institute-officer", behalf="third")
    assert isinstance(judge(plan, "approve", "reviewed", fresh, signatures=by_delegate), Taken)


def test_the_newest_signature_of_a_step_is_the_one_that_another_must_have_given(workflows: Any) -> None:
    plan = workflows["plan"]
    signatures = (
        signed("review", "first", "declared", "reviewed"),
        signed(RETURN, "department", "reviewed", "drafting", seq=2),
        signed("review", "second", "declared", "reviewed", seq=3),
    )
    first = Actor(subject="first", role="institute-officer")
    second = Actor(subject="second", role="institute-officer")
    assert isinstance(judge(plan, "approve", "reviewed", first, signatures=signatures), Taken)
    assert code(judge(plan, "approve", "reviewed", second, signatures=signatures)) == "FOUR_EYES"


def test_an_open_objection_holds_every_step_and_no_return(workflows: Any) -> None:
    recognition = workflows["recognition"]
    leader = Actor(subject="x", role="school-leader")
    assert code(judge(recognition, "submit", "in_publicity", leader, open_objections=2)) == "OBJECTIONS_OPEN"
    situation = Situation(state="in_publicity", version=3, school="s", open_objections=2)
    assert state_returned_to(recognition, situation, leader) == "registered"


def test_a_return_leads_to_the_state_before_where_the_law_names_none(workflows: Any) -> None:
    plan = workflows["plan"]
    signatures = (signed("declare", "x", "drafting", "declared"),)
    situation = Situation(state="declared", version=1, school="s", signatures=signatures)
    assert state_returned_to(plan, situation, Actor(subject="y", role="institute-officer")) == "drafting"
    final = Situation(state="approved", version=3, school="s", signatures=signatures)
    assert code(state_returned_to(plan, final, Actor(subject="y", role="district-officer"))) == "RETURN_NOT_YOURS"  # type: ignore[arg-type]


def test_the_phase_of_records_follows_the_effects_of_what_was_signed(workflows: Any) -> None:
    recognition = workflows["recognition"]
    steps = ("review", "publicise", "submit", "recognise", "feed_back")
    walk = tuple(signed(step, "x", "", "", seq=n) for n, step in enumerate(steps, start=1))
    phases = [phase_of(recognition, walk[:n]) for n in range(len(walk) + 1)]
    assert phases == ["registered", "reviewed", "in_publicity", "submitted", "recognised", "recognised"]
    back = signed(RETURN, "x", "", "", seq=4)
    assert phase_of(recognition, (*walk[:3], back)) == "returned"
    assert phase_of(recognition, (*walk[:3], back, walk[0])) == "reviewed"


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        ("text", " 提升 ", "提升"),
        ("text", "  ", None),
        ("text", "长" * 2001, None),
        ("number", "0.75", "0.75"),
        ("number", "NaN", None),
        ("number", "1e5x", None),
        ("number", "1" * 40, None),
        ("day", "2025-03-11", "2025-03-11"),
        ("day", "2025-02-30", None),
        ("flag", "true", "True"),
        ("flag", "false", "False"),
        ("flag", "yes", None),
    ],
)
def test_answers_are_read_exactly_in_their_form(form: Any, text: str, value: str | None) -> None:
    found = read_answer(Ask(name="a", label="a", label_en="a", form=form), text)
    assert (None if found is None else str(found)) == value


def test_a_chain_of_signatures_holds_until_one_is_altered_removed_or_swapped() -> None:
    whole = chain(("declare", "drafting", "declared"), ("review", "declared", "reviewed"))
    assert first_wrong(whole, state="reviewed", version=2) is None
    first, second = whole

    def changed(one: Stored, **fields: Any) -> Stored:
        return Stored(msgspec.structs.replace(one.signed, **fields), one.hash)

    def resealed(one: Stored, **fields: Any) -> Stored:
        other = msgspec.structs.replace(one.signed, **fields)
        return Stored(other, seal(other))

    for field in ("subject", "role", "on_behalf_of", "statements", "evidence", "body", "to_state", "reason"):
        assert "altered: signature 1" in (
            first_wrong([changed(first, **{field: "x"}), second], state="reviewed", version=2) or ""
        )
    assert "does not continue" in (
        first_wrong([resealed(first, subject="x"), second], state="reviewed", version=2) or ""
    )
    assert "altered" in (first_wrong([resealed(first, body="x"), second], state="reviewed", version=2) or "")
    assert "missing: signature 1" in (first_wrong([second], state="reviewed", version=2) or "")
    assert "missing" in (first_wrong([first], state="declared", version=2) or "")
    assert "stands at approved" in (first_wrong(whole, state="approved", version=2) or "")
