"""A list of devices: every fault by row, nothing entered where there is one, what is there already is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuaijing.app.device_sheet import Entered, read_sheet

UNITS = {"u1", "u2"}


def faults(text: str, entered: dict[str, Entered] | None = None) -> list[str]:
    sheet = read_sheet(text.encode(), entered or {}, UNITS)
    assert sheet.new == ()
    return [str(fault) for fault in sheet.faults]


def test_a_good_list_is_read_whatever_the_order_of_its_columns() -> None:
    text = "name,key,protocol,unit,crs,code\n一号车,13912345678,jt808,u1,gcj02,\n\n手机,p-7,osmand,,,4711\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        sheet = read_sheet(text.encode(encoding), {}, UNITS)
        assert sheet.faults == ()
        assert [(each.id, each.unit, each.name, each.crs, each.code) for each in sheet.new] == [
            ("jt808:013912345678", "u1", "一号车", "gcj02", None),
            ("osmand:p-7", None, "手机", "wgs84", "4711"),
        ]


def test_all_faults_are_named_by_row_and_column() -> None:
    found = faults(
        "protocol,key,unit,crs\njt808,13912345678,u1,\njt808,013912345678,u9,\ngt06,a b,,wgs72\njt808,1\nosmand,,,\n"
    )
    assert found == [
        "row 3 key '013912345678': is in row 2 too",
        "row 3 unit 'u9': the force has no such unit",
        "row 4 protocol 'gt06': not one of the words known",
        "row 4 key 'a b': not 1 to 64 letters, digits or one of . : @ + / - _",
        "row 4 crs 'wgs72': not one of the words known",
        "row 5: 2 columns, the head has 4",
        "row 6 key: not 1 to 64 letters, digits or one of . : @ + / - _",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("protocol,unit\n", ["row 1 key: missing"]),
        ("protocol,key,plate,key\n", ["row 1 plate: unknown; known are", "row 1 key: stands there twice"]),
        ("", ["row 1 protocol: missing", "row 1 key: missing"]),
        ('protocol,key\n"jt808,1', ["file: no CSV"]),
    ],
)
def test_a_wrong_head_is_told_before_any_row(text: str, said: list[str]) -> None:
    found = faults(text)
    assert len(found) == len(said)
    assert all(told.startswith(begins) for told, begins in zip(found, said, strict=True)), found


def test_what_is_entered_word_for_word_is_skipped_and_what_differs_is_a_fault() -> None:
    entered = {"osmand:a": Entered("u1", "甲", "wgs84", True), "osmand:b": Entered(None, "", "wgs84", False)}
    sheet = read_sheet("protocol,key,unit,name\nosmand,a,u1,甲\nosmand,c,,\n".encode(), entered, UNITS)
    assert (len(sheet.new), sheet.same, sheet.faults) == (1, 1, ())

    assert faults("protocol,key,unit,name\nosmand,a,u2,甲\nosmand,b,,\n", entered) == [
        "row 2 key 'a': is entered already, of unit u1, '甲', wgs84; change it instead",
        "row 3 key 'b': is entered already, withdrawn; change it instead",
    ]


def test_a_code_that_is_wrong_is_not_repeated() -> None:
    (told,) = faults("protocol,key,code\nosmand,a,a b\n")
    assert "a b" not in told


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    sheet = read_sheet(content, {}, UNITS)
    assert sheet.new == () or sheet.faults == ()
