"""How packs are found: one entry-point group, one hook, each pack loaded by itself, and law fails closed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from importlib.metadata import version as distribution_version
from types import MappingProxyType

import pluggy
from packaging.requirements import InvalidRequirement, Requirement

from yanxiu_rulekit.errors import PackRefused
from yanxiu_rulekit.pack import RulePack

GROUP = "yanxiu.rule_packs"
DRAFT_GROUP = "yanxiu.draft_rule_packs"
KIT = "yanxiu-rulekit"

hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)


class RulePackHooks:
    """The hooks that a rule pack may answer."""

    @hookspec
    def rule_packs(self) -> list[RulePack]:
        """Return the rule packs of the distribution, one for each jurisdiction."""
        raise NotImplementedError  # a specification; pluggy never calls it


class Rulebook:
    """The packs found, by jurisdiction, and the reasons why others may not serve.

    `broken` maps the entry point (by convention the jurisdiction) or the jurisdiction to the reason.
    """

    def __init__(self, packs: Mapping[str, RulePack], broken: Mapping[str, str]) -> None:
        self.packs: Mapping[str, RulePack] = MappingProxyType(dict(packs))
        self.broken = MappingProxyType(dict(broken))

    def jurisdictions(self) -> tuple[str, ...]:
        """Return the jurisdictions whose packs are installed and may serve, sorted."""
        return tuple(sorted(self.packs))

    def pack(self, jurisdiction: str) -> RulePack:
        """Return the pack of a jurisdiction; raises `PackRefused` with the reason when it may not serve."""
        if jurisdiction in self.packs:
            return self.packs[jurisdiction]
        if jurisdiction in self.broken:
            raise PackRefused(f"{jurisdiction}: {self.broken[jurisdiction]}")
        found = ", ".join(sorted(self.packs)) or "none"
        others = "".join(f"; {name} is broken: {why}" for name, why in sorted(self.broken.items()))
        raise PackRefused(
            f"{jurisdiction}: no rule pack of this jurisdiction is installed (installed: {found}{others}); install it"
        )


def load_packs(found: Iterable[EntryPoint] | None = None) -> Rulebook:
    """Load every installed pack by itself; one that raises is named in `broken`, and the others serve."""
    by_jurisdiction: defaultdict[str, list[RulePack]] = defaultdict(list)
    broken: dict[str, str] = {}
    for entry in sorted(entry_points(group=GROUP) if found is None else found, key=lambda one: (one.name, one.value)):
        try:
            for pack in packs_of(entry):
                by_jurisdiction[pack.jurisdiction].append(pack)
        except PackRefused as error:
            broken[entry.name] = f"{broken[entry.name]}; {error}" if entry.name in broken else str(error)
    packs: dict[str, RulePack] = {}
    for jurisdiction, claimants in by_jurisdiction.items():
        if len(claimants) == 1 and jurisdiction not in broken:
            packs[jurisdiction] = claimants[0]
        elif len(claimants) > 1:
            names = " and ".join(sorted(f"{pack.name} {pack.version}" for pack in claimants))
            broken[jurisdiction] = f"{names} both claim this jurisdiction; uninstall one"
    return Rulebook(packs, broken)


def load_drafts(found: Iterable[EntryPoint] | None = None) -> Rulebook:
    """Load the packs that are installed for previews only, by `name version`; no district is ever under one of them.

    A draft answers the same hook as a pack in force, from the entry-point group `yanxiu.draft_rule_packs`.
    """
    packs: dict[str, RulePack] = {}
    broken: dict[str, str] = {}
    drafts = entry_points(group=DRAFT_GROUP) if found is None else found
    for entry in sorted(drafts, key=lambda one: (one.name, one.value)):
        try:
            packs.update({f"{pack.name} {pack.version}": pack for pack in packs_of(entry)})
        except PackRefused as error:
            broken[entry.name] = str(error)
    return Rulebook(packs, broken)


def packs_of(entry: EntryPoint) -> list[RulePack]:
    """Load one entry point; raises `PackRefused` naming it, whatever went wrong inside."""
    refuse_other_kit(entry)
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(RulePackHooks)
    try:
        plugin = entry.load()
        manager.register(plugin, name=entry.name)
        manager.check_pending()
        answers = manager.hook.rule_packs()
    except PackRefused as error:
        raise PackRefused(f"{_named(entry)}: {error}") from error
    except Exception as error:  # a pack is foreign code: whatever it raises, the others must still serve
        raise PackRefused(f"{_named(entry)}: raised {type(error).__name__}: {error}") from error
    return _typed(entry, answers)


def refuse_other_kit(entry: EntryPoint) -> None:
    """Refuse a pack whose distribution does not ask for this kit's version; raises `PackRefused`."""
    kit = distribution_version(KIT)
    wanted = f'declare dependencies = ["{KIT}>={kit.split(".")[0]},<{int(kit.split(".")[0]) + 1}"]'
    for text in (entry.dist.requires or []) if entry.dist else []:
        try:
            asked = Requirement(text)
        except InvalidRequirement:
            raise PackRefused(f"{_named(entry)}: Requires-Dist {text!r} cannot be read; {wanted}") from None
        if re.sub(r"[-_.]+", "-", asked.name).lower() == KIT:
            if asked.specifier.contains(kit, prereleases=True) and asked.specifier:
                return
            raise PackRefused(
                f"{_named(entry)}: is made for {KIT}{asked.specifier or ' (any version)'}, and this is {kit}; "
                f"check it against this kit's changelog, then {wanted}"
            )
    raise PackRefused(f"{_named(entry)}: does not say for which kit it is made; {wanted}")


def _typed(entry: EntryPoint, answers: object) -> list[RulePack]:
    """Return what the untyped relay gave as a flat list of packs, else refuse."""
    lists = answers if isinstance(answers, list) else []
    if not lists:
        raise PackRefused(f"{_named(entry)}: has no @hookimpl rule_packs(); add one that returns its packs")
    packs = [pack for one in lists for pack in (one if isinstance(one, list | tuple) else [one])]
    strange = [pack for pack in packs if not isinstance(pack, RulePack)]
    if strange or not packs:
        raise PackRefused(f"{_named(entry)}: rule_packs() must return a list of RulePack, not {lists!r}")
    return packs


def _named(entry: EntryPoint) -> str:
    distribution = f"{entry.dist.name} {entry.dist.version}" if entry.dist else "no distribution"
    return f"{entry.name} = {entry.value} ({distribution})"
