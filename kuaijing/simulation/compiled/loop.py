"""The event loop: calls, duty, arrivals, ends of jobs, one after the other, until every call has ended. Compiled.

At one moment duty changes first, then units (by row), then calls. A call that nobody can take waits; when units have become free, and all
that end at that moment have ended, those waiting are tried in order of grade, then age. A call that got fewer units than its plan wants
is not sent more later; a call from which its last unit was diverted is tried again at once. Nothing here draws a figure: all chance came
with the calls.
"""

import numpy as np

from kuaijing.simulation.compiled.agenda import rank_again
from kuaijing.simulation.compiled.between import dwell_ms, go_on, rearrange, turn_to
from kuaijing.simulation.compiled.driving import halt, set_out, stand_at
from kuaijing.simulation.compiled.machine import machine_code
from kuaijing.simulation.compiled.ordering import choose_units, closest_idle
from kuaijing.simulation.compiled.tables import (
    AT_SECOND,
    COMPLIANCE,
    DONE,
    DRAWS,
    FAR,
    HOUR_MS,
    IDLE,
    LOST,
    MOVING,
    NEVER,
    OFF,
    ON_SCENE,
    PATROL,
    RESPONDING,
    STAND,
    TO_SECOND,
    WAITING,
    WEEK_HOURS,
    WORKED_ON,
)

_STUCK_MS = 24 * HOUR_MS
"""With nobody at work and nothing coming, waiting calls are given up after this."""


