"""A stranger's path: a pack made with the tutorial alone, installed beside the running platform, bound and in use.

`docs/write-a-rule-pack.md` is carried out in an empty folder, in an environment that holds our wheels and no checkout.
A block after `<!-- file: PATH -->` is written there, one after `<!-- test: NAME -->` is run whole; what follows it as
`json` or `text` is what it prints. The block `start` is not run again: the platform is already running.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.platform import Platform
from tests.packaging.conftest import ROOT

PAGE = (ROOT / "docs" / "write-a-rule-pack.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"<!-- (?P<what>file|test): (?P<name>[\w./-]+) -->\s*```(?P<kind>\w+)\n(?P<text>.*?)```"
    r"(?:(?:(?!<!--|```).)*?```(?P<answer>json|text)\n(?P<printed>.*?)```)?",
    re.DOTALL,
)
AFTER_START = ("install", "bind", "register")
PATIENCE_SECONDS = 60.0
pytestmark = pytest.mark.timeout(240)


@dataclass(frozen=True)
class Stranger:
    """An empty folder and an environment with our wheels: all that the tutorial's reader has."""

    folder: Path
    venv: Path

    def run(self, script: str) -> str:
        """Carry a block out as the page prints it; returns what it printed."""
        scripts = sysconfig.get_path("scripts")  # uv alone is taken from there
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("YANXIU_", "PYTEST_"))}
        environment |= {"PATH": f"{self.venv / 'bin'}:{scripts}:{os.environ['PATH']}", "VIRTUAL_ENV": str(self.venv)}
        environment |= {"UV_OFFLINE": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def follow(self, block: re.Match[str]) -> None:
        """Do what a block says, and hold what it prints against the page."""
        if block["what"] == "file":
            (self.folder / block["name"]).write_text(block["text"], encoding="utf-8")
            return
        printed = self.run(block["text"])
        if block["answer"] == "text":
            assert printed == block["printed"]
        elif block["answer"] == "json":
            self.until_it_answers(block, printed)

    def until_it_answers(self, block: re.Match[str], printed: str) -> None:
        """Ask again with the same keys: the credits service hears of a new district and its teachers a little late."""
        wanted, until = json.loads(block["printed"]), time.monotonic() + PATIENCE_SECONDS
        while json.loads(printed) != wanted and time.monotonic() < until:
            time.sleep(0.2)  # another process's state gives no event
            printed = self.run(block["text"])
        assert json.loads(printed) == wanted


@pytest.fixture(scope="module")
def stranger(bare: Path, tmp_path_factory: pytest.TempPathFactory) -> Stranger:
    return Stranger(tmp_path_factory.mktemp("stranger"), bare)


@pytest.fixture(scope="module")
def platform(stranger: Stranger) -> Iterator[Platform]:
    """The installed platform, started before the stranger's pack is there."""
    running = Platform(stranger.folder / "var", command=(stranger.venv / "bin" / "yanxiu",))
    yield running
    running.stop()


def processes_of(parent: int) -> set[int]:
    """All processes below one, each with those that it started."""
    found: set[int] = set()
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
        for listed in Path(f"/proc/{parent}/task").glob("*/children"):
            for child in map(int, listed.read_text().split()):
                found |= {child} | processes_of(child)
    return found


def test_every_block_of_the_page_is_carried_out() -> None:
    fences = re.findall(r"^```(\w+)$", PAGE, re.MULTILINE)
    found = list(BLOCK.finditer(PAGE))
    assert len(fences) == len(found) + sum(1 for block in found if block["answer"])
    assert [block["name"] for block in found if block["what"] == "test"][-4:] == ["start", *AFTER_START]


def test_the_tutorial_makes_a_pack_binds_it_while_the_platform_runs_and_its_clause_is_cited(
    stranger: Stranger, platform: Platform
) -> None:
    neighbour = Neighbour(platform)
    neighbour.open()
    before = processes_of(platform.process.pid)
    assert len(before) > len(platform.children()) > 0, "the neighbour's law runs in processes of its own"
    for block in BLOCK.finditer(PAGE):
        if block["name"] == "start":
            neighbour.registers("during")
        else:
            stranger.follow(block)
    assert before <= processes_of(platform.process.pid), "a part, or what judges the neighbour, was restarted"
    neighbour.registers("after")
    told = (stranger.folder / "qingxi" / "dist").glob("*.whl")
    assert [file.name for file in told] == ["yanxiu_qingxi-2025.1-py3-none-any.whl"]
    where = "import yanxiu_qingxi; print(yanxiu_qingxi.__file__)"
    assert Path(stranger.run(f"python -c '{where}'").strip()).is_relative_to(stranger.venv)


class Neighbour:
    """Another district on the same platform, whose work must not notice anything."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._teacher = ""

    def open(self) -> None:
        """A district under Putuo's law, a school, a head teacher, a session that counts."""
        operator = self._platform.token("platform", "platform-operator")
        self._write(operator, "createDistrict", district="next", nameZh="虚构邻区", nameEn="Next", synthetic=True)
        self._write(operator, "bindRulePack", district="next", pack="putuo", since="2024-09-01")
        school = {
            "code": "S001",
            "name": "虚构邻区小学",
            "stage": "PRIMARY",
            "location": "TOWN",
            "openedOn": "1990-09-01",
        }
        made = self._write(self._officer, "createSchool", "school { id }", **school)
        teacher = {"staffNumber": "N0001", "name": "虚构教师", "schoolId": made["school"]["id"]}
        dated = {"employedSince": "2020-09-01", "hiredOn": "2020-09-01"}
        self._teacher = self._write(self._officer, "createTeacher", "teacher { id }", **teacher, **dated)["teacher"][
            "id"
        ]
        self.registers("before")

    @property
    def _officer(self) -> str:
        return self._platform.token("next", "district-officer")

    def registers(self, when: str) -> None:
        """A session is registered and answered under the neighbour's own law."""
        on = {"before": "2025-03-03", "during": "2025-03-04", "after": "2025-03-05"}[when]
        given = {"teacherId": self._teacher, "completedOn": on, "form": "专题讲座", "classHours": "10"}
        made = self._write(self._officer, "registerTraining", "record { credits explanation { pack } }", **given)
        assert made["record"] == {"credits": "1", "explanation": {"pack": "yanxiu-putuo"}}

    def _write(self, token: str, name: str, fields: str = "", /, **given: Any) -> dict[str, Any]:
        """Write with one key until it is done: what a service has not heard yet is asked again."""
        kind = f"{name[0].upper()}{name[1:]}Input"
        operation = f"mutation($input: {kind}!) {{ {name}(input: $input) {{ {fields} errors {{ code }} }} }}"
        said = {"idempotencyKey": f"next-{name}-{given.get('completedOn', 'once')}", **given}
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self._platform.ask_until(token, operation, input=said)["data"][name]
            if not answer["errors"] or time.monotonic() > until:
                assert answer["errors"] == []
                return answer
            time.sleep(0.1)  # as above
