/* The empty area that is looked at: which, how empty it was, and who could restore it now. Choosing it acknowledges its alarm. */

import { computed, readonly, ref, shallowRef } from 'vue'
import { acknowledgeArea, backfillOf } from '@/api/areas'
import type { AlertView, CoverMoveView } from '@/api/types'
import { areasOf } from './areas'
import { send } from './command'
import { mayCommand } from './picture'

const held = shallowRef<AlertView | null>(null)
const moves = shallowRef<CoverMoveView[] | null>(null)
const asking = ref(false)

export const emptyArea = readonly(held) as Readonly<typeof held>
/** `null` until the core has answered. */
export const backfill = readonly(moves) as Readonly<typeof moves>
export const askingBackfill = readonly(asking)

/** Its shapes on the map. */
export const emptyAreaShapes = computed<GeoJSON.Feature[]>(() => {
  const [kind, id] = parted(held.value?.area)
  return kind === 'beat' || kind === 'tier' ? areasOf(kind).filter(({ properties }) => properties?.id === id) : []
})

/** `beat:B1` as its kind and its identifier. */
export function parted(area: string | null | undefined): [string, string] {
  const at = area?.indexOf(':') ?? -1
  return at < 0 ? ['', ''] : [area!.slice(0, at), area!.slice(at + 1)]
}

export async function openEmptyArea(alert: AlertView): Promise<void> {
  held.value = alert
  if (mayCommand.value) void send(() => acknowledgeArea(alert.area!))
  await askAgain()
}

export async function askAgain(): Promise<void> {
  const area = held.value?.area
  if (!area) return
  moves.value = null
  asking.value = true
  const found = await backfillOf(area).catch(() => [])
  if (held.value?.area === area) moves.value = found
  asking.value = false
}

export function closeEmptyArea(): void {
  held.value = null
  moves.value = null
}
