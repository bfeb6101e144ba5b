/* Which open incidents stand in the few rows that can be read from afar: those in trouble always, the others in turn. Pure. */

import type { IncidentView } from '@/api/types'
import { clocksOf } from './clocks'

const PRESSURE = { broken: 0, near: 1, calm: 2 }

const urgent = (incident: IncidentView, now: number): boolean => {
  const { arrived, pressure } = clocksOf(incident, now)
  return !arrived && pressure !== 'calm'
}

/** At most `rows` incidents; `turn` counts up, and with it the calm ones change over. */
export function wallRows(open: readonly IncidentView[], now: number, rows: number, turn: number): IncidentView[] {
  const pinned = open
    .filter((incident) => urgent(incident, now))
    .sort((a, b) => PRESSURE[clocksOf(a, now).pressure] - PRESSURE[clocksOf(b, now).pressure])
    .slice(0, rows)
  const others = open.filter((incident) => !pinned.includes(incident))
  const left = rows - pinned.length
  if (left <= 0) return pinned
  const pages = Math.max(1, Math.ceil(others.length / left))
  const first = (turn % pages) * left
  return [...pinned, ...others.slice(first, first + left)]
}
