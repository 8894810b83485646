"""The few pieces of Markdown that the rule pages are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\`*_[]<>|"})


def anchored(name: str, heading: str) -> str:
    """Return a heading that a link with `#name` leads to."""
    return f'<a id="{name}"></a>\n\n{heading}'


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; the cells are already safe."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def words(text: str) -> str:
    """Return a text on one line in which Markdown sees nothing of its own."""
    return " ".join(text.split()).translate(_SPECIAL)
