/* The picture and the one rule that moves it: replace by identifier, drop what is gone. Pure: a new picture each time, the
untouched collections shared with the old one. Checked in Python and here by the same JSON cases (tests/wire/cases). */

import type {
  AlertView, AreaCallView, CallView, Changes, ClosureView, IncidentView, StateView, UnitView,
} from '@/api/types'

type Scalars = Omit<StateView, 'units' | 'incidents' | 'calls' | 'closures' | 'alerts' | 'area_calls'>

export interface Picture extends Scalars {
  readonly units: ReadonlyMap<string, UnitView>
  readonly incidents: ReadonlyMap<string, IncidentView>
  readonly calls: ReadonlyMap<string, CallView>
  readonly closures: ReadonlyMap<string, ClosureView>
  readonly alerts: ReadonlyMap<string, AlertView>
  readonly area_calls: ReadonlyMap<string, AreaCallView>
}

interface Identified { id: string }

const byId = <T extends Identified>(list: readonly T[]): ReadonlyMap<string, T> => new Map(list.map((item) => [item.id, item]))

function merged<T extends Identified>(before: ReadonlyMap<string, T>, put: readonly T[] = [], gone: readonly string[] = []): ReadonlyMap<string, T> {
  if (put.length === 0 && gone.length === 0) return before
  const after = new Map(before)
  for (const item of put) after.set(item.id, item)
  for (const id of gone) after.delete(id)
  return after
}

export function pictureOf(state: StateView): Picture {
  return {
    ...state,
    units: byId(state.units),
    incidents: byId(state.incidents),
    calls: byId(state.calls),
    closures: byId(state.closures),
    alerts: byId(state.alerts),
    area_calls: byId(state.area_calls),
  }
}

const sorted = <T extends Identified>(map: ReadonlyMap<string, T>): T[] => [...map.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))

/** The picture as a state again, its lists in the order of their identifiers, as the wire has them. */
export function stateOf(picture: Picture): StateView {
  return {
    ...picture,
    units: sorted(picture.units),
    incidents: sorted(picture.incidents),
    calls: sorted(picture.calls),
    closures: sorted(picture.closures),
    alerts: sorted(picture.alerts),
    area_calls: sorted(picture.area_calls),
  }
}

/** The picture after the changes, or `null` where they do not follow on it: the caller asks for a snapshot. */
export function applyChanges(before: Picture, { base, version, picture, put, gone }: Changes): Picture | null {
  if (base !== before.version) return null
  return {
    ...before,
    version,
    picture,
    units: merged(before.units, put.units, gone.units),
    incidents: merged(before.incidents, put.incidents, gone.incidents),
    calls: merged(before.calls, put.calls, gone.calls),
    closures: merged(before.closures, put.closures, gone.closures),
    alerts: merged(before.alerts, put.alerts, gone.alerts),
    area_calls: merged(before.area_calls, put.area_calls, gone.area_calls),
    plan: put.plan ?? before.plan,
    today: put.today ?? before.today,
    reach: put.reach ?? before.reach,
    shift: put.shift ?? before.shift,
    clock: put.clock ?? before.clock,
    health: put.health ?? before.health,
  }
}

/** Whether nothing but what a look needs has changed: where and how units are, reach, figures of the day. A hidden page lets it wait. */
export function isOnlyToLookAt({ put, gone }: Changes): boolean {
  const waits: ReadonlySet<string> = new Set(['units', 'reach', 'today', 'clock'])
  return [put, gone].every((part) => Object.entries(part).every(([name, told]) => waits.has(name) || told === null || (Array.isArray(told) && told.length === 0)))
}
