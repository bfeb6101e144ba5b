/* What a click on the map means just now: nothing special, a place to take, or points of a closure to draw. */

import { readonly, ref, shallowRef } from 'vue'

export interface PlacePoint { lon: number; lat: number }
type Mode = 'none' | 'place' | 'line' | 'polygon'

const mode = ref<Mode>('none')
const drawn = shallowRef<PlacePoint[]>([])
const point = shallowRef<PlacePoint | null>(null)
let take: ((at: PlacePoint) => void) | null = null

export const pickMode = readonly(mode)
export const drawnPoints = readonly(drawn) as Readonly<typeof drawn>
/** Place that intake would open an incident at: shown as a cross on the map. */
export const intendedPlace = point

export function pickPlace(then: (at: PlacePoint) => void): void {
  mode.value = 'place'
  take = then
}

export function drawShape(shape: 'line' | 'polygon'): void {
  mode.value = shape
  drawn.value = []
}

export function stopPicking(): void {
  mode.value = 'none'
  drawn.value = []
  take = null
}

export function clickedAt(at: PlacePoint): boolean {
  if (mode.value === 'place') {
    take?.(at)
    return true
  }
  if (mode.value === 'line' || mode.value === 'polygon') {
    drawn.value = [...drawn.value, at]
    return true
  }
  return false
}

export function dropLastPoint(): void {
  drawn.value = drawn.value.slice(0, -1)
}
