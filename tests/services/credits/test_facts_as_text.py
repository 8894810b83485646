"""Every fact of both laws can be given as a text, as GraphQL's `facts: [{name, value}]` does it."""

from __future__ import annotations

import types
import typing
from collections.abc import AsyncIterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from yanxiu_credits.__main__ import running
from yanxiu_credits.law_facts import STATED_BY_SERVICE
from yanxiu_credits.settings import Settings
from yanxiu_rulekit.plugins import load_packs
from yanxiu_wire import registry
from yanxiu_wire.credits import PROPOSE_PROJECT, Project, ProposeProject, TrainingRegistered
from yanxiu_wire.refusal import Refused

from tests.stores import Store

PACKS = load_packs().packs
LEAST: Mapping[str, dict[str, str]] = {
    "puer": {"kind": "degree", "study_year": "2", "transcript": "true"},
    "putuo": {"class_hours": "2"},
}
TEXTS = {bool: "true", int: "2", Decimal: "1.5", date: "2024-05-02", str: "text"}


def forms(annotation: Any) -> list[Any]:
    """The plain types that an annotation admits, None aside."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return [one for part in typing.get_args(annotation) for one in forms(part)]
    return [] if annotation is type(None) else [annotation]


def texts(annotation: Any) -> list[tuple[str, Any]]:
    """A valid text for each form of a fact, and the value it must come out as (None: as it was)."""
    found: list[tuple[str, Any]] = []
    for form in forms(annotation):
        if typing.get_origin(form) is typing.Literal:
            found.append((typing.get_args(form)[0], None))
        elif typing.get_origin(form) is dict:
            found.append(('{"2024": 1.5, "2025": "2"}', {"2024": "1.5", "2025": "2"}))
        elif form is bool:
            found += [("true", True), ("false", False)]
        else:
            found.append((TEXTS[form], {int: 2}.get(form)))
    return found


def fields(jurisdiction: str) -> dict[str, Any]:
    pack = PACKS[jurisdiction]
    kind = typing.get_type_hints(pack.decisions[pack.credit.record].facts)["record"]
    return {one.encode_name: one.type for one in msgspec.structs.fields(kind)}


def cases(jurisdiction: str) -> list[tuple[str, str, Any]]:
    """Every fact that a record may state, with a text for each of its forms and what it must come out as."""
    return [
        (name, text, text if want is None else want)
        for name, annotation in fields(jurisdiction).items()
        if name not in STATED_BY_SERVICE
        for text, want in texts(annotation)
    ]


@pytest.fixture
async def house(
    request: pytest.FixtureRequest, own_nats: Any, own_bus: Any, own_database: Store, clock: Any, house_of: type
) -> AsyncIterator[Any]:
    """A district under one of the installed laws."""
    async with running(
        Settings(nats_url=own_nats.url, keys=own_database.settings.data / "keys", **own_database.fields),
        load_packs(),
        clock=clock,
    ) as service:
        made = house_of(service, own_bus, request.param)
        await made.bind(registry.PackBinding(pack=request.param, since=date(2024, 1, 1)))
        await made.employ("t1")
        yield made


def unreadable(answer: Any, *codes: str) -> list[str]:
    """What the law could not read; that it refuses what it read is its good right."""
    assert isinstance(answer, Refused | TrainingRegistered | Project), answer
    errors = answer.errors if isinstance(answer, Refused) else ()
    return [f"{error.field}: {error.message_en}" for error in errors if error.code in {"FACT_MALFORMED", *codes}]


@pytest.mark.parametrize("house", LEAST, indirect=True)
async def test_a_record_states_any_fact_as_text(house: Any) -> None:
    wrong: list[Any] = []
    read = cases(house.district)
    for name, text, want in read:
        answer = await house.register(facts={**LEAST[house.district], name: text}, on=date(2025, 1, 1))
        wrong += unreadable(answer)
        if isinstance(answer, TrainingRegistered) and answer.record.facts[name] != want:
            wrong.append((name, text, answer.record.facts[name]))
    assert wrong == []
    assert len(read) >= len(fields(house.district)) - len(STATED_BY_SERVICE) > 3


@pytest.mark.parametrize("house", LEAST, indirect=True)
async def test_a_project_states_any_fact_as_text_and_a_record_under_it_repeats_it(house: Any) -> None:
    wrong: list[Any] = []
    stated = PACKS[house.district].credit.project_facts
    read = [one for one in cases(house.district) if one[0] in stated]
    for name, text, want in read:
        proposal = ProposeProject(
            caller=house.officer, key=house.key(), title="研修", organiser="研修中心", facts={name: text}
        )
        project = await house.call(PROPOSE_PROJECT, proposal)
        wrong += unreadable(project)
        if isinstance(project, Project):
            if project.facts[name] != want:
                wrong.append((name, text, project.facts[name]))
            facts = {**LEAST[house.district], name: text}
            answer = await house.register(facts=facts, project=project.id, on=date(2025, 1, 1))
            wrong += unreadable(answer, "FACT_FIXED_BY_PROJECT")
    assert wrong == []
    assert {one[0] for one in read} == set(stated)
