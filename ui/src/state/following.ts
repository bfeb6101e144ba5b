/* The followed unit's way: the route to its incident by today's roads, with the next turn. Asked for again while it drives. */

import { effectScope, readonly, shallowRef, watch } from 'vue'
import { routeOf } from '@/api/reach'
import type { RouteView } from '@/api/types'
import { connected, picture } from './picture'
import { followedUnit } from './selection'

const REFRESH_MS = 5000
const UNDERWAY: ReadonlySet<string> = new Set(['ordered', 'en_route'])

export interface Way { unit: string; incident: string; route: RouteView }
const held = shallowRef<Way | null>(null)
export const followedWay = readonly(held) as Readonly<typeof held>

/** Incident that a unit drives to. */
export const incidentOfUnit = (active: string | null): string | null => (active ? active.slice(0, active.lastIndexOf('.')) : null)

export interface NextTurn { metres: number; key: string; road: string }
/** The route begins where the unit is: its first stretch leads to the next turn. */
export function nextTurn({ turns }: RouteView): NextTurn | null {
  const [here, next] = turns
  return here && next ? { metres: here.metres, key: next.key, road: next.road } : null
}

async function refresh(): Promise<void> {
  const unit = followedUnit.value ? picture.value?.units.get(followedUnit.value) : undefined
  const incident = unit && UNDERWAY.has(unit.status) ? incidentOfUnit(unit.active) : null
  if (!unit || !incident) {
    held.value = null
    return
  }
  if (!connected.value) return
  const route = await routeOf(unit.id, incident).catch(() => null)
  if (followedUnit.value === unit.id) held.value = route && { unit: unit.id, incident, route }
}

/** Keeps the way fresh; returns how to stop. */
export function keepFollowing(): () => void {
  const scope = effectScope()
  scope.run(() => {
    watch([followedUnit, () => (followedUnit.value ? picture.value?.units.get(followedUnit.value)?.active : null)], () => {
      if (held.value?.unit !== followedUnit.value) held.value = null
      void refresh()
    })
  })
  const timer = setInterval(() => {
    if (followedUnit.value && !document.hidden) void refresh()
  }, REFRESH_MS)
  return () => {
    scope.stop()
    clearInterval(timer)
    held.value = null
  }
}
