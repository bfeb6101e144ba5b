/* After an order: the cover moves that would fill the hole it left, with the reach before and after. Asked for once an order is given,
and again when a unit of the offer is no longer as it was; left alone when the dispatcher says so. */

import { readonly, shallowRef, watch } from 'vue'
import { coverOffer as ask } from '@/api/cover'
import type { CoverOffer } from '@/api/types'
import { connected, onPicture } from './picture'
import { chosenIncidentId } from './selection'

interface Held { incident: string; offer: CoverOffer | null }

const held = shallowRef<Held | null>(null)
/** `offer` is null while it is looked for. */
export const coverOffered = readonly(held) as Readonly<typeof held>

export async function offerCover(incident: string): Promise<void> {
  held.value = { incident, offer: null }
  const mine = held.value
  const found = await ask().catch(() => null)
  if (held.value === mine) held.value = found && found.moves.length > 0 ? { incident, offer: found } : null
}

let ordering = false
/** While moves are being ordered nothing new is looked for: the units of the offer change because of the order itself. */
export async function whileOrdering<T>(act: () => Promise<T>): Promise<T> {
  ordering = true
  try {
    return await act()
  } finally {
    ordering = false
  }
}

export function dropCover(): void {
  held.value = null
}

/** Keeps the offer true; returns how to stop. */
export function keepCover(): () => void {
  const off = onPicture((_, after) => {
    const now = held.value
    if (!now?.offer || !connected.value || ordering) return
    const stale = now.offer.moves.some(({ unit, version }) => (after.units.get(unit)?.version ?? 0) > version)
    if (stale) void offerCover(now.incident)
  })
  const stop = watch(chosenIncidentId, (now) => {
    if (held.value && now !== held.value.incident) dropCover()
  })
  return () => {
    off()
    stop()
    dropCover()
  }
}
