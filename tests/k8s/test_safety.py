"""What every pod keeps to, whoever edits the manifests: rights, limits, secrets, probes, and being spared together."""

from __future__ import annotations

import re

import pytest
from yanxiu_cli.settings import PROCESSES

from tests.k8s.manifests import K8S, OVERLAYS, containers, environment, of_kind, rendered, workloads

UNITS = {"Mi": 1, "Gi": 1024}


def megabytes(quantity: str) -> int:
    found = re.fullmatch(r"(\d+)(Mi|Gi)", quantity)
    assert found, quantity
    return int(found[1]) * UNITS[found[2]]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_pod_runs_without_rights(overlay: str) -> None:
    namespace = next(one for one in rendered(overlay) if one["kind"] == "Namespace")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for name, template in workloads(overlay).items():
        spec = template["spec"]
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["runAsUser"] > 0, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["serviceAccountName"] == name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec), name
        assert all({"emptyDir", "secret", "configMap"} & set(one) for one in spec.get("volumes", [])), name
        for one in containers(template):
            assert one["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, name


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_container_has_limits_and_a_service_has_room_for_its_cells(overlay: str) -> None:
    for name, template in workloads(overlay).items():
        for one in containers(template):
            for resources in (one["resources"]["requests"], one["resources"]["limits"]):
                assert set(resources) == {"cpu", "memory", "ephemeral-storage"}, name
            cell = environment(overlay, one).get("YANXIU_FENCE_MEMORY_MB")
            if cell is not None:
                # Two districts at their limit at once, and the service beside them.
                assert megabytes(one["resources"]["limits"]["memory"]) >= 3 * int(cell), name


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_secrets_are_referred_to_and_never_written(overlay: str) -> None:
    assert not of_kind(overlay, "Secret")
    for template in workloads(overlay).values():
        for one in containers(template):
            for entry in one.get("env", []):
                if re.search("PASSWORD|DATABASE.*URL", entry["name"]):
                    assert "secretKeyRef" in entry["valueFrom"], entry["name"]
    for data in of_kind(overlay, "ConfigMap").values():
        assert not [name for name in data["data"] if re.search("PASSWORD|DATABASE.*URL", name)]
        # An address names no user: who connects is known by a key of its own.
        assert "@" not in data["data"].get("YANXIU_NATS_URL", "")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_runs_on_is_probed_and_replaced_without_a_gap(overlay: str) -> None:
    for name, one in of_kind(overlay, "Deployment", "StatefulSet").items():
        main = one["spec"]["template"]["spec"]["containers"][0]
        assert {"startupProbe", "readinessProbe", "livenessProbe"} <= set(main), name
        if name in PROCESSES:
            # Of a process of ours each probe asks what it is about: that the port is open tells nothing.
            port = "http" if name == "gateway" else "metrics"
            asked = {probe: main[f"{probe}Probe"]["httpGet"] for probe in ("startup", "readiness", "liveness")}
            assert asked["readiness"] == {"path": "/ready", "port": port}, name
            assert asked["startup"] == asked["liveness"] == {"path": "/live", "port": port}, name
            assert environment(overlay, main).get("YANXIU_METRICS_HOST") == "0.0.0.0", name  # noqa: S104
        named = {port["name"] for port in main["ports"]}
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            how = main[probe].get("httpGet") or main[probe].get("tcpSocket")
            assert how is None or how["port"] in named, name
        if one["kind"] == "Deployment":
            assert one["spec"]["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}, name
            assert one["spec"]["minReadySeconds"] >= 5, name
    budgets = of_kind(overlay, "PodDisruptionBudget")
    assert set(budgets) == {"gateway", "registry", "credits", "jobs", "visits", "nats"}
    for name, one in budgets.items():
        assert one["spec"] == {"maxUnavailable": 1, "selector": {"matchLabels": {"app.kubernetes.io/name": name}}}
        spread = workloads(overlay)[name]["spec"]["topologySpreadConstraints"]
        assert {each["topologyKey"] for each in spread} == {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}


@pytest.mark.parametrize("overlay", ["district", "prefecture"])
def test_load_scales_every_process_by_one_autoscaler_and_images_are_named_by_digest(overlay: str) -> None:
    scaled = [one["spec"]["scaleTargetRef"]["name"] for one in of_kind(overlay, "HorizontalPodAutoscaler").values()]
    scaled += [one["spec"]["scaleTargetRef"]["name"] for one in of_kind(overlay, "ScaledObject").values()]
    assert sorted(scaled) == ["credits", "gateway", "jobs", "registry", "visits"]
    assert not [name for name, one in of_kind(overlay, "Deployment").items() if "replicas" in one["spec"]]
    for template in workloads(overlay).values():
        assert all("@sha256:" in one["image"] for one in containers(template))


def test_jetstream_syncs_before_it_acknowledges_and_three_servers_form_the_cluster() -> None:
    text = (K8S / "base" / "nats.conf").read_text(encoding="utf-8")
    assert re.search(r"^  sync_interval: always$", text, re.M)
    servers = of_kind("district", "StatefulSet")["nats"]
    assert servers["spec"]["replicas"] == 3
    main = servers["spec"]["template"]["spec"]["containers"][0]
    given = {one["name"] for one in main["env"]}
    assert set(re.findall(r"\$(\w+)", text)) <= given
    assert main["lifecycle"]["preStop"]["exec"]["command"][1:] == ["--signal", "ldm=/run/nats/nats.pid"]
    assert 'pid_file: "/run/nats/nats.pid"' in text


@pytest.mark.parametrize("overlay", ["prefecture"])
def test_the_lag_that_scales_is_that_of_the_consumer_of_the_code(overlay: str) -> None:
    from yanxiu_wire import credits as wire
    from yanxiu_wire.work_queue import JOBS, STREAM

    (scaled,) = of_kind(overlay, "ScaledObject").values()
    assert scaled["spec"]["scaleTargetRef"]["name"] == JOBS
    trigger = scaled["spec"]["triggers"][1]["metadata"]
    assert (trigger["stream"], trigger["consumer"]) == (STREAM, f"{wire.SERVICE}-jobs")
    namespace = rendered(overlay)[0]["metadata"]["name"]
    assert trigger["natsServerMonitoringEndpoint"] == f"nats-headless.{namespace}.svc:8222"
