/* What the officer's page needs to stand again after a reload without a link: who is signed in, the own unit, its order as the server
gave it (masked as it was), the words of the plan. Kept in this browser's storage by /unit alone; gone when the session ends, when
somebody else signs in, and its order with the end of the order. Knows no screen. */

import type { RouteView, SessionView, StateView } from '@/api/types'
import { stateOf, type Picture } from '@/live/apply'

export interface KeptDuty {
  session: SessionView
  unit: string
  started: boolean
  state: StateView
  /** When it was kept, by the wall clock, and the last word of the core before that, in city time. */
  keptAt: number
  heardAt: number
  route: RouteView | null
  attribution: string
}

const KEY = 'kuaijing.duty'
/** Cache Storage of the map tiles seen on /unit. */
export const TILES_KEPT = 'kuaijing-unit-tiles'
/** What was pressed and not yet sent, and where this phone has been meanwhile: each account's own. */
export const outboxKey = (user: string): string => `kuaijing.outbox.${user}`
export const whereaboutsKey = (user: string): string => `kuaijing.whereabouts.${user}`

/** Of the picture only what concerns this unit: its order, that order's calls, the area calls that it was called by. Whoever is signed
 in, no more of a caller than the masked audience is shown lies on a phone. */
export function ownPart(picture: Picture, unit: string, incident: string | null): StateView {
  const state = stateOf(picture)
  const incidents = state.incidents.filter(({ id }) => id === incident)
  const calls = new Set(incidents.flatMap((each) => each.calls))
  return {
    ...state,
    units: state.units.filter(({ id }) => id === unit).map((own) => ({ ...own, leader: '' })),
    incidents,
    calls: state.calls.filter(({ id }) => calls.has(id)).map((call) => ({ ...call, words: '', caller: '', phone: '', masked: true })),
    area_calls: state.area_calls.filter((call) => call.ended_at === null && call.roll.some((row) => row.unit === unit)),
    closures: [],
    alerts: [],
    today: { incidents: 0, by_kind: {}, by_origin: {}, mean_handling_s: null, attainment: [], patrol: null },
    reach: null,
    shift: null,
  }
}

/** The kept state with its clock carried on to now: a reloaded page begins its steady clock anew, so the wall's difference counts. */
export function carriedOn({ state, keptAt }: KeptDuty, wall: number): StateView {
  const { now, speed, timezone } = state.clock
  return { ...state, clock: { now: new Date(Date.parse(now) + Math.max(0, wall - keptAt) * speed).toISOString(), speed, timezone } }
}

export function readDuty(text: string | null, wall: number): KeptDuty | null {
  try {
    const found = JSON.parse(text ?? 'null') as KeptDuty | null
    return found && typeof found.unit === 'string' && found.state.wire > 0 && Date.parse(found.session.expires_at) > wall ? found : null
  } catch {
    return null
  }
}

export function findDuty(): KeptDuty | null {
  const found = readDuty(localStorage.getItem(KEY), Date.now())
  if (!found) forgetDuty()
  return found
}

export function keepDuty(duty: KeptDuty): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(duty))
  } catch {
    forgetDuty() // a full phone keeps nothing half
  }
}

export function forgetDuty(): void {
  try {
    localStorage.removeItem(KEY)
  } catch {
    /* a browser that keeps nothing has nothing to forget */
  }
}

/** Signing out: nothing private stays on this phone. */
export function forgetAllOf(user: string): void {
  forgetDuty()
  try {
    localStorage.removeItem(outboxKey(user))
    sessionStorage.removeItem(whereaboutsKey(user))
  } catch {
    /* as above */
  }
  if (typeof caches !== 'undefined') void caches.delete(TILES_KEPT).catch(() => undefined)
}
