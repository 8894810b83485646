"""Alembic's entry: the tables of the visits service."""

from yanxiu_durable.migrate import run_env
from yanxiu_visits.all_tables import metadata

run_env(metadata)
