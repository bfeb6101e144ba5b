/* Newest position of each unit, outside deep reactivity: a thousand of them move each second. The map listens to `onFixes`;
panels read `fixTick`, which moves at most once a second. */

import { readonly, ref } from 'vue'
import type { FixRow, UnitView } from '@/api/types'

export interface Fix { lon: number; lat: number; speed: number | null; heading: number | null; measured: number; received: number }

const fixes = new Map<string, Fix>()
const listeners = new Set<(units: readonly string[]) => void>()
const tick = ref(0)
let pending = false

export const fixTick = readonly(tick)
export const fixOf = (unit: string): Fix | undefined => fixes.get(unit)

export function onFixes(listen: (units: readonly string[]) => void): () => void {
  listeners.add(listen)
  return () => listeners.delete(listen)
}

function tell(units: readonly string[]): void {
  for (const listen of listeners) listen(units)
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
  if (moved.length > 0) tell(moved)
}

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
}
