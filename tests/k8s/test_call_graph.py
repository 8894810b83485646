"""The network policies draw the call graph: what they allow between pods is what the processes do, and no more."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.k8s.manifests import OVERLAYS, of_kind, workloads

SERVICES = ("registry", "credits", "jobs", "visits")
PORTS = (4222, 5432, 6222, 8000, 8222, 9464)
ASKED = (
    {(one, "nats", 4222) for one in ("gateway", "keeper", *SERVICES)}
    | {(one, "database", 5432) for one in ("migrate", *SERVICES)}
    | {("nats", "nats", 6222)}
)


def pods(overlay: str) -> dict[str, dict[str, str]]:
    found = {name: template["metadata"]["labels"] for name, template in workloads(overlay).items()}
    for name, cluster in of_kind(overlay, "Cluster").items():
        # What CloudNativePG labels its pods with, and what it is told to add.
        found[name] = {"cnpg.io/cluster": name} | cluster["spec"]["inheritedMetadata"]["labels"]
    return found


def fits(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    assert set(selector) <= {"matchLabels"}
    return selector.get("matchLabels", {}).items() <= labels.items()


def lets(overlay: str, way: str, own: dict[str, str], other: dict[str, str], port: int) -> bool:
    """Whether a pod's policies let it talk (Egress) or be talked to (Ingress); ipBlocks reach no pod here."""
    side = {"Ingress": "from", "Egress": "to"}[way]
    for policy in of_kind(overlay, "NetworkPolicy").values():
        spec = policy["spec"]
        if way not in spec["policyTypes"] or not fits(spec["podSelector"], own):
            continue
        for rule in spec.get(way.lower(), []):
            peers = [one["podSelector"] for one in rule.get(side, []) if set(one) == {"podSelector"}]
            reached = side not in rule or any(fits(one, other) for one in peers)
            if reached and any(one["port"] == port and one["protocol"] == "TCP" for one in rule["ports"]):
                return True
    return False


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_pods_may_ask_each_other_what_the_processes_ask_and_nothing_else(overlay: str) -> None:
    found = {
        (source, target, port)
        for (source, own), (target, other) in itertools.product(pods(overlay).items(), repeat=2)
        for port in PORTS
        if lets(overlay, "Egress", own, other, port) and lets(overlay, "Ingress", other, own, port)
    }
    among_instances = (
        {("database", "database", port) for port in (5432, 8000)} if of_kind(overlay, "Cluster") else set()
    )
    assert found == ASKED | among_instances


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_no_policy_names_is_denied(overlay: str) -> None:
    deny = of_kind(overlay, "NetworkPolicy")["default-deny"]["spec"]
    assert deny == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_from_outside_only_the_gateway_is_asked_and_metrics_by_who_watches(overlay: str) -> None:
    outside: set[tuple[str, str, int]] = set()
    for name, policy in of_kind(overlay, "NetworkPolicy").items():
        for rule in policy["spec"].get("ingress", []):
            labels = [one["namespaceSelector"]["matchLabels"] for one in rule["from"] if "namespaceSelector" in one]
            outside |= {(name, label, one["port"]) for each in labels for label in each for one in rule["ports"]}
    wanted = {("into-gateway", "yanxiu/ingress", 8000)}
    wanted |= {("metrics", "yanxiu/monitoring", 9464), ("nats", "yanxiu/monitoring", 8222)}
    if of_kind(overlay, "Cluster"):
        wanted |= {("database-instances", "kubernetes.io/metadata.name", port) for port in (5432, 8000)}
    assert outside == wanted
