"""The image's recipe: no rights, no addresses, every distribution built, and what the manifests start is in it."""

from __future__ import annotations

import re
import sysconfig
import tomllib
from pathlib import Path

from tests.k8s.manifests import K8S, ROOT, containers, workloads

TEXT = (K8S / "Containerfile").read_text(encoding="utf-8")
INSTRUCTIONS = re.findall(r"^([A-Z]+) (.*(?:\\\n.*)*)", TEXT, re.M)


def test_the_image_runs_as_the_user_that_the_manifests_name() -> None:
    assert [what for name, what in INSTRUCTIONS if name == "USER"] == ["10001:10001"]
    for name in ("gateway", "registry", "credits", "jobs", "visits", "migrate"):
        own = workloads("district")[name]["spec"]["securityContext"]
        assert (own["runAsUser"], own["runAsGroup"]) == (10001, 10001)


def test_nothing_is_fetched_from_an_address() -> None:
    assert "://" not in TEXT
    assert [what for name, what in INSTRUCTIONS if name == "ADD"] == []
    assert not re.search(r"\b(curl|wget|git|apt|apt-get|apk|dnf)\b", TEXT)


def test_every_distribution_of_ours_is_built_and_installed() -> None:
    loop = re.search(r"for folder in ([^;]+);", TEXT)
    assert loop
    first, *others = loop[1].split()
    assert first == "."
    folders = {one for pattern in others for one in ROOT.glob(pattern.rstrip("/"))}
    assert folders >= {file.parent for file in ROOT.glob("plugins/*/pyproject.toml")} | {ROOT / "rulekit"}
    assert "--constraint requirements.lock /wheels/*.whl" in TEXT


def test_the_commands_that_are_started_exist() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert [what for name, what in INSTRUCTIONS if name == "ENTRYPOINT"] == ['["yanxiu"]']
    assert "yanxiu" in scripts
    # The wheel of nats-server puts the program beside ours, so the same image may serve as `nats`.
    assert (Path(sysconfig.get_path("scripts")) / "nats-server").exists()
    commands = {
        tuple(one["args"][:1])
        for name, each in workloads("district").items()
        if name != "nats"
        for one in containers(each)
    }
    assert commands == {("serve",), ("migrate",), ("nats",)}


def test_the_image_takes_no_environment_and_no_data_from_the_checkout() -> None:
    ignored = (K8S / "Containerfile.containerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv", "var"} <= set(ignored)
