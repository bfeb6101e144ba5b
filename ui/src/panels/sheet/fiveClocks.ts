/* The five clocks of one incident, in seconds, as the daily report counts them: where no arrival was measured, the first pressed one
stands in for control and settlement, since whoever controls a scene has been there. Pure. */

import type { IncidentView } from '@/api/types'

export type FiveClocks = Record<'dispatch' | 'arrival' | 'control' | 'settlement' | 'whole', number | null>

export function fiveClocks(incident: IncidentView): FiveClocks {
  const at = (text: string | null | undefined): number | null => (text ? Date.parse(text) : null)
  const between = (from: number | null, to: number | null): number | null => (from === null || to === null || to < from ? null : (to - from) / 1000)
  const called = at(incident.called_at)
  const measured = at(incident.arrived?.latest)
  const pressed = incident.assignments.map(({ on_scene_at: each }) => at(each)).filter((each): each is number => each !== null)
  const there = measured ?? (pressed.length ? Math.min(...pressed) : null)
  return {
    dispatch: between(called, at(incident.first_ordered_at)),
    arrival: between(at(incident.first_ordered_at), measured),
    control: between(there, at(incident.controlled_at)),
    settlement: between(there, at(incident.settled_at)),
    whole: incident.status === 'closed' ? between(called, at(incident.closed_at)) : null,
  }
}
