/* What a wallboard shows and for how long: the city, and in turn every beat in trouble. Pure; the page hands in the time.

A beat is in trouble while an incident in it has used 70 % of its limit and nobody has arrived, while its alarm of an empty area stands,
or while a unit in it calls for help. New trouble is shown at once, after the least time that an eye needs for what stands there. */

import type { AlertView, IncidentView, UnitView } from '@/api/types'
import { clocksOf } from './clocks'

export type TroubleKind = 'sos' | 'limit_broken' | 'empty_area' | 'limit_near'
export interface Trouble { beat: string; kind: TroubleKind }
/** `null`: the city. */
export type WallView = string | null
export interface Shown { view: WallView; since: number; seen: readonly string[] }

const GRAVITY: readonly TroubleKind[] = ['sos', 'limit_broken', 'empty_area', 'limit_near']
const graver = (a: TroubleKind, b: TroubleKind): TroubleKind => (GRAVITY.indexOf(a) <= GRAVITY.indexOf(b) ? a : b)

/** Beats in trouble, the gravest first, each once. */
export function troubles(open: readonly IncidentView[], alerts: readonly AlertView[], unitOf: (id: string) => UnitView | undefined, now: number): Trouble[] {
  const found = new Map<string, TroubleKind>()
  const note = (beat: string | null | undefined, kind: TroubleKind): void => {
    if (beat) found.set(beat, graver(found.get(beat) ?? kind, kind))
  }
  for (const incident of open) {
    const { pressure, arrived } = clocksOf(incident, now)
    if (!arrived && pressure !== 'calm') note(incident.place.beat, pressure === 'broken' ? 'limit_broken' : 'limit_near')
  }
  for (const alert of alerts) {
    if (alert.kind === 'empty_area' && alert.area?.startsWith('beat:')) note(alert.area.slice('beat:'.length), 'empty_area')
    if (alert.kind === 'sos') {
      const unit = alert.unit ? unitOf(alert.unit) : undefined
      note(open.find(({ id }) => id === alert.incident)?.place.beat ?? unit?.beat_now ?? unit?.beat, 'sos')
    }
  }
  return [...found].map(([beat, kind]) => ({ beat, kind })).sort((a, b) => GRAVITY.indexOf(a.kind) - GRAVITY.indexOf(b.kind) || a.beat.localeCompare(b.beat))
}

/** What to show now. Each beat in trouble has its turn between two looks at the city; one that is well again is left. */
export function nextShown(shown: Shown, found: readonly Trouble[], now: number, dwellMs: number): Shown {
  const beats = found.map(({ beat }) => beat)
  const seen = shown.seen.filter((beat) => beats.includes(beat))
  const stood = now - shown.since
  const least = dwellMs / 3
  const show = (view: WallView, known: readonly string[]): Shown => ({ view, since: now, seen: known })
  const keep: Shown = seen.length === shown.seen.length ? shown : { ...shown, seen }

  const fresh = beats.find((beat) => !seen.includes(beat) && beat !== shown.view)
  if (shown.view === null) {
    if (fresh && stood >= least) return show(fresh, [...seen, fresh]) // a round ends with all of them seen: this one is new
    if (!fresh && beats.length > 0 && stood >= dwellMs) return show(beats[0]!, [beats[0]!])
    return keep
  }
  const well = !beats.includes(shown.view)
  if (stood < (well ? least : dwellMs)) return keep
  if (fresh) return show(fresh, [...seen, fresh])
  return show(null, seen)
}
