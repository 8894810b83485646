"""What watches the platform: expressions that parse, metrics and labels that the code has, alerts that lead somewhere.

The rules are played by promtool on made-up series where it is installed; what it holds is held here without it too.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import promql_parser
import pytest
import yaml
from yanxiu_cli.metrics_listed import PAGE, every_metric, listed
from yanxiu_durable.watching import pause_after

from tests.k8s.alerting import alarms, seconds, series_of
from tests.k8s.manifests import K8S, ROOT, of_kind, workloads
from tests.k8s.test_golden import OLDEST_CLUSTER

HERE = K8S / "observability"
METRICS = {one.name: one for one in every_metric()}
# Of prometheus-client itself, and of Prometheus about what it reads.
GIVEN = {"process_cpu_seconds_total", "process_resident_memory_bytes", "up"}
# Labels that Prometheus adds to what it reads.
ADDED = {"pod", "job", "le"}


def parts(name: str) -> list[dict[str, Any]]:
    return list(yaml.load_all((HERE / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


RULES: list[dict[str, Any]] = parts("alerts.yaml")[0]["spec"]["groups"][0]["rules"]
DASHBOARD = json.loads((HERE / "yanxiu.json").read_text(encoding="utf-8"))


def shown() -> Iterator[tuple[str, str]]:
    """Every expression of the dashboard with its panel's title; Grafana's variables as it would fill them in."""
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"].replace("$__rate_interval", "1m").replace("$district", ".*")


EXPRESSIONS = [*((one["alert"], one["expr"]) for one in RULES), *shown()]


def selectors(node: Any) -> Iterator[promql_parser.VectorSelector]:
    """Every selector of a parsed expression."""
    if isinstance(node, promql_parser.VectorSelector):
        yield node
    for name in ("lhs", "rhs", "expr", "args", "vector_selector", "param"):
        found = getattr(node, name, None)
        for each in found if isinstance(found, list) else [found]:
            if each is not None:
                yield from selectors(each)


def base(name: str) -> str:
    """The name under which a sample's metric is declared."""
    for ending in ("_bucket", "_sum", "_count"):
        stem = name.removesuffix(ending)
        if stem != name and stem in METRICS and METRICS[stem].kind == "histogram":
            return stem
    return name


@pytest.mark.parametrize(("where", "expression"), EXPRESSIONS, ids=[one[0] for one in EXPRESSIONS])
def test_an_expression_parses_and_asks_for_metrics_and_labels_that_the_code_has(where: str, expression: str) -> None:
    found = list(selectors(promql_parser.parse(expression)))
    assert found, where
    known: set[str] = set(ADDED)
    for one in found:
        assert one.name is not None
        name = base(one.name)
        assert name in METRICS or name in GIVEN, name
        labels = set(METRICS[name].labels) if name in METRICS else ADDED
        known |= labels
        assert {matcher.name for matcher in one.matchers.matchers} <= labels, one.name
    for grouped in re.findall(r"\b(?:by|on|group_left)\s*\(([^)]*)\)", expression):
        assert {label.strip() for label in grouped.split(",")} <= known, (where, grouped)


def test_metrics_are_named_by_prometheus_conventions() -> None:
    for one in METRICS.values():
        assert re.fullmatch(r"yanxiu_[a-z]+(_[a-z]+)*", one.name), one.name
        assert (one.kind == "counter") == one.name.endswith("_total"), one.name
        assert not re.search(r"_(ms|milliseconds|minutes|kb|mb|percent)(_total)?$", one.name), one.name
        assert re.search(r"[\u4e00-\u9fff]", one.zh), one.name
        assert one.en, one.name
        assert not {"teacher", "subject", "name", "document", "trace"} & set(one.labels), one.name


def test_the_page_of_metrics_is_what_the_code_declares() -> None:
    assert PAGE.read_text(encoding="utf-8") == listed(), "write it anew: yanxiu schema"


