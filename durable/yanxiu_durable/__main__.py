"""`python -m yanxiu_durable MODULE:METADATA MIGRATIONS MESSAGE` drafts a migration from what the tables have become."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from yanxiu_durable.migrate import draft


def main() -> None:
    """Draft one migration and print its path."""
    tables, migrations, message = sys.argv[1:]
    module, _, name = tables.partition(":")
    metadata = getattr(importlib.import_module(module), name)
    sys.stdout.write(f"{draft(metadata, Path(migrations).resolve(), message)}\n")


if __name__ == "__main__":
    main()
