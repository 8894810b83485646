"""After a failure a district rests, each time longer; another version of its pack ends the rest. Pure."""

from __future__ import annotations

from collections.abc import Mapping

FIRST_SECONDS = 1.0
# After so long without a failure the next one is the first again.
FORGIVEN_SECONDS = 120.0


class Pause:
    """When a district that failed is tried again; `now` is any clock that does not go back, in seconds."""

    def __init__(self, longest: float) -> None:
        self._longest = longest
        self._failures = 0
        self._failed_at = 0.0
        self._until = 0.0
        self.pack = ""
        self.found: Mapping[str, str] = {}

    def fail(self, now: float, pack: str, found: Mapping[str, str]) -> float:
        """Note a failure and return how many seconds it costs; `found` is what was installed of its packs."""
        if now - self._failed_at > FORGIVEN_SECONDS:
            self._failures = 0
        seconds = min(FIRST_SECONDS * 2**self._failures, self._longest)
        self._failures, self._failed_at, self._until = self._failures + 1, now, now + seconds
        self.pack, self.found = pack, dict(found)
        return seconds

    def holds(self, now: float) -> bool:
        """Whether it still rests."""
        return now < self._until

    def look(self, installed: Mapping[str, str]) -> bool:
        """Whether something else is installed than what failed; then there is no pause, and no failure any more."""
        changed = any(installed.get(name, found) != found for name, found in self.found.items())
        if changed:
            self._failures, self._until, self.found = 0, 0.0, {}
        return changed
