"""Signed heads and transcripts from the command line: kept outside, checked offline, printed as a page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.platform import Platform, yanxiu

pytestmark = pytest.mark.timeout(300)
TEACHER = "{ ledger(first: 1) { edges { node { teacher { id total { credits } } } } } }"


@pytest.fixture
def transcript(demo: Platform, tmp_path: Path) -> tuple[Path, Path]:
    """The transcript of a teacher of the demonstration, and the public keys."""
    answer = demo.ask(demo.token("puer"), TEACHER)
    teacher = answer["data"]["ledger"]["edges"][0]["node"]["teacher"]["id"]
    file, keys = tmp_path / "transcript.json", tmp_path / "jwks.json"
    where = ("--district", "puer", "--data", str(demo.data))
    made = yanxiu("transcript", "--teacher", teacher, "--out", str(file), *where)
    assert made.returncode == 0, made.stderr
    got = yanxiu("ledger", "keys", "--out", str(keys), *where)
    assert got.returncode == 0, got.stderr
    return file, keys


def test_a_transcript_is_genuine_for_who_has_the_file_and_the_keys_alone(
    transcript: tuple[Path, Path], tmp_path: Path
) -> None:
    file, keys = transcript
    page = tmp_path / "page.html"
    found = yanxiu("transcript", "verify", str(file), "--keys", str(keys), "--page", str(page), "--name", "<合成>")
    assert found.returncode == 0, found.stderr
    assert "属实" in found.stdout
    text = page.read_text()
    assert "学分证明" in text
    assert "&lt;合成&gt;" in text
    assert "核验结果：属实" in text
    assert "<script" not in text


def test_an_altered_amount_is_told_in_chinese_first(transcript: tuple[Path, Path]) -> None:
    file, keys = transcript
    document = json.loads(file.read_text())
    document["content"]["entries"][0]["entry"]["micro_credits"] += 1
    file.write_text(json.dumps(document))
    found = yanxiu("transcript", "verify", str(file), "--keys", str(keys))
    assert found.returncode == 1
    assert "✗ 签名不符" in found.stderr
    assert "✗ 分录被改动" in found.stderr
    assert "不属实" in found.stderr
    assert "Traceback" not in found.stderr


def test_a_page_sums_in_the_districts_unit_and_says_which_period_was_recognised(demo: Platform, tmp_path: Path) -> None:
    found = demo.ask(demo.token("putuo"), '{ teachers(search: "PT0001") { edges { node { id } } } }')
    teacher = found["data"]["teachers"]["edges"][0]["node"]["id"]
    file, keys, page = tmp_path / "transcript.json", tmp_path / "jwks.json", tmp_path / "page.html"
    where = ("--district", "putuo", "--data", str(demo.data))
    assert yanxiu("transcript", "--teacher", teacher, "--out", str(file), *where).returncode == 0
    assert yanxiu("ledger", "keys", "--out", str(keys), *where).returncode == 0
    assert yanxiu("transcript", "verify", str(file), "--keys", str(keys), "--page", str(page)).returncode == 0
    text = page.read_text()
    # The first term was never posted, so the second brings the school year so far.
    assert text.count('<td class="amount">42 课时</td>') >= 2, "registered in the district's unit, and recognised"
    assert "<td>2024-2025学年第二学期<div" in text
    assert "北京时间" in text


def test_the_page_of_an_altered_transcript_says_so_at_its_head(transcript: tuple[Path, Path], tmp_path: Path) -> None:
    file, keys = transcript
    document = json.loads(file.read_text())
    document["content"]["entries"][0]["entry"]["micro_credits"] += 1
    file.write_text(json.dumps(document))
    page = tmp_path / "page.html"
    assert yanxiu("transcript", "verify", str(file), "--keys", str(keys), "--page", str(page)).returncode == 1
    assert page.read_text().index("不属实") < page.read_text().index("<table>")


@pytest.mark.parametrize("keys", ["", "{}", '{"keys": [{}]}'])
def test_a_file_that_holds_no_keys_is_refused(tmp_path: Path, keys: str) -> None:
    (tmp_path / "keys.json").write_text(keys)
    (tmp_path / "transcript.json").write_text("{}")
    found = yanxiu("transcript", "verify", str(tmp_path / "transcript.json"), "--keys", str(tmp_path / "keys.json"))
    assert found.returncode == 2
    assert "公钥" in found.stderr
    assert "Traceback" not in found.stderr


def test_heads_are_kept_in_a_file_and_the_ledger_is_held_against_them(demo: Platform, tmp_path: Path) -> None:
    where = ("--district", "puer", "--data", str(demo.data))
    signed = yanxiu("ledger", "sign", *where)
    assert signed.returncode == 0, signed.stderr
    file = tmp_path / "heads.txt"
    for added in (True, False):
        kept = yanxiu("ledger", "heads", "--out", str(file), *where)
        assert kept.returncode == 0, kept.stderr
        assert ("新增 0 个" in kept.stdout) is not added
    assert len(file.read_text().splitlines()) >= 1
    held = yanxiu("ledger", "verify", "--heads", str(file), *where)
    assert held.returncode == 0, held.stderr
    assert "库外" in held.stdout
    file.write_text("x\n")
    refused = yanxiu("ledger", "verify", "--heads", str(file), *where)
    assert refused.returncode == 1
    assert "不是本平台" in refused.stderr
