"""What stands in the files below a folder while a server writes there: none that it replaces meanwhile is missed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

# A server replaces a file a few times a second at most; a folder that changes at every look is not looked through.
MOST_LOOKS = 20


def contents(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file below the folder with its bytes.

    A file that goes between the listing and the reading was most often renamed onto another, which may have been read
    before: so the folder is listed again, and what is new or has changed since is given too.

    Raises:
        AssertionError: Files still went while they were read, at each of many looks.
    """
    given = set[tuple[Path, int, int, int]]()
    for _ in range(MOST_LOOKS):
        gone = False
        try:
            for path in sorted(folder.rglob("*")):
                try:
                    stat = path.stat()
                    known = path, stat.st_ino, stat.st_mtime_ns, stat.st_size
                    if known in given or not path.is_file():
                        continue
                    found = path.read_bytes()
                except FileNotFoundError:
                    gone = True
                    continue
                given.add(known)
                yield path, found
        except FileNotFoundError:  # a folder, while it was listed
            gone = True
        if not gone:
            return
    raise AssertionError(f"files below {folder} went while they were read, at each of {MOST_LOOKS} looks")
