/* A date and time as typed (of the city's own calendar, no zone) as an instant, and back. */

import { calendarDay, clockTime } from './time'

/** `2026-11-21T12:00` at an instant of the city's clock. */
export const typedTime = (ms: number, zone: string): string => `${calendarDay(ms, zone)}T${clockTime(ms, zone).slice(0, 5)}`

/** The instant of `2026-11-21T12:00` in the zone; null where it is no time. */
export function instantOf(typed: string, zone: string): number | null {
  const asUtc = Date.parse(`${typed}Z`)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(typed) || Number.isNaN(asUtc)) return null
  const shown = (ms: number): number => Date.parse(`${calendarDay(ms, zone)}T${clockTime(ms, zone)}Z`)
  const guess = asUtc - (shown(asUtc) - asUtc)
  return guess - (shown(guess) - asUtc) // once more, for a change of summer time between the two
}
