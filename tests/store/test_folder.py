"""The data folder: its lock, its mode, its manifest, its settings; and a backup that is whole while the engine runs."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from kuaijing.engine.boot import load
from kuaijing.engine.engine import Engine
from kuaijing.engine.ports import Batch
from kuaijing.store import backup
from kuaijing.store.folder import FILE, MANIFEST, TRAINING, open_store
from kuaijing.store.refused import (
    BackupImpossible,
    DataInUse,
    DataUnreadable,
    NoLog,
    SettingRefused,
    SqliteAffected,
    WrongMode,
)
from kuaijing.store.sqlite import SqliteStore
from kuaijing.store.sqlite_file import SqliteFile, refuse_affected
from tests.engine.city import START, ZONE, call, context, force
from tests.store.rows import rows


def test_an_affected_sqlite_is_refused_by_its_version() -> None:
    with pytest.raises(SqliteAffected, match=r"SQLite 3\.40\.1 can lose written pages"):
        refuse_affected(3_040_001)
    refuse_affected(3_051_003)
    refuse_affected()


def test_settings_that_durability_rests_on_are_read_back() -> None:
    with pytest.raises(SettingRefused, match="journal_mode is memory"):
        SqliteFile(Path(":memory:"), [])


def test_a_new_log_is_its_owners_only(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_the_file_is_written_with_a_full_sync(tmp_path: Path) -> None:
    file = SqliteFile(tmp_path / "x.sqlite", [])
    assert file.write(lambda db: db.execute("PRAGMA synchronous").fetchall()) == [(2,)]
    assert file.write(lambda db: db.execute("PRAGMA journal_mode").fetchall()) == [("wal",)]
    file.close()


def test_a_second_process_is_told_that_the_folder_is_in_use(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    program = f"from kuaijing.store import open_store; open_store({str(tmp_path)!r})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "DataInUse" in done.stderr
    assert "is in use by another process" in done.stderr
    with pytest.raises(DataInUse):
        open_store(tmp_path)
    store.close()
    open_store(tmp_path).close()


def test_training_has_a_log_of_its_own(tmp_path: Path) -> None:
    live, training = open_store(tmp_path), open_store(tmp_path, training=True)
    training.log.append(Batch(rows=tuple(rows(3))))

    assert live.log.tail().seq == 0
    assert (tmp_path / TRAINING / FILE).exists()
    assert json.loads((tmp_path / TRAINING / MANIFEST).read_text())["mode"] == "training"
    live.close()
    training.close()


def test_a_live_log_cannot_be_opened_as_training_nor_the_other_way(tmp_path: Path) -> None:
    open_store(tmp_path, training=True).close()
    open_store(tmp_path / "other").close()

    with pytest.raises(WrongMode, match="holds a training log, live was asked for"):
        open_store(tmp_path / TRAINING)
    (tmp_path / "other").rename(tmp_path / "x")
    (tmp_path / "moved").mkdir()
    (tmp_path / "x").rename(tmp_path / "moved" / TRAINING)
    with pytest.raises(WrongMode, match="holds a live log, training was asked for"):
        open_store(tmp_path / "moved", training=True)


def test_a_training_file_put_in_a_live_folder_is_refused_by_the_file_itself(tmp_path: Path) -> None:
    open_store(tmp_path, training=True).close()
    live = tmp_path / "live"
    open_store(live).close()
    (tmp_path / TRAINING / FILE).replace(live / FILE)

    with pytest.raises(WrongMode):
        open_store(live)


@pytest.mark.parametrize("content", [b"", b"{}", b"{", b"[1]", b'{"format": 9}', b"\xff\xfe"])
def test_a_damaged_manifest_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    open_store(tmp_path).close()
    (tmp_path / MANIFEST).write_bytes(content)

    with pytest.raises(DataUnreadable, match=MANIFEST):
        open_store(tmp_path)


def test_a_file_that_is_no_sqlite_is_refused_by_name(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    (tmp_path / FILE).write_bytes(b"something else entirely" * 100)

    with pytest.raises(DataUnreadable, match="no sound SQLite file"):
        open_store(tmp_path)


def test_the_algorithm_is_the_folders_own(tmp_path: Path) -> None:
    open_store(tmp_path, algorithm="sm3").close()
    store = open_store(tmp_path)
    assert store.algorithm == "sm3"
    store.close()
    with pytest.raises(ValueError, match="choose one of sha256, sm3"):
        open_store(tmp_path, algorithm="md5")


async def test_a_backup_while_running_is_whole_and_starts(tmp_path: Path) -> None:
    data = tmp_path / "data"
    store = open_store(data)
    (data / "plan").mkdir()
    (data / "plan" / "plan.yaml").write_text("name: 清岚")
    engine = Engine(store, lambda: START, ZONE)
    await engine.start()
    await engine.submit(force(), context())
    writing = asyncio.create_task(_keep_writing(engine))
    while engine.picture.version < 25:
        await asyncio.sleep(0.001)

    report = await asyncio.to_thread(backup, data, tmp_path / "copy")

    written = await writing
    assert 25 <= report.entries <= written
    assert (tmp_path / "copy" / "plan" / "plan.yaml").read_text() == "name: 清岚"
    copied = open_store(tmp_path / "copy")
    assert load(copied).tail.seq == report.entries
    copied.close()
    await engine.stop()
    store.close()


async def _keep_writing(engine: Engine) -> int:
    for n in range(150):
        await engine.submit(call(), context(n))
    return engine.picture.version


def test_a_backup_that_cannot_be_made_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    store = open_store(data)
    store.log.append(Batch(rows=tuple(rows(3))))
    (tmp_path / "taken").mkdir()
    with pytest.raises(BackupImpossible, match="there already"):
        backup(data, tmp_path / "taken")
    with pytest.raises(BackupImpossible, match="within the data folder"):
        backup(data, data / "copy")
    with pytest.raises(NoLog):
        backup(tmp_path / "nowhere", tmp_path / "copy")
    store.file.write(lambda db: db.execute("UPDATE event SET actor = 'somebody else' WHERE seq = 2"))
    with pytest.raises(BackupImpossible, match="broken at entry 2"):
        backup(data, tmp_path / "copy")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "taken"]
    store.close()


def test_advice_goes_along_with_the_next_commit(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "x.sqlite")
    store.advice.put("d1", b"advice")
    store.log.append(Batch(rows=tuple(rows(1))))
    store.file.close()  # as a crash would: nothing else is written

    again = apsw.Connection(str(tmp_path / "x.sqlite"))
    assert again.execute("SELECT digest FROM advice").fetchall() == [("d1",)]
    again.close()
