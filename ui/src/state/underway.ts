/* Everybody who drives to an incident, all over the city (at a post: its own units): each one's way ahead and the track behind. Asked for
only while that layer is on; at most so many, and one after the other, so that a busy hour does not storm the core. */

import { effectScope, readonly, shallowRef, watch } from 'vue'
import { routeOf } from '@/api/reach'
import { trailOf } from '@/api/tracks'
import type { TrackView } from '@/api/types'
import { incidentOfUnit } from './following'
import { connected, picture } from './picture'
import { preferences } from './preferences'

const REFRESH_MS = 15_000
const MOST = 40

export interface Drive { unit: string; points: [number, number][]; fixes: TrackView['fixes'] }
const held = shallowRef<Drive[]>([])
export const drives = readonly(held) as Readonly<typeof held>

/** Only the part of the track that belongs to this drive. */
export const since = (fixes: TrackView['fixes'], at: string): TrackView['fixes'] => fixes.filter(([measured]) => measured >= Date.parse(at))

let asking = false
/** Whose drives, and whether they are wanted. */
let whose: (unit: string) => boolean = () => true
let wanted = (): boolean => preferences.underway

async function refresh(): Promise<void> {
  if (!wanted() || asking || !connected.value) return
  asking = true
  const found: Drive[] = []
  try {
    const units = [...(picture.value?.units.values() ?? [])].filter(({ id, status, active }) => status === 'en_route' && active && whose(id)).slice(0, MOST)
    for (const unit of units) {
      const [route, trail] = await Promise.all([
        routeOf(unit.id, incidentOfUnit(unit.active)!).catch(() => null),
        trailOf(unit.id).catch(() => null),
      ])
      if (route) found.push({ unit: unit.id, points: route.points, fixes: since(trail?.fixes ?? [], unit.since) })
    }
  } finally {
    asking = false
  }
  held.value = wanted() ? found : []
}

/** Keeps the drives fresh while their layer is on, or those of `only` always; returns how to stop. */
export function keepUnderway(only?: (unit: string) => boolean): () => void {
  whose = only ?? (() => true)
  wanted = () => only !== undefined || preferences.underway
  const scope = effectScope()
  scope.run(() => {
    watch(wanted, (on) => {
      if (on) void refresh()
      else held.value = []
    }, { immediate: true })
    watch(() => [...(picture.value?.units.values() ?? [])].filter(({ status }) => status === 'en_route').map(({ id }) => id).join(), () => void refresh())
  })
  const timer = setInterval(() => {
    if (!document.hidden) void refresh()
  }, REFRESH_MS)
  return () => {
    scope.stop()
    clearInterval(timer)
    held.value = []
  }
}
