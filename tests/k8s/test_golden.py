"""What is rendered: the golden files are what kustomize makes of the sources, and every resource fits its schema."""

from __future__ import annotations

import json
import runpy
import shutil
from pathlib import Path

import jsonschema
import kubernetes_validate
import pytest
import yaml

from tests.k8s.manifests import K8S, OVERLAYS, ROOT, rendered

OLDEST_CLUSTER = "1.32"
RENDERER = runpy.run_path(str(ROOT / "scripts" / "manifests.py"))
OWN = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in (K8S / "schemas").glob("*.json")}
SOURCES = sorted(
    file for folder in ("base", "components", "overlays") for file in (K8S / folder).rglob("*") if file.is_file()
)


def taken_by(folder: Path) -> set[Path]:
    """Every file that a kustomization reaches, itself included."""
    path = folder / "kustomization.yaml"
    kustomization = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = {path}
    for name in [*kustomization.get("resources", []), *kustomization.get("components", [])]:
        one = (folder / name).resolve()
        found |= taken_by(one) if one.is_dir() else {one}
    for generator in kustomization.get("configMapGenerator", []):
        found |= {folder / name for name in generator.get("files", [])}
    return found


def test_every_file_is_part_of_an_overlay() -> None:
    assert set(SOURCES) == set().union(*(taken_by(K8S / "overlays" / overlay) for overlay in OVERLAYS))


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_golden_file_holds_every_resource_that_its_sources_define(overlay: str) -> None:
    defined: set[tuple[str, str]] = set()
    for file in taken_by(K8S / "overlays" / overlay):
        if file.suffix == ".yaml" and file.name != "kustomization.yaml":
            for one in yaml.load_all(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
                name = one["metadata"]["name"]
                defined.add((one["kind"], name))
    if overlay == "local":
        defined -= {("Namespace", "yanxiu")}
        defined |= {("Namespace", "yanxiu-local")}
    if overlay == "prefecture":
        defined -= {("HorizontalPodAutoscaler", "jobs")}  # KEDA makes its own
    golden = {(one["kind"], one["metadata"]["name"]) for one in rendered(overlay) if one["kind"] != "ConfigMap"}
    assert golden == defined


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_golden_file_is_what_kustomize_renders(overlay: str) -> None:
    header, _, golden = (K8S / "golden" / f"{overlay}.yaml").read_text(encoding="utf-8").partition("\n")
    # Of the sources as they are: where there is no kubectl to compare with, a stale file is found all the same.
    assert header == RENDERER["HEADER"] + RENDERER["sources"](overlay), "python scripts/manifests.py render"
    if shutil.which("kubectl") is not None:
        assert RENDERER["kustomized"](overlay) == golden


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_resource_fits_its_schema(overlay: str) -> None:
    for one in rendered(overlay):
        schema = OWN.get(one["kind"])
        if schema is None:
            kubernetes_validate.validate(one, OLDEST_CLUSTER, strict=True)
        else:
            jsonschema.validate(one, schema)


def test_a_misspelt_field_fits_no_schema() -> None:
    cluster = next(one for one in rendered("district") if one["kind"] == "Cluster")
    wrong = cluster | {"spec": cluster["spec"] | {"instnces": 3}}
    with pytest.raises(jsonschema.ValidationError, match="instnces"):
        jsonschema.validate(wrong, OWN["Cluster"])
    gateway = next(one for one in rendered("district") if one["kind"] == "Deployment")
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(gateway | {"spec": gateway["spec"] | {"replcas": 3}}, OLDEST_CLUSTER, strict=True)
