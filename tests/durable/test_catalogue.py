"""The catalogue tells of everything that is not kept apart by district: each defect is planted once and named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import psycopg
import pytest
import sqlalchemy as sa
from yanxiu_durable import open_databases
from yanxiu_durable.errors import DatabaseExposed
from yanxiu_durable.postgres_catalogue import flaws
from yanxiu_durable.postgres_schema import schema_engine

from tests.stores import Store, Stores

from .conftest import METADATA

SEALED = (
    "ALTER TABLE {0} ENABLE ROW LEVEL SECURITY; ALTER TABLE {0} FORCE ROW LEVEL SECURITY; "
    "CREATE POLICY signed_district ON {0} USING (district = (SELECT yanxiu_my_district())) "
    "WITH CHECK (district = (SELECT yanxiu_my_district())); "
)
NEW = "CREATE TABLE extra (district text NOT NULL, id text NOT NULL{0}); " + SEALED.format("extra")

DEFECTS = {
    "CREATE TABLE extra (district text NOT NULL)": "the table extra has no row-level security",
    "CREATE TABLE extra (id text)": "the table extra has no column district",
    "CREATE TABLE extra (district text NOT NULL) PARTITION BY LIST (district)": "the table extra has no policy",
    "ALTER TABLE ledger NO FORCE ROW LEVEL SECURITY": "the table ledger does not force row-level security",
    "ALTER TABLE ledger DISABLE ROW LEVEL SECURITY": "the table ledger has no row-level security",
    "DROP POLICY signed_district ON ledger": "the table ledger has no policy",
    "DROP POLICY signed_district ON ledger; CREATE POLICY signed_district ON ledger "
    "USING (district = (SELECT yanxiu_my_district()))": "the policy signed_district of ledger has no WITH CHECK",
    "CREATE POLICY more ON ledger USING (true) WITH CHECK (true)": "the policy more of ledger does not ask",
    "CREATE POLICY more ON ledger FOR SELECT USING (district = (SELECT yanxiu_my_district()) OR seq = 1)": "not ask",
    "CREATE POLICY more ON ledger FOR SELECT USING (district = current_setting('yanxiu.district'))": "does not ask",
    "CREATE POLICY more ON ledger FOR SELECT USING ((SELECT yanxiu_my_district()) = '*')": "the policy more of ledger",
    "CREATE VIEW extra AS SELECT * FROM ledger": "the view extra reads as its owner",
    "CREATE VIEW extra WITH (security_invoker = false) AS SELECT * FROM ledger": "the view extra reads as its owner",
    "CREATE MATERIALIZED VIEW extra AS SELECT 1; GRANT SELECT ON extra TO yanxiu_app": "the materialised view extra",
    "CREATE SEQUENCE extra; GRANT USAGE ON extra TO yanxiu_app": "the sequence extra is granted: yanxiu_app USAGE",
    "CREATE FUNCTION extra() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM test.ledger'; "
    "REVOKE ALL ON FUNCTION extra() FROM PUBLIC": "the function extra runs as its owner without a fixed search_path",
    "CREATE FUNCTION extra() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp "
    "AS 'SELECT 1'": "the function extra runs as its owner for everybody",
    NEW.format("")
    + "CREATE UNIQUE INDEX extra_id ON extra (id)": "the unique key extra_id does not begin with district",
    NEW.format(", PRIMARY KEY (id, district)"): "the unique key extra_pkey does not begin with district",
    NEW.format("") + "CREATE UNIQUE INDEX extra_low ON extra (lower(district))": "the unique key extra_low",
    NEW.format(", PRIMARY KEY (district, id)") + "ALTER TABLE extra ADD UNIQUE (id); "
    "ALTER TABLE ledger ADD FOREIGN KEY (what) REFERENCES extra (id)": "leaves the district out",
    "GRANT TRUNCATE ON ledger TO yanxiu_app": "granted more than its use: yanxiu_app TRUNCATE",
    "GRANT SELECT ON ledger TO PUBLIC": "granted more than its use: PUBLIC SELECT",
    "GRANT SELECT ON yanxiu_pass_key TO yanxiu_app": "the table yanxiu_pass_key is granted more",
    "GRANT SELECT (inner_pad) ON yanxiu_pass_key TO yanxiu_app": "the table yanxiu_pass_key is granted more",
    "CREATE TRIGGER kept BEFORE UPDATE ON ledger FOR EACH ROW EXECUTE FUNCTION yanxiu_refuses('no')": "app UPDATE",
}
HARMLESS = (
    NEW.format(", PRIMARY KEY (district, id)"),
    "CREATE VIEW extra WITH (security_invoker = true) AS SELECT * FROM ledger",
    "CREATE MATERIALIZED VIEW extra AS SELECT 1",
    "CREATE SEQUENCE extra",
    "CREATE INDEX extra ON ledger (what)",
    "CREATE POLICY less ON ledger AS RESTRICTIVE FOR SELECT USING (seq > 0)",
)


@pytest.fixture(scope="module")
def migrated(stores: Stores, migrations: Path) -> Store:
    """One database for all defects: each is planted in a transaction that is rolled back."""
    store = stores.new("postgresql", ("test", migrations))
    with schema_engine(store.settings.database_owner_url, "test") as engine, engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION yanxiu_refuses() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
        )
    return store


@pytest.fixture
def owner(migrated: Store) -> Iterator[sa.Connection]:
    """The owner in a transaction that leaves nothing."""
    engine = sa.create_engine(migrated.settings.database_owner_url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("SET LOCAL search_path TO test")
        yield connection
        connection.rollback()
    engine.dispose()


@pytest.mark.parametrize("planted", DEFECTS)
def test_a_defect_is_told(owner: sa.Connection, planted: str) -> None:
    assert flaws(owner, "test", "yanxiu_app") == ()
    owner.exec_driver_sql(planted)
    told = flaws(owner, "test", "yanxiu_app")
    assert any(DEFECTS[planted] in one for one in told), told


@pytest.mark.parametrize("planted", HARMLESS)
def test_what_is_kept_apart_is_no_defect(owner: sa.Connection, planted: str) -> None:
    owner.exec_driver_sql(planted)
    assert flaws(owner, "test", "yanxiu_app") == ()


async def test_a_service_does_not_start_on_a_schema_with_a_defect(stores: Stores, migrations: Path) -> None:
    store = stores.new("postgresql", ("test", migrations))
    store.edit("test", "puer", "CREATE VIEW leak AS SELECT * FROM ledger; GRANT SELECT ON leak TO yanxiu_app")
    databases = open_databases(
        "test", msgspec.structs.replace(store.settings, database_owner_url=""), METADATA, migrations
    )
    with pytest.raises(DatabaseExposed, match=r"不启动.*the view leak reads as its owner"):
        await databases.open_all()
    await databases.close()


def test_the_view_that_is_told_does_leak(stores: Stores, migrations: Path) -> None:
    """Why it is told: whoever may read it reads every district."""
    store = stores.new("postgresql", ("test", migrations))
    assert store.server is not None
    store.server.execute(
        "CREATE VIEW test.leak AS SELECT * FROM test.ledger",
        "GRANT SELECT ON test.leak TO yanxiu_app",
        "INSERT INTO test.ledger VALUES ('puer', 1, 'a'), ('putuo', 1, 'b')",
        database=store.database,
    )
    where = f"host={store.server.folder} user=yanxiu_app dbname={store.database}"
    with psycopg.connect(where) as session:
        assert session.execute("SELECT count(*) FROM test.leak").fetchone() == (2,)
        assert session.execute("SELECT count(*) FROM test.ledger").fetchone() == (0,)
