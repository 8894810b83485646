"""The database in the manifests: room for every connection, its certificate verified, and copies of it elsewhere."""

from __future__ import annotations

import re

import pytest
from yanxiu_footing.fence.enter import CONNECTIONS as OF_A_CELL

from tests.k8s.manifests import K8S, containers, environment, of_kind, workloads

CLUSTERS = ("district", "prefecture")
# So many districts each is reckoned for (k8s/README.md).
DISTRICTS = {"district": 1, "prefecture": 10}
# What PostgreSQL keeps for its superuser and CloudNativePG takes: replication, the exporter, the operator.
OTHERS = 15


def most_pods(overlay: str) -> dict[str, int]:
    """How many pods of each process there are at most, the one that a rollout adds included."""
    scaled = [(one["spec"], "maxReplicas") for one in of_kind(overlay, "HorizontalPodAutoscaler").values()]
    scaled += [(one["spec"], "maxReplicaCount") for one in of_kind(overlay, "ScaledObject").values()]
    return {spec["scaleTargetRef"]["name"]: spec[most] + 1 for spec, most in scaled}


@pytest.mark.parametrize("overlay", CLUSTERS)
def test_every_pod_at_the_most_finds_a_connection_with_a_cell_for_each_district(overlay: str) -> None:
    most, needed = most_pods(overlay), OTHERS
    for name in ("registry", "credits", "jobs", "visits"):
        (container,) = containers(workloads(overlay)[name])
        own = int(environment(overlay, container)["YANXIU_DATABASE_CONNECTIONS"])
        # The registry's cell reads packs and no tables.
        cells = 0 if name == "registry" else OF_A_CELL * DISTRICTS[overlay]
        needed += most[name] * (own + cells)
    allowed = int(of_kind(overlay, "Cluster")["database"]["spec"]["postgresql"]["parameters"]["max_connections"])
    assert needed <= allowed, f"{needed} connections, {allowed} allowed"


@pytest.mark.parametrize("overlay", CLUSTERS)
def test_whoever_asks_the_database_has_its_authority_to_verify_it_by_and_no_key(overlay: str) -> None:
    readme = (K8S / "README.md").read_text(encoding="utf-8")
    (query,) = set(re.findall(r"sslmode=verify-full&sslrootcert=(\S+?)`", readme))
    for name, template in workloads(overlay).items():
        if "yanxiu/asks-database" not in template["metadata"]["labels"]:
            continue
        (volume,) = [one["secret"] for one in template["spec"]["volumes"] if one["name"] == "database"]
        # As CloudNativePG names it after the cluster; it holds the authority's key too, which nobody here needs.
        (cluster,) = of_kind(overlay, "Cluster")
        assert volume["secretName"] == f"{cluster}-ca"
        assert [one["key"] for one in volume["items"]] == ["ca.crt"]
        for one in containers(template):
            (mount,) = [each for each in one["volumeMounts"] if each["name"] == "database"]
            assert f"{mount['mountPath']}/ca.crt" == query, name
            assert mount["readOnly"] is True


@pytest.mark.parametrize("overlay", CLUSTERS)
def test_the_log_is_archived_and_a_base_copy_made_daily_by_the_same_plugin_to_the_same_store(overlay: str) -> None:
    (plugin,) = of_kind(overlay, "Cluster")["database"]["spec"]["plugins"]
    assert plugin["isWALArchiver"] is True
    assert set(of_kind(overlay, "ObjectStore")) == {plugin["parameters"]["barmanObjectName"]}
    (daily,) = of_kind(overlay, "ScheduledBackup").values()
    assert daily["spec"]["pluginConfiguration"]["name"] == plugin["name"]
    assert daily["spec"]["cluster"]["name"] in of_kind(overlay, "Cluster")
