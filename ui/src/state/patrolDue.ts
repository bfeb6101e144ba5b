/* Whether a patrol point still waits for a visit now, later today, or has had all that it asks for. Pure. */

import { clockTime } from '@/format/time'

export type Due = 'due' | 'later' | 'done'

interface Point { hours: string; asked: number; visits: readonly unknown[] }

/** Ranges such as `06:00-23:00,00:00-03:00` hold the minute; an empty text holds always; an end before its start runs past midnight. */
export function hoursHold(hours: string, minute: number): boolean {
  if (!hours) return true
  return hours.split(',').some((range) => {
    const [start, end] = range.split('-').map((text) => {
      const [h, m] = text.split(':').map(Number)
      return (h ?? 0) * 60 + (m ?? 0)
    }) as [number, number]
    return start < end ? start <= minute && minute < end : minute >= start || minute < end
  })
}

export function dueOf(point: Point, now: number, zone: string): Due {
  if (point.visits.length >= point.asked) return 'done'
  const [hour, minute] = clockTime(now, zone).split(':').map(Number) as [number, number]
  return hoursHold(point.hours, hour * 60 + minute) ? 'due' : 'later'
}
