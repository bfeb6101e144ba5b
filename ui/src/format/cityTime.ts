/* A date and time as typed (of the city's own calendar, no zone) as an instant, and back. */

import { calendarDay, clockTime } from './time'

/** `2026-11-21 12:00` at an instant of the city's clock. */
export const typedTime = (ms: number, zone: string): string => `${calendarDay(ms, zone)} ${clockTime(ms, zone).slice(0, 5)}`

/** The instant of `2026-11-21 12:00` (seconds may follow) in the zone; null where it is no time. */
export function instantOf(typed: string, zone: string): number | null {
  const parts = /^\s*(\d{4}-\d\d-\d\d)[ T]+(\d\d[:：]\d\d)([:：]\d\d)?\s*$/.exec(typed)
  if (!parts) return null
  const asUtc = Date.parse(`${parts[1]}T${parts[2]}${parts[3] ?? ''}Z`.replaceAll('：', ':'))
  if (Number.isNaN(asUtc)) return null
  const shown = (ms: number): number => Date.parse(`${calendarDay(ms, zone)}T${clockTime(ms, zone)}Z`)
  const guess = asUtc - (shown(asUtc) - asUtc)
  return guess - (shown(guess) - asUtc) // once more, for a change of summer time between the two
}
