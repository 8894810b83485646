"""Fixtures of the command's tests."""

from __future__ import annotations

from tests.cli.demo import demo

__all__ = ["demo"]
