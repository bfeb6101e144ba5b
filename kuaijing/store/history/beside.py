"""Looking into a history that another process may be writing: the same questions, never a write."""

from pathlib import Path
from types import TracebackType
from typing import Final

from kuaijing.store.folder import TRAINING
from kuaijing.store.history.file import HistoryFile
from kuaijing.store.history.history import restore
from kuaijing.store.history.names import Names
from kuaijing.store.history.reading import HistoryReading
from kuaijing.store.history.unsealed import Unsealed
from kuaijing.store.refused import StoreError

FILE: Final = "positions.sqlite"


class NoHistory(StoreError):
    """A folder without a position history, where only an existing one will do."""

    def __init__(self, where: str, inside: str | None) -> None:
        super().__init__(where, inside)
        self.where, self.inside = where, inside

    def __str__(self) -> str:
        if self.inside is not None:
            return f"{self.where} holds no position history, but {self.inside} does; name that folder"
        return f"{self.where} holds no {FILE}; name the data folder of a server that has taken positions"


class HistoryBeside(HistoryReading):
    """The history as it stood when it was opened; to be closed, since the writer's log grows meanwhile."""

    def __init__(self, path: Path) -> None:
        file = HistoryFile(path)
        try:
            file.hold_still()
            unsealed = Unsealed()
            restore(file, unsealed)
            super().__init__(file, unsealed, Names(file))
        except BaseException:
            file.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __enter__(self) -> "HistoryBeside":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_history_beside(data_dir: Path | str) -> HistoryBeside:
    """The history of a data folder; ``NoHistory`` where there is none."""
    folder = Path(data_dir)
    if (folder / FILE).is_file():
        return HistoryBeside(folder / FILE)
    inside = [folder / "data", folder / TRAINING]
    raise NoHistory(str(folder), next((str(each) for each in inside if (each / FILE).is_file()), None))
