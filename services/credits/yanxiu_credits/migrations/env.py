"""Alembic's entry: the tables of the credits service."""

from yanxiu_credits.all_tables import metadata
from yanxiu_durable.migrate import run_env

run_env(metadata)
