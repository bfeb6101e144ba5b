/* Lines on the map: the routes of the first three proposed units, of the one under the pointer, and of those on their way. */

import { effectScope, readonly, shallowRef, watch } from 'vue'
import { routeOf } from '@/api/reach'
import { advice, adviceShown, picks, runningAssignments } from './advice'
import { connected } from './picture'
import { fixOf } from './positions'
import { chosenIncidentId, hoveredUnit } from './selection'

export interface Line { unit: string; points: [number, number][]; weight: 'picked' | 'hovered' | 'underway' }

const held = shallowRef<Line[]>([])
export const routeLines = readonly(held) as Readonly<typeof held>

const REFRESH_MS = 12_000
const UNDERWAY: ReadonlySet<string> = new Set(['ordered', 'delivered', 'acknowledged', 'en_route'])

function wantedLines(): Map<string, Line['weight']> {
  const wanted = new Map<string, Line['weight']>()
  if (adviceShown.value) for (const unit of [...picks.value.keys()].slice(0, 3)) wanted.set(unit, 'picked')
  for (const { unit, status } of runningAssignments.value) if (UNDERWAY.has(status)) wanted.set(unit, 'underway')
  if (hoveredUnit.value && chosenIncidentId.value && adviceShown.value) wanted.set(hoveredUnit.value, 'hovered')
  return wanted
}

export function keepRoutes(): () => void {
  const scope = effectScope()
  let known = new Map<string, [number, number][]>()
  let asked = 0

  async function refresh(again: boolean): Promise<void> {
    const incident = chosenIncidentId.value
    const wanted = wantedLines()
    if (again) known = new Map()
    const show = (): void => {
      held.value = [...wanted].flatMap(([unit, weight]) => (known.has(unit) ? [{ unit, weight, points: known.get(unit)! }] : []))
    }
    if (!incident || !connected.value || wanted.size === 0) {
      held.value = []
      return
    }
    if (!again) show()
    const mine = ++asked
    await Promise.all([...wanted.keys()].filter((unit) => !known.has(unit) && fixOf(unit) !== undefined).map(async (unit) => {
      try {
        const { points } = await routeOf(unit, incident)
        if (incident === chosenIncidentId.value) known.set(unit, points)
      } catch {
        /* no road there or no fix: the table says so, the map draws nothing */
      }
    }))
    if (mine === asked) show()
  }

  scope.run(() => {
    watch(chosenIncidentId, () => void refresh(true))
    watch([picks, hoveredUnit, adviceShown, runningAssignments], () => void refresh(false))
    watch(advice, (now, before) => {
      if (now?.digest !== before?.digest) void refresh(true)
    })
  })
  const timer = setInterval(() => {
    if (!document.hidden && held.value.some(({ weight }) => weight === 'underway')) void refresh(true)
  }, REFRESH_MS)
  return () => {
    scope.stop()
    clearInterval(timer)
  }
}
