/* How fast a replay runs, in what pieces it is fetched, and which mark comes next. Pure. */

export const SPEEDS = [1, 2, 5, 10, 30, 60, 120] as const
export type MarkKind = 'opened' | 'ordered' | 'arrived' | 'breach' | 'escalated' | 'sos'
/** `[milliseconds, kind, incident, unit]`, oldest first. */
export type Mark = readonly [at: number, kind: MarkKind, incident: string, unit: string | null]

/** Seconds of the wall that frames are fetched ahead. */
export const AHEAD_S = 4

/** Seconds of the replay between frames: a second as live, more where it would be more than twelve frames a second. */
export const stepSeconds = (speed: number): number => (speed <= 10 ? 1 : Math.ceil(speed / 12))

/** Seconds of the replay in one piece: a minute, more where it runs fast. */
export const chunkSeconds = (speed: number): number => Math.max(60, speed * 6)

/** The mark after (or before) a moment, of these kinds or of any. */
export function nextMark(marks: readonly Mark[], at: number, kinds: readonly MarkKind[] | null, direction: 1 | -1): Mark | null {
  const fits = (mark: Mark): boolean => kinds === null || kinds.includes(mark[1])
  if (direction === 1) return marks.find((mark) => mark[0] > at && fits(mark)) ?? null
  return marks.findLast((mark) => mark[0] < at && fits(mark)) ?? null
}

/** The instant of a city's wall clock, such as `2026-11-21` `08:00`, in milliseconds; NaN where it cannot be read. */
export function zonedInstant(day: string, time: string, zone: string): number {
  const asUtc = Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}Z`)
  if (Number.isNaN(asUtc)) return NaN
  const shown = (ms: number): number => {
    const parts = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    }).formatToParts(ms)
    const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value)
    return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))
  }
  let found = asUtc
  for (let i = 0; i < 2; i++) found += asUtc - shown(found) // twice: the first step may cross a change of the clock
  return found
}
