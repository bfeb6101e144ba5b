"""Files of calls for ``kuaijing simulate``: a history to learn from, or real calls to play again.

Columns are those of the incident history (docs/contracts.md).
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from kuaijing.app.refused import Refused

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kuaijing.domain.plan_document import PlanDocument
    from kuaijing.simulation.compiled.building import Built, History
    from kuaijing.simulation.compiled.calls import RealCalls

MOST_PLACES: Final = 1500
"""Real calls get places of their own up to so many; more lie at the nearest of the city's places."""


def history_of(path: Path) -> "tuple[History, NDArray[np.str_]]":
    """Past calls and the origin of each.

    Raises
    ------
    Refused
        The file is none, lacks a column, is empty or has a row without moment or place: named.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from kuaijing.simulation.compiled.building import History

    try:
        table = pq.read_table(path)
    except FileNotFoundError:
        raise Refused(f"there is no file {path}") from None
    except (OSError, pa.ArrowException) as error:
        raise Refused(f"{path} is no Parquet file: {error}") from None
    missing = {"called_at", "lon", "lat"} - set(table.column_names)
    if missing:
        raise Refused(f"{path} has no column {', '.join(sorted(missing))}; see docs/contracts.md, incident history")
    count = table.num_rows
    if count == 0:
        raise Refused(f"{path} has no row; give a file with calls")

    def column(name: str, otherwise: object) -> Any:
        return np.asarray(table[name].to_pylist()) if name in table.column_names else np.full(count, otherwise)

    scene = np.array([np.nan if x is None else float(x) for x in column("on_scene_s", None)])
    called, lon, lat = (table[name].to_numpy(zero_copy_only=False) for name in ("called_at", "lon", "lat"))
    moment = called.astype("datetime64[us]")
    broken = np.isnat(moment) | ~np.isfinite(lon.astype(np.float64)) | ~np.isfinite(lat.astype(np.float64))
    if broken.any():
        row = int(broken.argmax())
        raise Refused(
            f"{path}: row {row + 1} has no moment or no place (called_at {moment[row]}, lon {lon[row]}, lat {lat[row]}), "
            f"{int(broken.sum())} such; mend or drop them"
        )
    history = History(
        moment.astype(np.int64),
        lon.astype(np.float64),
        lat.astype(np.float64),
        column("kind", "").astype(np.str_),
        scene,
    )
    return history, column("origin", "call").astype(np.str_)


def called_in(path: Path) -> "History":
    """The calls of a file, by time; rows that a patrol found itself are left out, and that is said.

    Raises
    ------
    Refused
        As ``history_of``; nothing is left.
    """
    import numpy as np

    from kuaijing.simulation.compiled.building import History

    history, origin = history_of(path)
    rows = np.flatnonzero(origin != "patrol")
    if len(rows) < len(origin):
        print(f"{path}: {len(origin) - len(rows)} incidents found by patrols are left out", file=sys.stderr)
    if not len(rows):
        raise Refused(f"{path} has no call: all its rows were found by patrols")
    rows = rows[np.argsort(history.called_at[rows], kind="stable")]
    return History(
        history.called_at[rows], history.lon[rows], history.lat[rows], history.kind[rows], history.on_scene_s[rows]
    )


def places_of(calls: "History") -> "NDArray[np.float64] | None":
    """Places of their own for the calls; ``None`` where there are too many."""
    import numpy as np

    spots = np.unique(np.column_stack([calls.lon, calls.lat]), axis=0)
    return spots if len(spots) <= MOST_PLACES else None


def real_calls(calls: "History", built: "Built", plan: "PlanDocument", path: Path) -> "RealCalls":
    """The calls as the simulator takes them.

    Raises
    ------
    Refused
        None of their kinds is known to the plan. Some unknown: left out, and that is said.
    """
    import numpy as np

    from kuaijing.simulation.compiled.calls import RealCalls

    answered = {response.id for response in plan.response_plans}
    codes = [kind.code for kind in plan.kinds if kind.plan in answered]
    known = np.isin(calls.kind, codes)
    unknown = sorted(set(calls.kind[~known].tolist()))
    if not known.any():
        raise Refused(f"plan {plan.name!r} knows none of the kinds of {path} ({', '.join(unknown[:5])})")
    if unknown:
        print(
            f"{path}: {int((~known).sum())} calls of kinds that the plan does not know are left out: {', '.join(unknown[:8])}",
            file=sys.stderr,
        )
    called = calls.called_at[known]
    first = datetime.fromtimestamp(int(called[0]) / 1e6, UTC).astimezone(ZoneInfo(plan.timezone))
    monday = (first - timedelta(days=first.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    place = built.places.nearest(calls.lon[known], calls.lat[known])
    return RealCalls(
        at_ms=called // 1000 - round(monday.timestamp() * 1000),
        place=place,
        kind=np.array([codes.index(code) for code in calls.kind[known]], np.int64),
        handling_s=calls.on_scene_s[known],
    )
