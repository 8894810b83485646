"""What a demonstration says when it is ready."""

from yanxiu_wire.rpc import Bus

from yanxiu_cli.local.folder import Folder, Run


async def greet(bus: Bus, folder: Folder, run: Run) -> None:
    """Placeholder while the schema is made."""
