"""What the command says: plain lines on standard output, refusals on standard error, nothing wrapped or coloured in."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the wire is loaded by the commands that use it, so that --help is quick
    from yanxiu_wire.refusal import Refused


def say(text: str = "") -> None:
    """Write one line to standard output at once; a reader that is gone is no fault of ours."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        return


def tell(text: str = "") -> None:
    """Write one line of what a platform tells while it serves: a console that takes nothing ends nothing."""
    with contextlib.suppress(OSError):
        say(text)


def complain(text: str) -> None:
    """Write one line to standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def sentences(refused: Refused) -> tuple[str, str]:
    """A refusal as lines of Chinese and of English: what is wrong, by which clauses, and what to do."""
    chinese, english = [], []
    for item in refused.errors:
        clauses = f" [{', '.join(item.clauses)}]" if item.clauses else ""
        where = f"{item.field}: " if item.field else ""
        chinese.append(f"{where}{item.message_zh}{clauses} {item.remedy_zh}".rstrip())
        english.append(f"{where}{item.message_en}{clauses} {item.remedy_en}".rstrip())
    return "\n".join(chinese), "\n".join(english)
