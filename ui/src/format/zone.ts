/* Where a day of the city's calendar begins, as an instant: the browser's own zone may be another. */

import { calendarDay, clockTime } from './time'

const DAY_MS = 86_400_000

/** Instant (ISO) at which that day, or one `later`, begins in the zone; also on days on which the clock is changed. */
export function dayStart(day: string, zone: string, later = 0): string {
  const date = new Date(Date.parse(`${day}T00:00:00Z`) + later * DAY_MS)
  if (Number.isNaN(date.getTime())) return ''
  const wanted = date.toISOString().slice(0, 10)
  let at = date.getTime()
  for (let step = 0; step < 3; step++) {
    const shown = Date.parse(`${calendarDay(at, zone)}T${clockTime(at, zone)}Z`)
    const off = shown - Date.parse(`${wanted}T00:00:00Z`)
    if (off === 0) break
    at -= off
  }
  return new Date(at).toISOString()
}
