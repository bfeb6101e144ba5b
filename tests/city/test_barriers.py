"""What parts a city is kept with its ground: rivers, canals and railways, not ponds and not tunnels."""

from pathlib import Path

from kuaijing.city.barriers import read_barriers
from kuaijing.city.importing import import_city

OSM = """<osm version="0.6">
{nodes}
<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/><tag k="highway" v="primary"/></way>
<way id="2"><nd ref="1"/><nd ref="3"/><tag k="highway" v="residential"/></way>
<way id="3"><nd ref="5"/><nd ref="6"/><tag k="waterway" v="river"/></way>
<way id="4"><nd ref="5"/><nd ref="6"/><tag k="waterway" v="ditch"/></way>
<way id="5"><nd ref="5"/><nd ref="4"/><tag k="railway" v="rail"/></way>
<way id="6"><nd ref="5"/><nd ref="3"/><tag k="railway" v="rail"/><tag k="tunnel" v="yes"/></way>
<way id="7"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/><tag k="natural" v="water"/></way>
<way id="8"><nd ref="7"/><nd ref="8"/><nd ref="9"/><nd ref="7"/><tag k="natural" v="water"/></way>
</osm>"""
PLACES = [
    (117.00, 36.60), (117.02, 36.60), (117.02, 36.62), (117.00, 36.62), (117.01, 36.60), (117.01, 36.62),
    (117.0100, 36.6100), (117.0102, 36.6100), (117.0101, 36.6101),
]  # fmt: skip


def test_rivers_railways_and_lakes_are_kept_ponds_ditches_and_tunnels_are_not(tmp_path: Path) -> None:
    nodes = "\n".join(f'<node id="{i}" lon="{lon}" lat="{lat}"/>' for i, (lon, lat) in enumerate(PLACES, 1))
    (tmp_path / "city.osm").write_text(OSM.format(nodes=nodes), encoding="utf-8")

    import_city(tmp_path / "city.osm", tmp_path / "city")
    found = read_barriers(tmp_path / "city")

    assert (found.known, len(found.water), len(found.waterways), len(found.rails)) == (True, 1, 1, 1)


def test_a_folder_without_the_file_says_that_nothing_is_known(tmp_path: Path) -> None:
    assert not read_barriers(tmp_path).known
