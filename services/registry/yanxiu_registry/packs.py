"""The rule packs that a district may be put under, and what they say of a binding: asked here or behind the fence."""

from __future__ import annotations

from typing import Protocol

import msgspec
from yanxiu_footing.fence.fence import Fence
from yanxiu_footing.fence.installed import installed_names
from yanxiu_footing.pack_store import PackStore, VersionMissing, release_of
from yanxiu_rulekit.errors import PackRefused
from yanxiu_rulekit.plugins import Rulebook
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import RulePackFailed
from yanxiu_wire.refusal import RefusalItem
from yanxiu_wire.registry import BindRulePack, PackBinding

from yanxiu_registry.assess_binding import new_binding
from yanxiu_registry.refusals import item

# The verb under which a cell is asked.
JUDGE_BINDING = "judge-binding"
_FAILED = {
    "raised": "载入时出错 it raised while it was loaded",
    "hangs": "载入时没有反应 it did not come back while it was loaded",
    "memory": "载入时占用内存过多 it took too much memory while it was loaded",
    "ended": "载入时进程中断 it ended its process while it was loaded",
    "paused": "刚刚失败过，暂停片刻 it failed a moment ago and rests for a while",
}


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """The binding that a command describes, and what is wrong with it."""

    binding: PackBinding | None = None
    faults: tuple[RefusalItem, ...] = ()


class Packs(Protocol):
    """What the use case of binding needs of the packs."""

    def names(self) -> frozenset[str]:
        """Return the jurisdictions that a district may be put under."""
        ...

    async def judge(self, command: BindRulePack, deadline: Deadline) -> Judged:
        """Say what the pack makes of the binding: PACK_UNUSABLE where it cannot serve."""
        ...


def judge(rulebook: Rulebook, command: BindRulePack) -> Judged:
    """Load the pack where that was not done, and hold the binding against it."""
    try:
        pack = release_of(rulebook, command.pack, command.version)
        # By the version that is noted it is looked for on every day from then on.
        release_of(rulebook, command.pack, pack.version)
    except VersionMissing as missing:
        return Judged(faults=(version_unknown(missing),))
    except PackRefused as refusal:
        return Judged(faults=(pack_unusable(command.pack, str(refusal)),))
    if pack.credit is None and not pack.workflows:
        reason = f"{pack.name} judges no credits and orders no workflow"
        return Judged(faults=(pack_unusable(command.pack, reason),))
    binding, faults = new_binding(command, pack)
    return Judged(binding=binding, faults=tuple(faults))


def pack_unusable(pack: str, reason: str) -> RefusalItem:
    """The pack is there and cannot govern anybody."""
    return item(
        "PACK_UNUSABLE",
        "pack",
        pack,
        (f"此规则包未能载入，不得适用。原因：{reason}", "请由运维用 yanxiu rules list 查明并修复后重试"),
        (
            f"this rule pack did not load and may govern nobody: {reason}",
            "have it mended (yanxiu rules list), then retry",
        ),
    )


def version_unknown(missing: VersionMissing) -> RefusalItem:
    """There is such a pack and not in this version."""
    there = ", ".join(missing.found) or "-"
    return item(
        "PACK_VERSION_UNKNOWN",
        "version",
        missing.version,
        (
            f"规则包 {missing.pack} 没有安装此版本",
            f"可用的版本：{there}；或由运维用 yanxiu rules install 装入",
        ),
        (
            f"the rule pack {missing.pack} is not installed in this version",
            f"there are: {there}; or have it installed with yanxiu rules install",
        ),
    )


class LoadedPacks:
    """Packs that this process has loaded; `wanted` are those that the deployment must have."""

    def __init__(self, rulebook: Rulebook, wanted: tuple[str, ...]) -> None:
        self._rulebook = rulebook
        self._wanted = wanted

    def names(self) -> frozenset[str]:
        """Return those that are loaded, and those that should be."""
        return frozenset(self._wanted) | frozenset(self._rulebook.packs)

    async def judge(self, command: BindRulePack, deadline: Deadline) -> Judged:  # noqa: ARG002 - nothing is waited for
        """Say what the pack makes of the binding."""
        return judge(self._rulebook, command)


class FencedPacks:
    """Packs that are looked for as they are installed at the moment, each loaded in a process of its own."""

    def __init__(self, fence: Fence, wanted: tuple[str, ...], store: PackStore) -> None:
        self._fence = fence
        self._store = store
        self._wanted = wanted

    def names(self) -> frozenset[str]:
        """Return those that are installed, and those that should be."""
        return frozenset(self._wanted) | installed_names() | self._store.names()

    async def judge(self, command: BindRulePack, deadline: Deadline) -> Judged:
        """Say what the pack makes of the binding; one that fails at it cannot serve."""
        try:
            return decode(Judged, await self._fence.ask(command.pack, JUDGE_BINDING, encode(command), deadline))
        except RulePackFailed as failed:
            return Judged(faults=(pack_unusable(command.pack, _FAILED.get(failed.problem, failed.problem)),))
