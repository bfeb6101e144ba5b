"""Log entries for tests of stores: linked, with little in them."""

from kuaijing.engine.chain import linked
from kuaijing.engine.ports import Row, Tail
from kuaijing.measures.instants import Instant


def rows(
    count: int, after: Tail | None = None, *, incident: str = "20261121-0001", kind: str = "NoteAdded"
) -> list[Row]:
    """``count`` entries that follow ``after``."""
    tail = after or Tail()
    made = []
    for _ in range(count):
        seq = tail.seq + 1
        body = f'{{"n":{seq},"text":"措施 ئۇيغۇر 👮"}}'.encode()
        row = Row(
            seq,
            Instant(1_795_224_600_000_000 + seq),
            "王强",
            "console",
            "因",
            seq % 2 == 0,
            None,
            kind,
            1,
            body,
            b"",
            b"",
            (incident,) if seq % 3 else (incident, "20261121-0002"),
        )
        row = linked(row, tail, "sha256")
        tail = Tail(row.seq, row.hash)
        made.append(row)
    return made
