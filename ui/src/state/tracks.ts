/* Where units have been, on this screen: one unit's track (the live trail, or a period looked at with a reason), and who was near a place. */

import { effectScope, reactive, readonly, shallowRef, watch } from 'vue'
import { Refused } from '@/api/request'
import { trackOf, trailOf, whoWasNear, type Period } from '@/api/tracks'
import type { PresenceView, TrackView } from '@/api/types'
import { sayRefusal } from './command'
import { connected } from './picture'
import { pickPlace, stopPicking, type PlacePoint } from './picking'
import { room } from './room'
import { followedUnit } from './selection'

const REFRESH_MS = 10_000
const track = shallowRef<TrackView | null>(null)
const stays = shallowRef<PresenceView[] | null>(null)
/** Unit whose last 30 minutes are shown and kept up to date. */
const trail = shallowRef<string | null>(null)
/** Why the shown track was looked at; its export says the same. */
const why = shallowRef('')

export const shownTrack = readonly(track) as Readonly<typeof track>
export const trackReason = readonly(why)
export const trailUnit = readonly(trail) as Readonly<typeof trail>
export const foundStays = readonly(stays) as Readonly<typeof stays>
export const tracks = reactive({
  tab: 'track' as 'track' | 'near',
  place: null as PlacePoint | null,
  radius: 200,
  picking: false,
  /** Index of the fix under the pointer. */
  hovered: null as number | null,
})

export function clearTrack(): void {
  track.value = null
  trail.value = null
  why.value = ''
  tracks.hovered = null
}

/** Loads the trail again; false where it may not be seen without a reason. */
async function refresh(unit: string): Promise<boolean> {
  try {
    const found = await trailOf(unit)
    if (trail.value === unit) track.value = found
    return true
  } catch (error) {
    if (trail.value === unit) clearTrack()
    if (error instanceof Refused && error.faults.some(({ field }) => field === 'reason')) return false
    sayRefusal(error)
    return true
  }
}

/** The last 30 minutes, kept up to date. A unit off duty is not shown without a reason: the panel opens and asks for one. */
export async function showTrail(unit: string): Promise<void> {
  clearTrack()
  trail.value = unit
  if (!(await refresh(unit))) openTracks('track')
}

export function toggleTrail(unit: string): void {
  if (trail.value === unit) clearTrack()
  else void showTrail(unit)
}

export async function showTrack(unit: string, period: Period, reason: string): Promise<void> {
  try {
    const found = await trackOf(unit, period, reason)
    clearTrack()
    why.value = reason
    track.value = found
  } catch (error) {
    sayRefusal(error)
  }
}

export async function findStays(period: Period, reason: string): Promise<void> {
  if (!tracks.place) return
  try {
    stays.value = await whoWasNear(tracks.place, tracks.radius, period, reason)
  } catch (error) {
    stays.value = null
    sayRefusal(error)
  }
}

export function openTracks(tab: 'track' | 'near'): void {
  tracks.tab = tab
  room.dialog = 'tracks'
}

export function askWhoWasHere(at: PlacePoint): void {
  tracks.place = { lon: Number(at.lon.toFixed(6)), lat: Number(at.lat.toFixed(6)) }
  stays.value = null
  openTracks('near')
}

export function pickHere(): void {
  tracks.picking = true
  pickPlace((at) => {
    stopPickingHere()
    askWhoWasHere(at)
  })
}

export function stopPickingHere(): void {
  if (!tracks.picking) return
  tracks.picking = false
  stopPicking()
}

/** Keeps the trail fresh and shows that of a unit that is followed; returns how to stop. */
export function keepTracks(): () => void {
  const scope = effectScope()
  scope.run(() => {
    watch(followedUnit, (now, before) => {
      if (now) void showTrail(now)
      else if (before && trail.value === before) clearTrack()
    })
    watch(() => room.dialog, (now) => {
      if (now === 'tracks') return
      stopPickingHere()
      stays.value = null
      tracks.place = null
      if (track.value && !trail.value) clearTrack()
    })
  })
  const timer = setInterval(() => {
    if (trail.value && connected.value && !document.hidden) void refresh(trail.value)
  }, REFRESH_MS)
  return () => {
    scope.stop()
    clearInterval(timer)
    clearTrack()
  }
}
