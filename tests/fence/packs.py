"""Rule packs made for a test, good and bad: installed as wheels are, in a folder on the path of the services."""

from __future__ import annotations

import shutil
from pathlib import Path

_MODULE = '''"""A rule pack made for a test: Pu'er's law under another name, with one thing changed."""

import asyncio, ctypes, decimal, mmap, os, threading, time

import msgspec
import yanxiu_puer
from yanxiu_rulekit import RulePack, hookimpl

KEPT = []
{top}

def but(facts, law, **changed):
    return {{**RECORD.answer(facts, law), **changed}}


def wrong(facts, law):
{body}


def answer(facts, law):
    # A project is judged before it has a score; what is wrong comes with the record.
    given = "sound" if facts.record.score is None else wrong(facts, law)
    return RECORD.answer(facts, law) if isinstance(given, str) and given == "sound" else given


def made():
    whole = RulePack.load("yanxiu_puer", name="yanxiu-puer", decisions=yanxiu_puer.DECISIONS,
                          credit=yanxiu_puer.CREDIT_RULES, windows=yanxiu_puer.WINDOWS)
    global RECORD
    RECORD = whole.record_decision
    others = [one for one in whole.decisions.values() if one is not RECORD]
    return RulePack(
        name="{name}", version="{version}", source=msgspec.structs.replace(whole.source, jurisdiction="{name}"),
        parameters=whole.parameters, decisions=[msgspec.structs.replace(RECORD, answer=answer), *others],
        credit=whole.credit, workflows={{}}, windows={{}}, periods=whole.periods,
    )


@hookimpl
def rule_packs():
    return [made()]
'''
SOUND = 'return "sound"'
# What a pack may do wrong while a record is judged; the whole answer, or parts of it in place of the sound ones.
WHEN_ASKED = {
    "loops": "while True: pass",
    "sleeps": "time.sleep(600)",
    "allocates": "while True: KEPT.append(bytearray(1 << 20))",
    # The kernel fills it: page by page from here is more than the CPU seconds of a cell where a machine is slow.
    "maps": "KEPT.append(mmap.mmap(-1, 600 << 20, mmap.MAP_SHARED | mmap.MAP_POPULATE)); time.sleep(600)",
    "ends-its-process": "os._exit(7)",
    "crashes": "ctypes.string_at(0)",
}
# What it may do wrong without harm to its process: one pack does all of it, as the score of a record says.
BY_SCORE = {
    "raises": 'raise ValueError("made to raise")',
    "raises-no-error": 'raise BaseException("made to raise")',
    "cancels": "raise asyncio.CancelledError",
    "ends-a-generator": "raise GeneratorExit",
    "stops-an-iteration": "raise StopIteration",
    "interrupts": "raise KeyboardInterrupt",
    "exits": "raise SystemExit(3)",
    "raises-a-group": 'raise BaseExceptionGroup("made to raise", [SystemExit(3)])',
    "recurses": "return wrong(facts, law)",
    "gives-nothing": "return None",
    "gives-a-text": 'return "ten hours"',
    "gives-no-hours": 'return {"status": "COUNTED"}',
    "gives-floats": "return but(facts, law, hours=10.0, total=2.5)",
    "gives-texts": 'return but(facts, law, hours="10")',
    "gives-an-unknown-status": 'return but(facts, law, status="PERHAPS")',
    "gives-an-object": "return but(facts, law, beside=threading.Lock())",
    "gives-itself": "given = but(facts, law); given['beside'] = given; return given",
}
# Amounts that are numbers and cannot stand in a ledger: the service refuses them, as it always did.
NO_AMOUNT = {
    "gives-nan": 'return but(facts, law, hours=decimal.Decimal("NaN"))',
    "gives-less-than-nothing": "return but(facts, law, total=decimal.Decimal(-1))",
    "gives-a-billion": "return but(facts, law, hours=decimal.Decimal(10**9))",
}
# The lowest of these scores still passes: a record that is worth nothing has no amounts to be wrong.
FIRST_SCORE = 70
SCORED = "\n    ".join(
    f"if facts.record.score == {score}: {does}" for score, does in enumerate(BY_SCORE.values(), start=FIRST_SCORE)
)
# What it may do wrong while it is loaded.
WHEN_LOADED = {
    "raises-at-import": 'raise RuntimeError("made to raise at import")',
    "exits-at-import": "raise SystemExit(4)",
    "cancels-at-import": "raise asyncio.CancelledError",
    "loops-at-import": "while True: pass",
    "sleeps-at-import": "time.sleep(600)",
    "allocates-at-import": "while True: KEPT.append(bytearray(1 << 20))",
    "ends-its-process-at-import": "os._exit(9)",
}


def install(
    site: Path,
    name: str,
    *,
    does: str = SOUND,
    at_import: str = "",
    version: str = "1.0",
    kit: str = ">=1,<2",
    build: str = "first",
) -> None:
    """Put a pack into the folder as an installer would: its module, and last what is said of it, with its build."""
    module = f"pack_{name.replace('-', '_')}"
    for old in site.glob(f"{name.replace('-', '_')}-*.dist-info"):
        shutil.rmtree(old)
    text = _MODULE.format(top=at_import, body=f"    {does}", name=name, version=version)
    (site / f"{module}.py").write_text(text, encoding="utf-8")
    said = site / f"making-{module}"
    said.mkdir()
    (said / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nRequires-Dist: yanxiu-rulekit{kit}\n",
        encoding="utf-8",
    )
    (said / "RECORD").write_text(f"{module}.py,sha256={build},\n", encoding="utf-8")
    (said / "entry_points.txt").write_text(f"[yanxiu.rule_packs]\n{name} = {module}\n", encoding="utf-8")
    said.rename(site / f"{name.replace('-', '_')}-{version}.dist-info")
