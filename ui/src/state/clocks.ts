/* The clocks of an incident as they run now: response (first order to measured arrival), citizen's (call to the same). Pure. */

import type { IncidentView } from '@/api/types'

export type Pressure = 'calm' | 'near' | 'broken'

export interface Clocks {
  /** Seconds, or null where it has not begun. */
  response: number | null
  citizen: number
  limit: number
  arrived: boolean
  /** Share of the limit used by the clock that runs. */
  used: number
  pressure: Pressure
  /** Which clock the bar shows: before an order only the citizen's runs. */
  running: 'response' | 'citizen'
}

const NEAR = 0.7

export function clocksOf(incident: IncidentView, now: number): Clocks {
  const limit = incident.place.tier_limit_s
  const arrived = incident.arrived !== null && incident.arrived !== undefined
  const end = incident.closed_at ? Math.min(now, Date.parse(incident.closed_at)) : now
  const since = (at: string): number => Math.max(0, (end - Date.parse(at)) / 1000)
  const response = incident.response_s ?? (incident.first_ordered_at ? since(incident.first_ordered_at) : null)
  const citizen = incident.citizen_s ?? since(incident.called_at)
  const shown = response ?? citizen
  const used = limit > 0 ? shown / limit : 0
  const broken = arrived ? incident.within_limit === false : used > 1
  const pressure: Pressure = broken ? 'broken' : !arrived && used >= NEAR ? 'near' : 'calm'
  return { response, citizen, limit, arrived, used, pressure, running: response === null ? 'citizen' : 'response' }
}
