"""A file that is renamed onto another while the folder is read is found, and a folder without rest is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.files import MOST_LOOKS, contents


def test_what_was_renamed_onto_a_file_that_was_read_is_found(tmp_path: Path) -> None:
    (tmp_path / "o.dat").write_bytes(b"before")
    (tmp_path / "o.dat.tmp").write_bytes(b"after")
    (tmp_path / "other").write_bytes(b"other")
    found = contents(tmp_path)
    assert next(found) == (tmp_path / "o.dat", b"before")
    (tmp_path / "o.dat.tmp").rename(tmp_path / "o.dat")
    assert list(found) == [(tmp_path / "other", b"other"), (tmp_path / "o.dat", b"after")]


def test_a_folder_in_which_files_go_at_every_look_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one").write_bytes(b"")
    looks: list[Path] = []

    def gone(path: Path) -> bytes:
        looks.append(path)
        raise FileNotFoundError(path)

    monkeypatch.setattr(Path, "read_bytes", gone)
    with pytest.raises(AssertionError, match="went while they were read"):
        list(contents(tmp_path))
    assert len(looks) == MOST_LOOKS
