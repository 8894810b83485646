"""A refusal names the field that the client wrote: an own field of the input, or `facts` for what went by its name."""

from __future__ import annotations

import pytest
from yanxiu_gateway.names import graphql_path

OWN = ("score", "class_hours", "facts")


@pytest.mark.parametrize(
    ("field", "own", "shown"),
    [
        ("facts.class_hours", OWN, "input.classHours"),
        ("facts.project_credit", OWN, "input.facts"),
        ("facts.hour_log.a", OWN, "input.facts"),
        ("facts.class", OWN, "input.sessionClass"),
        ("facts", OWN, "input"),
        ("teacher", OWN, "input.teacherId"),
        ("facts.project_credit", None, "input.projectCredit"),
    ],
)
def test_a_fact_without_a_field_of_its_own_stands_in_facts(field: str, own: tuple[str, ...] | None, shown: str) -> None:
    assert graphql_path(field, {"class": "sessionClass"}, own) == shown
