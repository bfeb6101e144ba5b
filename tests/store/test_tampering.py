"""What somebody changed in the file is found; a full disk does not keep a store from closing."""

from pathlib import Path
from typing import Any

import apsw
import pytest

from kuaijing.engine.chain import verify
from kuaijing.engine.ports import Batch
from kuaijing.store.folder import FILE, open_store
from tests.store.rows import rows


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET body = CAST(body AS TEXT) WHERE seq = 2",
        "UPDATE event SET body = 7 WHERE seq = 2",
        "UPDATE event SET actor = 'nobody' WHERE seq = 2",
        "UPDATE event SET recorded_at = recorded_at + 1 WHERE seq = 2",
    ],
)
def test_a_changed_entry_is_a_fault_of_the_chain_whatever_was_put_there(tmp_path: Path, change: str) -> None:
    store = open_store(tmp_path)
    store.log.append(Batch(rows=tuple(rows(4))))
    store.close()
    db = apsw.Connection(str(tmp_path / FILE))
    db.execute(change).fetchall()
    db.close()

    store = open_store(tmp_path)
    found = verify(store.log.read(0), store.algorithm, store.log.tail())
    store.close()

    assert found.fault is not None
    assert found.fault.seq == 2


def test_a_store_closes_where_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise apsw.FullError("database or disk is full")

    store = open_store(tmp_path)
    store.log.append(Batch(rows=tuple(rows(2))))
    store.advice.put("d1", b"advice")
    monkeypatch.setattr(store.file, "write", full)

    store.close()

    again = open_store(tmp_path)  # the lock was let go
    assert again.log.tail().seq == 2
    again.close()
