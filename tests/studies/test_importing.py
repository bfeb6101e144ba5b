"""Bringing incident records in: every fault by row and column, nothing half-applied, nothing counted twice."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from openpyxl import Workbook

from kuaijing.app.cli import main
from kuaijing.studies.importing import Import, Reading, import_records
from kuaijing.studies.layout import Layout, read_layout
from kuaijing.studies.record_files import read_file
from kuaijing.studies.records import read_records
from kuaijing.studies.refused import StudyRefused
from kuaijing.studies.shelf import Shelf
from tests.shared_data import shared_data

HEAD = "编号,报警时间,经度,纬度,类别,来源,在场分钟\n"
COLUMNS = """
id: 编号
called_at: 报警时间
lon: 经度
lat: 纬度
kind: 类别
origin: {column: 来源, values: {110: call, 巡逻: patrol}}
on_scene_s: {column: 在场分钟, scale: 60}
"""
GOOD = HEAD + "1,2026-01-05 08:00:00,117.02,36.65,打架,110,20\n2,2026-01-05 23:30:00,117.03,36.66,盗窃,巡逻,\n"


def imported(folder: Path, text: str, *, columns: str = COLUMNS, crs: str = "wgs84", **how: object) -> Import:
    (folder / "records.csv").write_text(text, encoding="utf-8")
    (folder / "columns.yaml").write_text(columns, encoding="utf-8")
    layout = read_layout(str(folder / "columns.yaml"))
    reading = Reading(
        layout,
        str(how.get("what", "incidents")),
        crs,
        "Asia/Shanghai",
        how.get("kinds"),
        how.get("bbox"),
        how.get("latest"),
    )  # type: ignore[arg-type]
    return import_records(read_file(folder / "records.csv", layout), reading)


def test_a_time_without_a_zone_is_the_citys_and_minutes_become_seconds(tmp_path: Path) -> None:
    found = imported(tmp_path, GOOD)

    assert found.faults == ()
    assert np.datetime64(int(found.records.called_at[0]), "us") == np.datetime64("2026-01-05T00:00:00")  # 08:00 +08:00
    assert found.records.on_scene_s[0] == 1200
    assert np.isnan(found.records.on_scene_s[1])
    assert found.records.origin.tolist() == ["call", "patrol"]
    assert found.by_officers == 1


def test_every_fault_is_listed_by_row_and_column(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        HEAD
        + "1,昨天,217.0,36.65,打架,110,20\n2,2026-01-05 08:00:00,117.0,36.6,盗窃,电视,-5\n3,,117.0,36.6,盗窃,110,\n",
    )

    assert [(fault.row, fault.column) for fault in found.faults] == [
        (2, "lon, lat"), (2, "报警时间"), (3, "在场分钟"), (3, "来源"), (4, "报警时间"),
    ]  # fmt: skip
    assert len(found.records) == 0
    assert "swapped" in str(found.faults[0])


def test_a_record_that_comes_twice_is_taken_once_and_one_without_a_place_is_kept_and_told(tmp_path: Path) -> None:
    twice = "1,2026-01-05 08:00:00,117.02,36.65,打架,110,20\n"
    found = imported(
        tmp_path, GOOD + twice + "3,2026-01-06 08:00:00,,36.6,打架,110,\n4,2026-01-06 09:00:00,0,0,打架,110,\n"
    )

    assert (len(found.records), found.duplicates, found.without_place) == (4, 1, 2)


def test_gcj02_places_come_back_as_wgs84(tmp_path: Path) -> None:
    found = imported(tmp_path, GOOD, crs="gcj02")

    metres = np.hypot((found.records.lon[0] - 117.02) * 89_000, (found.records.lat[0] - 36.65) * 111_000)
    assert 300 < metres < 700


def test_words_that_the_table_of_kinds_lacks_are_kept_and_counted(tmp_path: Path) -> None:
    found = imported(tmp_path, GOOD, kinds={"打架": "fight"})

    assert found.records.kind.tolist() == ["fight", "盗窃"]
    assert found.kinds_unmapped == {"盗窃": 1}


def test_a_column_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(StudyRefused, match=r"no column '纬'.*编号"):
        imported(tmp_path, GOOD, columns="{called_at: 报警时间, lon: 经度, lat: 纬}")
    with pytest.raises(StudyRefused, match="need a time"):
        imported(tmp_path, GOOD, columns="{lon: 经度, lat: 纬度}")
    with pytest.raises(StudyRefused, match=r"epsg4326.*wgs84"):
        imported(tmp_path, GOOD, crs="epsg4326")


def test_a_workbook_and_a_gb18030_table_read_as_the_same_records(tmp_path: Path) -> None:
    (tmp_path / "gb.csv").write_bytes(GOOD.encode("gb18030"))
    book = Workbook()
    for line in GOOD.strip().splitlines():
        book.active.append(line.split(","))  # type: ignore[union-attr]
    book.save(tmp_path / "book.xlsx")
    (tmp_path / "columns.yaml").write_text(COLUMNS, encoding="utf-8")
    layout = read_layout(str(tmp_path / "columns.yaml"))
    reading = Reading(layout, "incidents", "wgs84", "Asia/Shanghai")

    one, other = (
        import_records(read_file(tmp_path / name, layout), reading).records for name in ("gb.csv", "book.xlsx")
    )

    assert one.kind.tolist() == other.kind.tolist() == ["打架", "盗窃"]
    assert one.called_at.tolist() == other.called_at.tolist()


def test_the_command_changes_nothing_where_a_record_is_faulty_and_takes_the_rest_when_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_text(GOOD + "3,昨天,117,36,打架,110,\n", encoding="utf-8")
    (tmp_path / "columns.yaml").write_text(COLUMNS, encoding="utf-8")
    told = [
        "history", "import", str(tmp_path / "a.csv"), "--columns", str(tmp_path / "columns.yaml"), "--crs", "wgs84",
        "--timezone", "Asia/Shanghai", "--data", str(tmp_path / "data"), "--faults", str(tmp_path / "faults.csv"),
    ]  # fmt: skip

    assert main(told) == 2
    assert "row 4, 报警时间: '昨天'" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()
    assert "昨天" in (tmp_path / "faults.csv").read_text(encoding="utf-8-sig")

    assert main([*told, "--skip-faulty"]) == 0
    assert "2 incidents of 3 records" in capsys.readouterr().out
    assert [holding.faulty for holding in Shelf(tmp_path / "data").list_all()] == [1]
    assert len(read_records(tmp_path / "data" / "history" / "a.parquet")) == 2


def test_places_outside_the_city_are_counted(tmp_path: Path) -> None:
    found = imported(tmp_path, GOOD, bbox=(117.025, 36.0, 121.0, 37.0))

    assert (len(found.records), found.outside) == (2, 1)


def test_incidents_and_cases_stay_apart_and_overlapping_files_count_once(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    found = imported(tmp_path, GOOD)
    from tests.studies.shelves import holding

    shelf.put(holding("first", "incidents"), found.records)
    shelf.put(holding("second", "incidents"), found.records)
    shelf.put(holding("solved", "cases"), found.records)

    assert len(shelf.records("incidents")) == 2
    assert len(shelf.records("cases")) == 2


def test_layers_are_weighed_and_together_never_drown_the_incidents(tmp_path: Path) -> None:
    from tests.studies.shelves import holding

    shelf = Shelf(tmp_path)
    hazards = imported(tmp_path, "lon,lat,w\n117.0,36.6,3\n", columns="{lon: lon, lat: lat, weight: w}", what="hazards")
    for name in ("hazards", "footfall"):
        shelf.put(holding(name, "hazards"), hazards.records)

    assert shelf.weigh("hazards", 0.5).weight == 0.5
    with pytest.raises(StudyRefused, match=r"0\.5 of the others"):
        shelf.weigh("footfall", 0.6)
    shelf.put(holding("calls", "incidents"), hazards.records)
    with pytest.raises(StudyRefused, match="only hazards and counts"):
        shelf.weigh("calls", 0.1)


def test_a_year_of_real_responses_comes_in_whole() -> None:
    path = shared_data("incidents/seattle_pd_911_2015.parquet")
    layout = Layout("Longitude", "Latitude", called_at="t", kind="Initial.Type.Group")

    found = import_records(read_file(path, layout), Reading(layout, "incidents", "wgs84", "America/Los_Angeles"))

    assert found.faults == ()
    assert len(found.records) + found.duplicates == found.read == 91_067


def test_a_time_that_no_record_can_have_is_a_fault(tmp_path: Path) -> None:
    rows = "".join(
        f"{n},{when},117.0,36.6,打架,110,\n"
        for n, when in enumerate(
            ("0001-01-01", "1969-12-31 12:00", "2026-06-02 10:00", "2062-01-05 08:00", "9999-12-31")
        )
    )
    found = imported(tmp_path, HEAD + rows, latest=datetime(2026, 6, 3, tzinfo=UTC))

    assert [fault.row for fault in found.faults] == [2, 3, 5, 6]
    assert "after 2026-06-03" in found.faults[2].problem
    assert len(found.records) == 1


def test_a_kind_is_one_line_of_text_that_can_be_shown(tmp_path: Path) -> None:
    kinds = ("\u202e打\u200b架", '"打\n架"', "打\x1b[31m架", "长" * 101)
    found = imported(
        tmp_path, HEAD + "".join(f"{n},2026-01-05 08:00,117.0,36.6,{kind},110,\n" for n, kind in enumerate(kinds))
    )

    assert found.records.kind.tolist() == ["打架", "打 架"]
    assert ["control" in fault.problem for fault in found.faults] == [True, False]
    assert all(fault.value.isprintable() for fault in found.faults)


def test_a_row_with_too_many_cells_or_too_few_is_a_fault_and_empty_ones_at_its_end_are_none(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        HEAD
        + "1,2026-01-05 08:00,117.0,36.6,打架,110,20,,\n2,2026-01-05 08:01,117.0,36.6,打架,110,20,多出\n"
        + "3,2026-01-05 08:02,117.0\n4,2026-01-05 08:03,117.0,36.6,打架\n",
    )

    assert [(fault.row, fault.value) for fault in found.faults] == [(3, "8 cells"), (4, "3 cells")]
    assert len(found.records) == 2


def test_another_separator_is_named_and_utf_16_is_read_by_its_mark(tmp_path: Path) -> None:
    with pytest.raises(StudyRefused, match='separator: ";"'):
        imported(tmp_path, GOOD.replace(",", ";"))
    with pytest.raises(StudyRefused, match=r'separator: "\\t"'):
        imported(tmp_path, GOOD.replace(",", "\t"))
    (tmp_path / "wide.csv").write_text(GOOD, encoding="utf-16")
    assert read_file(tmp_path / "wide.csv", read_layout("lon=经度,lat=纬度")).rows == 2
    with pytest.raises(StudyRefused, match="is not utf-8;"):
        read_file(tmp_path / "wide.csv", Layout("经度", "纬度", encoding="utf-8"))


def test_no_column_is_read_that_the_layout_does_not_name(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("姓名,经度,纬度\n张三,117.0,36.6\n", encoding="utf-8")
    file = read_file(tmp_path / "calls.csv", read_layout("lon=经度,lat=纬度"))
    assert (list(file.columns), file.names) == (["经度", "纬度"], ("姓名", "经度", "纬度"))


def test_a_file_of_nothing_but_faults_is_given_up_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kuaijing.studies.importing.MOST_FAULTS", 50)
    with pytest.raises(StudyRefused, match="more than 50 faults by row 52 of 5,000") as told:
        imported(tmp_path, HEAD + "1,gestern,x,y,z,110,\n" * 5000)
    assert len(told.value.faults) == 20


def test_a_history_is_replaced_only_when_told_and_one_that_is_another_form_of_another_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "columns.yaml").write_text(COLUMNS, encoding="utf-8")
    data = tmp_path / "data"

    def bring(text: str, *more: str, folder: str = "a") -> int:
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "calls.csv").write_text(text, encoding="utf-8")
        return main(
            ["history", "import", str(tmp_path / folder / "calls.csv"), "--columns", str(tmp_path / "columns.yaml"),
             "--crs", "wgs84", "--timezone", "Asia/Shanghai", "--data", str(data), *more]
        )  # fmt: skip

    assert bring(GOOD) == 0
    assert bring(GOOD) == 0  # the very same file again
    february = GOOD.replace("2026-01", "2026-02")
    assert bring(february, folder="b") == 2
    assert "2 incidents from calls.csv" in capsys.readouterr().err
    assert "2026-01-05" in str(np.datetime64(int(Shelf(data).records("incidents").called_at[0]), "us"))
    assert bring(february, "--name", "february", folder="b") == 0
    coarse = GOOD.replace("08:00:00", "08:00:40").replace("117.02,", "117.020004,")
    assert bring(coarse, "--name", "coarse", folder="c") == 0
    assert "1 look like records of calls" in capsys.readouterr().out
    assert bring(february, "--replace", folder="b") == 0


def test_a_value_that_a_spreadsheet_would_compute_is_written_as_text_in_the_list_of_faults(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(HEAD + '1,"=HYPERLINK(""x"")",117.0,36.6,打架,110,\n', encoding="utf-8")
    (tmp_path / "columns.yaml").write_text(COLUMNS, encoding="utf-8")
    told = tmp_path / "faults.csv"
    main(
        ["history", "import", str(tmp_path / "calls.csv"), "--columns", str(tmp_path / "columns.yaml"), "--crs", "wgs84",
         "--timezone", "Asia/Shanghai", "--data", str(tmp_path / "data"), "--faults", str(told)]
    )  # fmt: skip
    assert "'=HYPERLINK" in told.read_text(encoding="utf-8-sig")
