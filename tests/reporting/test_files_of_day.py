"""The incidents of a day are those opened on it by the city's calendar, each once, running or ended."""

from dataclasses import replace
from datetime import date

from kuaijing.domain.state import State
from kuaijing.domain.words import IncidentStatus
from kuaijing.engine.recorded import IncidentFile, Picture
from kuaijing.measures.instants import Instant
from kuaijing.reporting import files_of_day
from tests.reporting.day_of_incidents import DAY, SHANGHAI, file, moment


class Records:
    """An engine whose projection lags: an incident reopened since is in both."""

    def __init__(self, ended: list[IncidentFile], running: list[IncidentFile]) -> None:
        self.ended = ended
        incidents = {each.incident.id: replace(each.incident, calls=()) for each in running}
        parts = {part.id: part for each in running for part in each.assignments}
        self.picture = Picture(1, State(incidents=incidents, assignments=parts))

    def list_ended(self, opened_from: Instant, opened_until: Instant, limit: int = 500) -> list[IncidentFile]:
        within = [each for each in self.ended if opened_from <= each.incident.opened_at < opened_until]
        return within[:limit]


def test_running_and_ended_incidents_of_the_day_each_once_in_order() -> None:
    reopened = file(2, called=moment(10), status=IncidentStatus.HANDLING)
    records = Records(
        ended=[
            file(1, called=moment(11)),
            file(2, called=moment(10)),
            file(3, called=moment(9, day=date(2026, 11, 20))),
        ],
        running=[reopened, file(4, called=moment(9, day=date(2026, 11, 22)), status=IncidentStatus.OPEN)],
    )
    found = files_of_day(records, DAY, SHANGHAI)

    assert [(each.incident.id[-1], each.incident.status) for each in found] == [("2", "handling"), ("1", "closed")]


def test_day_with_more_incidents_than_one_page_is_whole() -> None:
    records = Records([file(i, called=moment(10)) for i in range(1, 700)], [])

    assert len(files_of_day(records, DAY, SHANGHAI)) == 699
