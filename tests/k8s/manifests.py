"""The rendered manifests as data: resources, pods, and what a container's environment comes to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
K8S = ROOT / "k8s"
OVERLAYS = ("local", "district", "prefecture")
Resource = dict[str, Any]


@cache
def rendered(overlay: str) -> tuple[Resource, ...]:
    """Every resource of the golden file."""
    text = (K8S / "golden" / f"{overlay}.yaml").read_text(encoding="utf-8")
    return tuple(yaml.load_all(text, Loader=yaml.CSafeLoader))


def of_kind(overlay: str, *kinds: str) -> dict[str, Resource]:
    """Resources of these kinds by name."""
    return {one["metadata"]["name"]: one for one in rendered(overlay) if one["kind"] in kinds}


def workloads(overlay: str) -> dict[str, Resource]:
    """Name -> pod template of everything that runs."""
    found = of_kind(overlay, "Deployment", "StatefulSet", "Job")
    again = of_kind(overlay, "CronJob")
    return {name: one["spec"]["template"] for name, one in found.items()} | {
        name: one["spec"]["jobTemplate"]["spec"]["template"] for name, one in again.items()
    }


def containers(template: Resource) -> Iterator[Resource]:
    """All containers of a pod, those that run first too."""
    yield from template["spec"].get("initContainers", [])
    yield from template["spec"]["containers"]


def environment(overlay: str, container: Resource) -> dict[str, str]:
    """Variable -> value; what a secret or the cluster fills in is `<given>`."""
    maps = of_kind(overlay, "ConfigMap")
    found: dict[str, str] = {}
    for source in container.get("envFrom", []):
        found |= maps[source["configMapRef"]["name"]]["data"]
    for one in container.get("env", []):
        found[one["name"]] = one.get("value", "<given>")
    return found