def test_every_alert_is_said_in_both_languages_and_leads_to_what_to_do() -> None:
    headings = re.findall(r"^#+ (.+)$", (ROOT / "docs/observing.md").read_text(encoding="utf-8"), re.M)
    anchors = {heading.lower() for heading in headings}
    names = [one["alert"] for one in RULES]
    assert len(set(names)) == len(names)
    for one in RULES:
        summary = one["annotations"]["summary"]
        assert re.search(r"[\u4e00-\u9fff]", summary), one["alert"]
        assert re.search(r"[A-Za-z]{3}.*\.$", summary), one["alert"]
        assert one["annotations"]["runbook"].partition("#")[2] == one["alert"].lower()
        assert one["alert"].lower() in anchors
    # Nothing is explained that no longer alarms.
    assert {anchor for anchor in anchors if anchor.startswith("yanxiu")} == {name.lower() for name in names}


def test_every_resource_fits_its_schema() -> None:
    for name in ("alerts.yaml", "pods.yaml"):
        for one in parts(name):
            schema = json.loads((K8S / "schemas" / f"{one['kind']}.json").read_text(encoding="utf-8"))
            jsonschema.validate(one, schema)
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate(one | {"spec": one["spec"] | {"misspelt": 1}}, schema)
    (policy,) = parts("traces.yaml")
    kubernetes_validate.validate(policy, OLDEST_CLUSTER, strict=True)


def test_the_monitor_reads_the_port_of_every_process() -> None:
    (monitor,) = parts("pods.yaml")
    wanted = monitor["spec"]["selector"]["matchLabels"]
    read = {name for name, pod in workloads("district").items() if wanted.items() <= pod["metadata"]["labels"].items()}
    assert read == {"gateway", "registry", "credits", "jobs", "visits"}
    for name in read:
        ports = workloads("district")[name]["spec"]["containers"][0]["ports"]
        assert {"name": "metrics", "containerPort": 9464} in ports, name
    settings = of_kind("district", "ConfigMap")
    named = {"yanxiu-gateway", "yanxiu-services"}
    offered = [one["data"]["YANXIU_METRICS_PORT"] for name, one in settings.items() if name.rpartition("-")[0] in named]
    assert offered == ["9464", "9464"]


def test_the_dashboard_has_panels_that_do_not_lie_on_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells
        assert re.search(r"[\u4e00-\u9fff]|^CPU$", panel["title"])


CASES = yaml.safe_load((HERE / "alerts.test.yaml").read_text(encoding="utf-8"))


def test_the_rules_alarm_when_they_should_and_only_then() -> None:
    by_name = {one["alert"]: one for one in RULES}
    tried: dict[str, set[bool]] = {name: set() for name in by_name}
    for case in CASES["tests"]:
        series, interval = series_of(case), seconds(CASES["evaluation_interval"])
        for one in case["alert_rule_test"]:
            found = list(alarms(by_name[one["alertname"]], series, seconds(one["eval_time"]), interval))
            wanted = [(each["exp_labels"], each["exp_annotations"]) for each in one["exp_alerts"]]
            assert found == wanted, (one["alertname"], one["eval_time"])
            tried[one["alertname"]].add(bool(wanted))
    assert {name for name, both in tried.items() if both != {True, False}} == set(), "each alarms once, and once not"


def test_what_was_lost_alarms_within_a_minute() -> None:
    (group,) = parts("alerts.yaml")[0]["spec"]["groups"]
    (endpoint,) = parts("pods.yaml")[0]["spec"]["podMetricsEndpoints"]
    read_every, evaluated_every = seconds(endpoint["interval"]), seconds(group["interval"])
    assert pause_after(0.01) + read_every + evaluated_every <= 45
    # However many districts there are.
    assert pause_after(10) + read_every + evaluated_every <= 60
    at_once = {one["alert"] for one in group["rules"] if one["for"] == "0m"}
    assert {"YanxiuStreamBehind", "YanxiuStreamLost", "YanxiuLedgerClosed", "YanxiuDeadLetters"} <= at_once


def test_promtool_agrees_where_it_is(tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        # The cases are held by the test above, which reckons as Prometheus says it does.
        assert CASES["tests"]
        return
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(parts("alerts.yaml")[0]["spec"]), encoding="utf-8")
    (tmp_path / "test.yaml").write_text(yaml.safe_dump(CASES | {"rule_files": ["rules.yaml"]}), encoding="utf-8")
    done = subprocess.run([promtool, "test", "rules", "test.yaml"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
