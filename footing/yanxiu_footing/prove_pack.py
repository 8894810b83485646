"""`python -m yanxiu_footing.prove_pack STORE VERSION NAME...`: load stored packs as a cell would, and end with 0.

A pack is foreign code: `yanxiu rules install` has this done in a process of its own.
"""

from __future__ import annotations

import sys

from yanxiu_rulekit.errors import PackRefused

from yanxiu_footing.pack_store import PackStore


def main(store: str, version: str, *names: str) -> int:
    """Load each; 1 where one may not serve, with the reason as the last line of what went wrong."""
    try:
        for name in names:
            PackStore(store).load(name, version).pack(name)
    except PackRefused as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
