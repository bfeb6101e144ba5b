/* Where a day of the city's calendar begins, as an instant: the browser's own zone may be another. */

import { instantOf } from './cityTime'

const DAY_MS = 86_400_000

/** Instant (ISO) at which that day, or one `later`, begins in the zone; empty where it is no day. */
export function dayStart(day: string, zone: string, later = 0): string {
  const date = new Date(Date.parse(`${day}T00:00:00Z`) + later * DAY_MS)
  const begins = Number.isNaN(date.getTime()) ? null : instantOf(`${date.toISOString().slice(0, 10)} 00:00`, zone)
  return begins === null ? '' : new Date(begins).toISOString()
}