@machine_code
def _hour(now):  # type: ignore[no-untyped-def]
    return (now // HOUR_MS) % WEEK_HOURS


@machine_code
def _withdraw(calls, log, orders, units, unit, now):  # type: ignore[no-untyped-def]
    """Take a unit off the call that it drives to; returns that call where nobody is left on it, else -1."""
    call, order = units[unit].call, units[unit].order
    orders[order].withdrawn_ms = now
    log[call].active -= 1
    if log[call].active == 0 and log[call].arrived_ms < 0:
        log[call].state = WAITING
        return call
    if log[call].active == 0:
        log[call].state, log[call].done_ms = DONE, now
    return -1


@machine_code
def _put(calls, listed, count, call):  # type: ignore[no-untyped-def]
    """Put a call into a list of ``count`` that is ordered by grade, then by row; returns how many it holds now."""
    at = count
    while at > 0:
        other = listed[at - 1]
        if calls[other].grade < calls[call].grade or (calls[other].grade == calls[call].grade and other < call):
            break
        listed[at] = other
        at -= 1
    listed[at] = call
    return count + 1


@machine_code
def _send(  # type: ignore[no-untyped-def]
    to_ms, walk_ms, calls, units, heap, slot, log, orders, given, chosen, first, period, factor, point, now, call, window,
    robbed,
):  # fmt: skip
    """Order the chosen units; returns (orders given so far, how many calls in ``robbed`` lost their last unit, units diverted)."""
    place = calls[call].place
    lost = diverted = 0
    for role in range(len(chosen)):
        unit = chosen[role]
        if unit < 0:
            continue
        kind = units[unit].kind
        if units[unit].status == RESPONDING:
            bereft = _withdraw(calls, log, orders, units, unit, now)
            diverted += 1
            if bereft >= 0:
                robbed[lost] = bereft
                lost += 1
        if units[unit].leg_to >= 0:
            halt(to_ms, units, kind, unit, now, point)
        draw = log[call].sent % DRAWS
        leaves = now + calls[call].set_off_ms[draw]
        scale = factor * calls[call].drive_factor[draw]
        units[unit].due = set_out(to_ms, units, kind, unit, leaves, place, period, scale) + walk_ms[place]
        turn_to(units, unit, RESPONDING, now, window[0], window[1])
        rank_again(heap, slot, units, unit)
        units[unit].call, units[unit].order = call, given
        orders[given].call, orders[given].unit, orders[given].role = call, unit, first + role
        orders[given].at_ms, orders[given].set_off_ms = now, leaves
        orders[given].arrived_ms, orders[given].left_ms, orders[given].withdrawn_ms = -1, -1, -1
        given += 1
        log[call].sent += 1
        log[call].active += 1
        if log[call].ordered_ms < 0:
            log[call].ordered_ms = now
    if log[call].active > 0:
        log[call].state = WORKED_ON
    return given, lost, diverted


@machine_code
def _arrive(calls, log, orders, responses, units, unit, now):  # type: ignore[no-untyped-def]
    """The unit is at its call; returns when it leaves."""
    call, order = units[unit].call, units[unit].order
    orders[order].arrived_ms = now
    if log[call].arrived_ms < 0:
        log[call].arrived_ms, log[call].unit = now, unit
    lead = responses.lead[orders[order].role]
    return now + (calls[call].lead_ms if lead else calls[call].support_ms)


@machine_code
def _leave(calls, log, orders, units, unit, now):  # type: ignore[no-untyped-def]
    """The unit's part in its call is over."""
    call = units[unit].call
    orders[units[unit].order].left_ms = now
    log[call].active -= 1
    if log[call].active == 0:
        log[call].state, log[call].done_ms = DONE, now
    units[unit].call = units[unit].order = -1


@machine_code
def _change_duty(force, units, heap, slot, hour, now, window):  # type: ignore[no-untyped-def]
    """Units whose hours begin stand at home; idle ones whose hours are over are gone. Whether anything changed."""
    changed = False
    for unit in range(len(units)):
        on = force.duty[unit, hour]
        if units[unit].status == OFF and on:
            stand_at(units, unit, units[unit].home)
            turn_to(units, unit, IDLE, now, window[0], window[1])
            changed = True
        elif (units[unit].status == IDLE or units[unit].status == MOVING) and not on:
            stand_at(units, unit, units[unit].home)
            turn_to(units, unit, OFF, now, window[0], window[1])
            units[unit].due = NEVER
            rank_again(heap, slot, units, unit)
            changed = True
    return changed


@machine_code
def run(  # type: ignore[no-untyped-def]
    roads, force, responses, standards, rules, moves, calls, units, log, orders, scratch, heap, slot, start_ms, window,
    shifts,
):  # fmt: skip
    """Run all calls; returns (orders given, -1 where ``orders`` is too short; moment of the last event)."""
    count, coming, given, waiting, working = len(calls), 0, 0, 0, 0
    robbed, retry, freed = np.empty(64, np.int64), np.empty(256, np.int64), np.empty(len(units), np.int64)
    now, tick = start_ms, start_ms if shifts else NEVER
    idle_since = start_ms
    for unit in range(len(units)):
        if rules.between == PATROL and units[unit].status == IDLE:
            go_on(roads, force, standards, rules, moves, units, heap, slot, scratch, _hour(now), now, unit, window)
    while coming < count or working > 0 or waiting > 0:
        call_at = calls[coming].at_ms + rules.desk_ms if coming < count else NEVER
        top = heap[0]
        now = min(call_at, units[top].due, tick)
        if now == NEVER or (working == 0 and coming == count and now > idle_since + _STUCK_MS):
            break
        hour = _hour(now)
        if given + 32 >= len(orders):
            return -1, now
        free, again, retries = 0, False, 0
        if tick == now:
            tick += HOUR_MS
            again = _change_duty(force, units, heap, slot, hour, now, window)
            if again and rules.between != PATROL:
                rearrange(roads, force, standards, rules, moves, units, heap, slot, scratch, hour, now, window)
            elif again:
                for unit in range(len(units)):
                    if units[unit].status == IDLE and units[unit].due == NEVER:
                        go_on(
                            roads, force, standards, rules, moves, units, heap, slot, scratch, hour, now, unit, window
                        )
        elif units[top].due == now:
            while units[heap[0]].due == now:  # all of them, before anybody who waits is sent one
                unit = heap[0]
                status = units[unit].status
                units[unit].due = NEVER
                if status == RESPONDING:
                    stand_at(units, unit, calls[units[unit].call].place)
                    turn_to(units, unit, ON_SCENE, now, window[0], window[1])
                    units[unit].due = _arrive(calls, log, orders, responses, units, unit, now)
                elif (
                    status == ON_SCENE
                    and calls[units[unit].call].second_place >= 0
                    and (responses.lead[orders[units[unit].order].role])
                ):
                    call = units[unit].call
                    scale = roads.grade_factor[calls[call].grade]
                    period, kind = roads.period_of_hour[hour], units[unit].kind
                    turn_to(units, unit, TO_SECOND, now, window[0], window[1])
                    due = set_out(roads.to_ms, units, kind, unit, now, calls[call].second_place, period, scale)
                    units[unit].due = min(due, now + FAR)
                elif status == TO_SECOND:
                    stand_at(units, unit, calls[units[unit].call].second_place)
                    turn_to(units, unit, AT_SECOND, now, window[0], window[1])
                    units[unit].due = now + calls[units[unit].call].second_ms
                elif status in (ON_SCENE, AT_SECOND):
                    _leave(calls, log, orders, units, unit, now)
                    working -= 1
                    idle_since = now
                    if force.duty[unit, hour]:
                        turn_to(units, unit, IDLE, now, window[0], window[1])
                        freed[free], again = unit, True
                        free += 1
                    else:
                        stand_at(units, unit, units[unit].home)
                        turn_to(units, unit, OFF, now, window[0], window[1])
                elif status == MOVING:
                    stand_at(units, unit, units[unit].leg_to)
                    turn_to(units, unit, IDLE, now, window[0], window[1])
                    if rules.between == PATROL and force.patrol_start[unit + 1] > force.patrol_start[unit]:
                        units[unit].due = now + max(1, dwell_ms(force, unit, units[unit].place))
                rank_again(heap, slot, units, unit)
                if status == IDLE:
                    go_on(roads, force, standards, rules, moves, units, heap, slot, scratch, hour, now, unit, window)
        else:
            retry[0], retries = coming, 1
            coming += 1
        sent = 0
        while True:
            if retries == 0 and again and waiting > 0:  # everybody who waits, in order
                again = False
                kept = 0
                for i in range(waiting):
                    if retries < len(retry) - 32:
                        retry[retries] = scratch.waiting[i]
                        retries += 1
                    else:
                        scratch.waiting[kept] = scratch.waiting[i]
                        kept += 1
                waiting = kept
            if retries == 0:
                break
            call = retry[0]
            retries -= 1
            for i in range(retries):
                retry[i] = retry[i + 1]
            before = given
            period, factor = roads.period_of_hour[hour], roads.grade_factor[calls[call].grade]
            chosen = scratch.chosen
            if rules.simple:
                chosen[0] = closest_idle(roads.to_ms, units, scratch.point, period, calls[call].place, factor, now)
            else:
                chosen = choose_units(roads, force, responses, standards, calls, rules, units, scratch, hour, call, now)
            given, lost, diverted = _send(
                roads.to_ms, roads.walk_ms, calls, units, heap, slot, log, orders, given, chosen,
                responses.role_start[calls[call].plan], period, factor, scratch.point, now, call, window, robbed,
            )  # fmt: skip
            if given + 32 >= len(orders):
                return -1, now
            sent += given - before
            if given == before:
                if rules.queue:
                    log[call].state = WAITING
                    waiting = _put(calls, scratch.waiting, waiting, call)
                else:
                    log[call].state = LOST
            working += given - before - diverted
            for i in range(lost):  # by grade, then age, as the desk takes them up
                retries = _put(calls, retry, retries, robbed[i])
        for i in range(free):
            if units[freed[i]].status == IDLE and rules.between != STAND:
                go_on(roads, force, standards, rules, moves, units, heap, slot, scratch, hour, now, freed[i], window)
        if (free > 0 or sent > 0) and rules.between >= COMPLIANCE:
            rearrange(roads, force, standards, rules, moves, units, heap, slot, scratch, hour, now, window)
    for unit in range(len(units)):
        turn_to(units, unit, units[unit].status, max(now, window[1]), window[0], window[1])
    return given, now
