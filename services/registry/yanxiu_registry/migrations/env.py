"""Alembic's entry: the tables of this service."""

from yanxiu_durable.migrate import run_env
from yanxiu_registry.all_tables import METADATA

run_env(METADATA)
