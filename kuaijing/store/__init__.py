"""What is kept: event log, personal-data side store, projections, advice and plans; twins in memory, SQLite and PostgreSQL."""

from kuaijing.store.backup import BackupReport, backup
from kuaijing.store.folder import has_log, open_beside, open_store, require_log
from kuaijing.store.memory import MemoryStore
from kuaijing.store.refused import StoreError

__all__ = ["BackupReport", "MemoryStore", "StoreError", "backup", "has_log", "open_beside", "open_store", "require_log"]
