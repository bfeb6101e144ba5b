"""The three twins, each openable again and again on the same data."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from kuaijing.engine.ports import Store
from kuaijing.store.folder import open_store
from kuaijing.store.memory import MemoryStore
from kuaijing.store.postgres import PostgresStore
from tests.store.cluster import cluster

_schemas = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[str]:
    """A running cluster, one for the whole session."""
    with cluster() as socket:
        yield socket


@pytest.fixture
def postgres_dsn(postgres_socket: str) -> str:
    """An address with empty tables of its own."""
    schema = f"city{next(_schemas)}"
    address = f"postgresql://postgres@/postgres?host={postgres_socket}"

    async def make() -> None:
        connection = await asyncpg.connect(address)
        await connection.execute(f"CREATE SCHEMA {schema}")
        await connection.close()

    asyncio.run(make())
    return f"{address}&search_path={schema}"


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Store]:
    """Opens the same data every time; close one before opening the next."""
    if request.param == "memory":
        store = MemoryStore()
        return lambda: store
    if request.param == "sqlite":
        return lambda: open_store(tmp_path / "data")
    dsn = request.getfixturevalue("postgres_dsn")
    return lambda: PostgresStore(dsn)
