"""The yanxiu command."""
