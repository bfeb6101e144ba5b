"""Subpackages put together again within bounds: what is whole comes out, what is too large is given up once."""

from collections.abc import Iterator

from kuaijing.feeds.jt808.framing import Frame
from kuaijing.feeds.jt808.packages import Packages

PICTURE, BATCH = 0x0801, 0x0704


def parts(msg_id: int, first: int, total: int, size: int) -> Iterator[Frame]:
    for number in range(1, total + 1):
        yield Frame(msg_id, "013912345678", first + number - 1, False, None, 0, (total, number), bytes(size))


def test_a_picture_that_is_too_large_is_given_up_once_and_never_asked_for_again() -> None:
    packages = Packages(64 * 1024, 60.0)
    now = 0.0

    for _ in range(3):  # the terminal sends it again and again, more slowly than a message may take
        for frame in parts(PICTURE, 100, 800, 900):
            now += 0.1
            assert packages.add(frame, now) is None
            packages.expire(now)
            if packages.lost:
                assert packages.wanted(now + 10) == []

    assert (packages.size, packages.lost) == (0, 1)
    packages.expire(now + 61)
    assert packages.lost == 1


def test_beside_what_was_given_up_other_messages_come_whole() -> None:
    packages = Packages(8 * 1024, 60.0)
    for frame in parts(PICTURE, 100, 50, 900):
        packages.add(frame, 0.0)

    found = [whole for frame in parts(BATCH, 500, 4, 500) if (whole := packages.add(frame, 1.0)) is not None]

    assert [(whole.msg_id, len(whole.body)) for whole in found] == [(BATCH, 2000)]
    assert packages.size == 0


def test_of_two_that_do_not_fit_together_the_older_makes_room_and_may_come_again() -> None:
    packages = Packages(2000, 60.0)
    older, newer = list(parts(BATCH, 1, 3, 600)), list(parts(BATCH, 50, 3, 600))
    for frame in (*older[:2], *newer[:2]):
        assert packages.add(frame, 0.0) is None

    assert packages.add(newer[2], 0.0) is not None
    assert packages.lost == 1
    assert [packages.add(frame, 1.0) is not None for frame in older] == [False, False, True]
