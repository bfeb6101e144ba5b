/* A cross on the map that the arrow keys move: it picks a place or draws a shape without a mouse, and shows who reaches a street.
Where it stands is held here; how it is drawn and moved is the map's (map/CrossHair.vue). */

import { readonly, ref, shallowRef, watch } from 'vue'
import { pickMode, type PlacePoint } from './picking'

const on = ref(false)
const wanted = shallowRef<PlacePoint | null>(null)
let from: HTMLElement | null = null

export const crossOn = readonly(on)
/** Where the cross shall go, as a search says; the map takes it away once it is there. */
export const crossWanted = wanted

export function startCross(): void {
  if (on.value) return
  from = document.activeElement instanceof HTMLElement ? document.activeElement : null
  on.value = true
}

/** Away with it; with `back` the focus returns to where it was. */
export function endCross(back = true): void {
  if (!on.value) return
  on.value = false
  wanted.value = null
  if (back && from?.isConnected) from.focus()
  from = null
}

export function toggleCross(): void {
  if (on.value) endCross()
  else startCross()
}

/** What was to be picked has been picked, or is no longer asked for. */
watch(pickMode, (now, before) => {
  if (now === 'none' && before !== 'none') endCross()
})
