"""The policies that an auditor reads are what the services do, for every endpoint and every role."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from yanxiu_credits.endpoints import TABLE as CREDITS
from yanxiu_footing.answering import handlers
from yanxiu_footing.audit.declared import PLAIN
from yanxiu_footing.authority.permit import Permit
from yanxiu_footing.authority.policies import FOLDER, ROLES, Policies, PoliciesUnusable, Verdict, permits_of
from yanxiu_footing.scope import at_home
from yanxiu_registry.endpoints import TABLE as REGISTRY
from yanxiu_visits.endpoints import TABLE as VISITS
from yanxiu_wire import credits as wire_credits
from yanxiu_wire import registry, visits
from yanxiu_wire.caller import PLATFORM, Caller, Role
from yanxiu_wire.contracts import endpoints_of
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.refusal import Refused

TABLES: Mapping[str, Mapping[Endpoint[Any, Any], frozenset[Role]]] = {
    registry.SERVICE: {endpoint: offer[1] for endpoint, offer in REGISTRY.items()},
    wire_credits.SERVICE: {endpoint: offer[1] for endpoint, offer in CREDITS.items()},
    visits.SERVICE: {endpoint: offer[1] for endpoint, offer in VISITS.items()},
}


@pytest.fixture(scope="module")
def policies() -> Policies:
    return Policies()


@pytest.mark.parametrize("service", TABLES)
def test_for_every_endpoint_and_role_the_policies_say_what_the_service_is_written_to_do(service: str) -> None:
    permits = permits_of(service)
    said = {endpoint.verb: sorted(permit.roles) for endpoint, permit in permits.items()}
    assert said == {endpoint.verb: sorted(roles) for endpoint, roles in TABLES[service].items()}
    assert all(permit.policies for permit in permits.values()), "each has its reason"


def test_each_policy_decides_something(policies: Policies) -> None:
    used = {one for service in TABLES for permit in permits_of(service).values() for one in permit.policies}
    assert policies.ids - used == {
        "own-district", "operator-of-the-platform", "auditor-changes-nothing",
    }, "which forbid"  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_nobody_but_the_operator_acts_in_another_district_and_only_the_platforms_is_one(
    policies: Policies, role: Role
) -> None:
    for service in TABLES:
        for endpoint in endpoints_of(service):
            for district in ("puer", PLATFORM):
                caller = Caller(subject="synthetic", role=role, district=district)
                verdict = policies.decide(caller, endpoint, "putuo")
                may = at_home(caller, "putuo") and role in TABLES[service][endpoint]
                assert verdict.permitted == may, (endpoint, caller)
    foreign = policies.decide(Caller(subject="s", role=role, district="puer"), registry.GET_DISTRICT, "putuo")
    assert foreign.policies[-1] == "own-district" if role != "platform-operator" else not foreign.permitted


def test_a_decision_tells_the_policy_that_is_its_reason(policies: Policies) -> None:
    officer = Caller(subject="synthetic", role="institute-officer", district="puer")
    assert policies.decide(officer, registry.CREATE_SCHOOL, "puer") == Verdict(
        permitted=True, policies=("registry-offices",)
    )
    assert policies.decide(officer, registry.CREATE_DISTRICT, "puer") == Verdict(permitted=False, policies=())


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('@id("registry-teachers")', "", "@id"),
        ('@id("registry-teachers")', '@id("registry-rosters")', "@id"),
        ("registry/create-teacher", "registry/create-king", "create-king"),
        ('Role::"district-officer"', 'Role::"king"', "king"),
        ("principal.district", "principal.province", "province"),
        ("permit (", "permit ((", "unexpected token"),
    ],
)
def test_policies_that_cannot_be_meant_stop_the_start(tmp_path: Path, old: str, new: str, why: str) -> None:
    changed(tmp_path, old, new)
    with pytest.raises(PoliciesUnusable, match=why):
        Policies(tmp_path / "policies")


def test_who_is_taken_out_of_a_policy_is_refused_by_it(tmp_path: Path) -> None:
    changed(
        tmp_path, '    Yanxiu::Role::"school-training-officer"\n  ]', '    Yanxiu::Role::"auditor"\n  ]', "registry"
    )
    before, after = permits_of(registry.SERVICE), Policies(tmp_path / "policies").permits(registry.SERVICE)
    assert [one.verb for one in before if before[one] != after[one]]


def changed(folder: Path, old: str, new: str, name: str | None = None) -> None:
    """The policies with one text replaced, in whichever file has it first."""
    shutil.copytree(FOLDER, folder / "policies")
    for path in sorted((folder / "policies").glob(f"{name or '*'}.cedar")):
        text = path.read_text(encoding="utf-8")
        if old in text:
            path.write_text(text.replace(old, new, 1), encoding="utf-8")
            return
    raise AssertionError(f"no policy has {old}")


class Databases:
    async def has(self, district: str) -> bool:
        return district == "puer"


class Service:
    databases: Any = Databases()
    trail: Any = None


async def test_the_policies_decide_and_a_refusal_names_them_whatever_a_table_says() -> None:
    async def answer(*_given: Any) -> str:
        return "done"

    endpoint = wire_credits.GET_PROJECTS
    everybody = frozenset(ROLES)

    async def asked(permits: Any) -> Any:
        (serves,) = handlers(
            Service(), {endpoint: (answer, everybody, PLAIN)}, committed=lambda: None, permits=permits
        ).values()
        query = wire_credits.GetProjects(caller=Caller(subject="s", role="teacher", district="puer"), ids=())
        return await serves("puer", query, Deadline.after(5))

    assert await asked({endpoint: Permit(frozenset({"teacher"}), ("made-up",))}) == "done"
    refused = await asked({endpoint: Permit(frozenset({"auditor"}), ("made-up",))})
    assert isinstance(refused, Refused)
    assert refused.errors[0].code == "FORBIDDEN"
    assert "made-up" in refused.errors[0].remedy_zh
    assert "made-up" in refused.errors[0].remedy_en
    nobody = await asked({})
    assert isinstance(nobody, Refused), "what no policy permits is not permitted"
