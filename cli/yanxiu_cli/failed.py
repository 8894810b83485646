"""How a command says no: one clear line in Chinese and English, and the exit code."""

from __future__ import annotations


class Failed(Exception):
    """A command cannot do what it was asked; `code` is the exit code (1: it said no, 2: it was called wrongly)."""

    def __init__(self, zh: str, en: str, *, code: int = 1) -> None:
        super().__init__(f"{zh}\n{en}")
        self.code = code
