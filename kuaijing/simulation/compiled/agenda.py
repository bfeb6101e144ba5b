"""Who acts next: a binary heap of the units by the moment at which each is due, equal moments by row. Compiled.

``heap[i]`` is a unit, ``slot[unit]`` its index in the heap; every unit is always in it (``NEVER`` where nothing is due).
"""

from kuaijing.simulation.compiled.machine import machine_code


@machine_code
def _before(units, a, b):  # type: ignore[no-untyped-def]
    return units[a].due < units[b].due or (units[a].due == units[b].due and a < b)


@machine_code
def rank_again(heap, slot, units, unit):  # type: ignore[no-untyped-def]
    """Put ``unit`` where its changed ``due`` belongs."""
    count = len(heap)
    at = slot[unit]
    while at > 0:
        above = (at - 1) >> 1
        if not _before(units, unit, heap[above]):
            break
        heap[at] = heap[above]
        slot[heap[at]] = at
        at = above
    while True:
        below = 2 * at + 1
        if below >= count:
            break
        if below + 1 < count and _before(units, heap[below + 1], heap[below]):
            below += 1
        if not _before(units, heap[below], unit):
            break
        heap[at] = heap[below]
        slot[heap[at]] = at
        at = below
    heap[at] = unit
    slot[unit] = at
