/* The five clocks of an incident (dispatch, arrival, control of the scene, settlement, whole handling), each from the call. Pure. */

import type { IncidentView } from '@/api/types'

export const CLOCKS = ['dispatch', 'arrival', 'control', 'settlement', 'whole'] as const
export interface FiveClock { clock: (typeof CLOCKS)[number]; at: number | null; sinceCall: number | null; step: number | null }

export function fiveClocks(incident: IncidentView): FiveClock[] {
  const called = Date.parse(incident.called_at)
  const stamps = [incident.first_ordered_at, incident.arrived?.latest, incident.controlled_at, incident.settled_at, incident.closed_at]
  let before = called
  return CLOCKS.map((clock, i) => {
    const stamp = stamps[i]
    if (!stamp) return { clock, at: null, sinceCall: null, step: null }
    const at = Date.parse(stamp)
    const step = (at - before) / 1000
    before = at
    return { clock, at, sinceCall: Math.max(0, (at - called) / 1000), step }
  })
}
