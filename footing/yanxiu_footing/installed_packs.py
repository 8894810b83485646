"""Say in the log which rule packs may not serve, and which are missing, so that nobody learns it from a refusal."""

from __future__ import annotations

from yanxiu_rulekit.plugins import Rulebook
from yanxiu_wire import log

_log = log.logger()


def report_packs(rulebook: Rulebook, wanted: tuple[str, ...]) -> None:
    """Name in the log every rule pack that may not serve, and every one that this deployment must have and has not."""
    for name, reason in sorted(rulebook.broken.items()):
        _log.error("rule-pack-refused", pack=name, reason=reason)
    for jurisdiction in wanted:
        if jurisdiction not in rulebook.packs and jurisdiction not in rulebook.broken:
            _log.error("rule-pack-missing", pack=jurisdiction, reason="no rule pack of this jurisdiction is installed")
