/* Which alarms somebody at this screen has seen, and how many there were: plain values, no clock and no sound of its own.

An alarm is a matter, not a message: an incident whose limit comes near and then breaks is one, acknowledged once. Another order starts
its clock anew and with it another matter. Kept for each account in its own browser: two dispatchers acknowledge each for themselves. */

import type { AlertView, IncidentView } from '@/api/types'

export interface Raised { matter: string; at: number }
export interface AlarmBook {
  /** When each matter was acknowledged. */
  seen: Record<string, number>
  /** Every alarm that sounded, oldest first. */
  raised: Raised[]
}

/** Until seen, with a tone every few seconds: somebody must do something now. */
const UNTIL_SEEN: ReadonlySet<string> = new Set(['sos', 'limit_near', 'limit_broken', 'lost_contact', 'stopped_on_way', 'empty_area', 'mismatch'])
/** One tone and no more: nobody is waiting at a door, yet somebody should look. */
const ONCE: ReadonlySet<string> = new Set(['acknowledge_overdue', 'history_stopped'])
export type Insistence = 'until_seen' | 'once' | 'silent'
export const insistenceOf = (kind: string): Insistence => (UNTIL_SEEN.has(kind) ? 'until_seen' : ONCE.has(kind) ? 'once' : 'silent')

const ORDER = ['sos', 'limit_broken', 'lost_contact', 'stopped_on_way', 'limit_near', 'empty_area', 'mismatch', 'acknowledge_overdue', 'history_stopped']
const rank = (kind: string): number => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length)

export const HOUR_MS = 3_600_000
const TEN_MINUTES_MS = 600_000
const KEPT_MS = 24 * HOUR_MS
const MOST_KEPT = 1000

export const emptyBook = (): AlarmBook => ({ seen: {}, raised: [] })

export function matterOf(alert: AlertView, incident: IncidentView | undefined): string {
  if (alert.kind === 'limit_near' || alert.kind === 'limit_broken') return `limit:${alert.incident}@${incident?.first_ordered_at ?? ''}`
  return `${alert.id}@${alert.raised_at}`
}

/** Gravest first, then oldest. */
export const inOrder = (alerts: readonly AlertView[]): AlertView[] =>
  alerts.toSorted((a, b) => rank(a.kind) - rank(b.kind) || a.raised_at.localeCompare(b.raised_at))

/** The book with those matters in it that it did not hold; the same one where there was nothing new. */
export function withRaised(book: AlarmBook, matters: readonly string[], at: number): AlarmBook {
  const known = new Set(book.raised.map(({ matter }) => matter))
  const fresh = matters.filter((matter) => !known.has(matter) && book.seen[matter] === undefined)
  if (fresh.length === 0) return book
  return { ...book, raised: [...book.raised, ...fresh.map((matter) => ({ matter, at }))] }
}

export function withSeen(book: AlarmBook, matters: readonly string[], at: number): AlarmBook {
  return { ...book, seen: { ...book.seen, ...Object.fromEntries(matters.map((matter) => [matter, at])) } }
}

/** Without what is older than a day and stands no more. */
export function pruned(book: AlarmBook, standing: ReadonlySet<string>, now: number): AlarmBook {
  const seen = Object.entries(book.seen).filter(([matter, at]) => standing.has(matter) || now - at < KEPT_MS)
  return { seen: Object.fromEntries(seen), raised: book.raised.filter(({ matter, at }) => standing.has(matter) || now - at < KEPT_MS).slice(-MOST_KEPT) }
}

export const inLastHour = (book: AlarmBook, now: number): number => book.raised.filter(({ at }) => at > now - HOUR_MS && at <= now).length

/** The most alarms within any ten minutes of the last hour: six is what one person can take in (ISA-18.2). */
export function mostInTenMinutes(book: AlarmBook, now: number): number {
  const times = book.raised.map(({ at }) => at).filter((at) => at > now - HOUR_MS && at <= now).sort((a, b) => a - b)
  let most = 0
  for (let first = 0, last = 0; last < times.length; last++) {
    while (times[last]! - times[first]! >= TEN_MINUTES_MS) first++
    most = Math.max(most, last - first + 1)
  }
  return most
}

export function readBook(text: string | null): AlarmBook {
  try {
    const found = JSON.parse(text ?? 'null') as Partial<AlarmBook> | null
    return found && typeof found.seen === 'object' && Array.isArray(found.raised) ? { seen: { ...found.seen }, raised: found.raised } : emptyBook()
  } catch {
    return emptyBook()
  }
}
