"""What is seen broken while a campaign runs."""

from __future__ import annotations


class Broken(AssertionError):
    """A promise that was seen broken; `promise` is its word in the outcome, the text says how."""

    def __init__(self, promise: str, how: str) -> None:
        super().__init__(how)
        self.promise = promise
