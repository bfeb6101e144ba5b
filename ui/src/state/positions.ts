/* Newest position of each unit, outside deep reactivity: a thousand of them move each second. The map listens to `onFixes`;
panels read `fixTick`, which moves at most once a second. While nobody sees the page only the newest of each unit is kept; what moved is
told once when it is seen again, as where units are, not as a drive. */

import { readonly, ref } from 'vue'
import type { FixRow, UnitView } from '@/api/types'
import { onVisible, visible } from './visible'

export interface Fix { lon: number; lat: number; speed: number | null; heading: number | null; measured: number; received: number }

const fixes = new Map<string, Fix>()
type Listener = (units: Iterable<string>, drive: boolean) => void
const listeners = new Set<Listener>()
const tick = ref(0)
let pending = false
const unseen = new Set<string>()
/** The first positions after the page was hidden stand where units have got to meanwhile. */
let caughtUp = true

export const fixTick = readonly(tick)
export const fixOf = (unit: string): Fix | undefined => fixes.get(unit)

/** `drive` is false where units are to stand at once: what lies between was not seen. */
export function onFixes(listen: Listener): () => void {
  listeners.add(listen)
  return () => listeners.delete(listen)
}

function tell(units: Iterable<string>, drive: boolean): void {
  for (const listen of listeners) listen(units, drive)
  if (pending) return
  pending = true
  setTimeout(() => {
    pending = false
    tick.value++
  }, 1000)
}

export function takeFixes(rows: readonly FixRow[]): void {
  const moved: string[] = []
  for (const [unit, lon, lat, speed, heading, measured, received] of rows) {
    const held = fixes.get(unit)
    if (held && held.measured > measured) continue
    fixes.set(unit, { lon, lat, speed, heading, measured, received })
    moved.push(unit)
  }
  if (moved.length === 0) return
  if (visible.value) {
    tell(moved, caughtUp)
    caughtUp = true
  } else for (const unit of moved) unseen.add(unit)
}

onVisible((seen) => {
  caughtUp = false
  if (!seen || unseen.size === 0) return
  tell(unseen, false)
  unseen.clear()
})

export function takeUnits(units: Iterable<UnitView>): void {
  const rows: FixRow[] = []
  for (const { id, fix } of units) {
    if (!fix) continue
    const measured = Date.parse(fix.measured_at)
    rows.push([id, fix.lon, fix.lat, fix.speed_mps ?? null, fix.heading_deg ?? null, measured, Date.parse(fix.received_at)])
  }
  takeFixes(rows)
}

export function forgetFixes(): void {
  fixes.clear()
  unseen.clear()
}
