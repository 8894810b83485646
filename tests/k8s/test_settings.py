"""The environment that the manifests give: only settings that exist, every one that must be given, values that fit."""

from __future__ import annotations

import importlib

import msgspec
import pytest
from yanxiu_cli.settings import PROCESSES, PROGRAMS, every_setting
from yanxiu_durable.settings import DatabaseSettings
from yanxiu_wire.settings import read_settings
from yanxiu_wire.work_queue import GRACE

from tests.k8s.manifests import OVERLAYS, containers, environment, of_kind, workloads

KNOWN = {one.variable: one.processes for one in every_setting()}
SERVICES = ("registry", "credits", "visits")


def settings_of(process: str) -> type[msgspec.Struct]:
    module = importlib.import_module(f"yanxiu_{PROGRAMS.get(process, process)}.settings")
    return module.GatewaySettings if process == "gateway" else module.Settings


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_variable_of_ours_is_a_setting_of_some_process(overlay: str) -> None:
    for template in workloads(overlay).values():
        for one in containers(template):
            ours = {name for name in environment(overlay, one) if name.startswith("YANXIU_")}
            assert ours <= set(KNOWN), one["name"]


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize("process", PROCESSES)
def test_a_process_is_given_what_it_needs_and_nothing_that_it_does_not_read(overlay: str, process: str) -> None:
    (container,) = workloads(overlay)[process]["spec"]["containers"]
    assert container["args"] == ["serve", process]
    given = environment(overlay, container)
    assert [name for name in given if process not in KNOWN[name]] == []
    read_settings(settings_of(process), given)  # raises when one is missing or cannot be read


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_service_is_migrated_before_and_with_the_owners_role_alone_there(overlay: str) -> None:
    job = of_kind(overlay, "Job")["migrate"]
    assert job["metadata"]["labels"]["yanxiu/stage"] == "before"
    run = list(containers(job["spec"]["template"]))
    assert [one["args"] for one in run] == [["migrate", service] for service in SERVICES]
    for one in run:
        assert read_settings(DatabaseSettings, environment(overlay, one)).database_owner_url
    for process in PROCESSES:
        given = environment(overlay, workloads(overlay)[process]["spec"]["containers"][0])
        assert "YANXIU_DATABASE_OWNER_URL" not in given
        assert ("YANXIU_DATABASE_URL" in given) is (process != "gateway")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_folders_that_settings_name_are_mounted(overlay: str) -> None:
    for process in PROCESSES:
        (container,) = workloads(overlay)[process]["spec"]["containers"]
        mounted = [one["mountPath"] for one in container["volumeMounts"]]
        given = environment(overlay, container)
        for name in {"YANXIU_KEYS", "YANXIU_DATA", "YANXIU_TRUSTED_DOCUMENTS"} & set(given):
            assert any(given[name].startswith(path) for path in mounted), (process, name)


@pytest.mark.parametrize("overlay", ["district", "prefecture"])
def test_a_real_deployment_signs_in_by_oidc_and_shows_no_console(overlay: str) -> None:
    given = environment(overlay, workloads(overlay)["gateway"]["spec"]["containers"][0])
    assert given["YANXIU_ISSUER_URL"].startswith("https://")
    assert "YANXIU_GRAPHIQL" not in given


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_drain_and_grace_end_before_the_pod_is_killed(overlay: str) -> None:
    from yanxiu_gateway.__main__ import GRACE_SECONDS

    template = workloads(overlay)["gateway"]
    given = environment(overlay, template["spec"]["containers"][0])
    wanted = float(given["YANXIU_DRAIN_SECONDS"]) + GRACE_SECONDS
    assert wanted + 5 <= template["spec"]["terminationGracePeriodSeconds"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_parts_of_jobs_are_done_by_processes_of_their_own(overlay: str) -> None:
    found = {one: read_settings(settings_of(one), _given(overlay, one)) for one in ("credits", "jobs")}
    assert {one: msgspec.structs.asdict(its)["job_parts"] for one, its in found.items()} == {"credits": 0, "jobs": 1}
    # A part in hand is finished or given back before the pod is killed.
    assert workloads(overlay)["jobs"]["spec"]["terminationGracePeriodSeconds"] >= GRACE + 15


def _given(overlay: str, process: str) -> dict[str, str]:
    (container,) = workloads(overlay)[process]["spec"]["containers"]
    return environment(overlay, container)
