"""NATS in the manifests: a server that takes what is minted, and to each process its own credential alone."""

from __future__ import annotations

import re
import subprocess
import sysconfig
from pathlib import Path

import pytest
from yanxiu_cli.nats.minting import Mint
from yanxiu_cli.nats.parties import parties
from yanxiu_cli.nats.using import variables
from yanxiu_cli.settings import PROCESSES
from yanxiu_wire.access import NatsSettings
from yanxiu_wire.settings import describe, read_settings

from tests.k8s.manifests import K8S, OVERLAYS, containers, environment, of_kind, workloads

HOSTS = ("nats", "*.nats-headless", "localhost")


def test_the_server_takes_its_configuration_with_what_is_minted(tmp_path: Path) -> None:
    mint = Mint(tmp_path / "nats-accounts")
    mint.ensure(parties())
    mint.certify(HOSTS)
    mint.write()
    text = (K8S / "base" / "nats.conf").read_text(encoding="utf-8")
    assert 'include "../nats-accounts/accounts.conf"' in text
    (tmp_path / "nats").mkdir()
    (tmp_path / "nats" / "nats.conf").write_text(text.replace("/etc/nats-tls", str(mint.folder / "tls")), "utf-8")
    names = re.findall(r"\$(\w+)", text)
    needed = {name: f"nats://{name.lower()}:6222" if re.search(r"ROUTE_\d", name) else "x" for name in names}
    server = Path(sysconfig.get_path("scripts")) / "nats-server"
    done = subprocess.run(
        [server, "-t", "-c", tmp_path / "nats" / "nats.conf"], env=needed, capture_output=True, text=True, timeout=20
    )
    assert done.returncode == 0, done.stderr
    assert "verify: true" in text


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_each_process_holds_its_own_credential_and_no_other(overlay: str) -> None:
    holds: dict[str, set[str]] = {}
    for name, template in workloads(overlay).items():
        secrets = (one["secret"]["secretName"] for one in template["spec"].get("volumes", []) if "secret" in one)
        holds[name] = {one for one in secrets if one.startswith("yanxiu-nats")}
    wanted = {name: {f"yanxiu-nats-{name}"} for name in (*PROCESSES, "keeper")}
    wanted["nats"] = {"yanxiu-nats-accounts", "yanxiu-nats-tls"}
    assert {name: found for name, found in holds.items() if found} == wanted
    assert {name for name in wanted if name != "nats"} <= set(parties())


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_process_connects_by_key_and_certificate_and_files_lie_where_its_settings_say(overlay: str) -> None:
    settings = {one.variable for one in describe(NatsSettings)}
    for name in (*PROCESSES, "keeper"):
        (container,) = containers(workloads(overlay)[name])
        given = {key: value for key, value in environment(overlay, container).items() if key in settings}
        found = read_settings(NatsSettings, given)
        assert found.nats_url == "tls://nats:4222"
        mounted = [one["mountPath"] for one in container["volumeMounts"] if one["name"] == "nats"]
        paths = (found.nats_nkey_file, found.nats_ca, found.nats_certificate, found.nats_certificate_key)
        assert {str(path.parent) for path in paths if path} == set(mounted)
        assert None not in paths
        assert set(variables(Path("/"), name)) <= settings


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_keeper_comes_by_every_minute_and_wants_each_stream_on_every_server(overlay: str) -> None:
    (container,) = containers(workloads(overlay)["keeper"])
    servers = of_kind(overlay, "StatefulSet")["nats"]["spec"]["replicas"]
    assert container["args"] == ["nats", "streams", "--replicas", str(servers)]
    keeper = of_kind(overlay, "CronJob")["keeper"]["spec"]
    assert keeper["schedule"] == "* * * * *"
    assert keeper["concurrencyPolicy"] == "Forbid"
