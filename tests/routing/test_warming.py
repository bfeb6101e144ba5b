"""After ``warm`` no real question compiles anything: the first dispatch of a process is as quick as the next."""

import subprocess
import sys
from pathlib import Path

from kuaijing.routing import compiled as compiled_module
from kuaijing.routing.compiled import sources_digest
from kuaijing.routing.search import sweep

SCRIPT = """
import math, pkgutil, importlib
import numpy as np, shapely
from numba.core.dispatcher import Dispatcher
import kuaijing.routing as routing
from tests.routing.worlds import grid

def compiled():
    modules = [importlib.import_module(f"kuaijing.routing.{m.name}") for m in pkgutil.iter_modules(routing.__path__)]
    return {id(v): len(v.signatures) for m in modules for v in vars(m).values() if isinstance(v, Dispatcher)}

routing.warm()
before = compiled()
assert len(before) > 20, before
town = routing.Network(grid(12, 1))
graph, base = town.graph("motorcycle"), town.graph("motorcycle").base
lon, lat = np.array([117.0, 117.01, 117.005]), np.array([36.65, 36.655, 36.651])
units = town.snap_many(lon, lat, "motorcycle", np.array([math.nan, 10, 200]), at_rest=np.array([True, False, False]))
place = town.snap(117.004, 36.653, "motorcycle", heading_deg=12)
assert place
weights = base.with_closures([routing.Closure(town.arcs_near(shapely.LineString([(117.0, 36.65), (117.01, 36.65)])), 0.5)])
routing.times_from_units(graph, weights, place, units, first=2, eligible=np.array([True, True, False]))
routing.find_units(graph, base, place, units, limit_ms=1)
routing.reach_times(town, {"motorcycle": weights}, {"motorcycle": units}, 60_000,
                    delay_ms_by_class={"motorcycle": np.array([1, 2, 3])}).by_street(town.ground.arc_street, town.ground.street_count)
routing.route(graph, weights, place, town.snap_streets(117.0, 36.65, "motorcycle")[0])
routing.isochrone(graph, base, place, 60_000)
graph.times_to(3, 1000)
after = compiled()
assert before == after, {k: (v, after[k]) for k, v in before.items() if after[k] != v}
"""


def test_after_warm_no_real_question_compiles_anything() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=240, check=False)

    assert done.returncode == 0, done.stderr


def test_machine_code_is_kept_apart_for_every_version_of_the_sources(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "b.py").write_text("from a import x\n")
    before = sources_digest(tmp_path)
    assert sources_digest(tmp_path) == before

    (tmp_path / "a.py").write_text("x = 2\n")  # b's own file is unchanged
    assert sources_digest(tmp_path) != before
    assert sources_digest(Path(compiled_module.__file__).parent) in sweep.stats.cache_path  # type: ignore[attr-defined]
