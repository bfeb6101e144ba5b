/* How much larger than at a usual desk the room is drawn: a wall of pixels read from the same distance needs larger letters. */

import { computed, readonly, ref } from 'vue'
import { preferences } from './preferences'

export const SCALES = [1, 1.25, 1.5, 1.75, 2] as const

/** From the width and height of the window alone: 1 up to 2560 × 1440, 1.5 at 3840 × 2160, never smaller than the design's own size. */
export function usualScale(wide: number, tall: number): number {
  const fits = Math.min(wide / 2560, tall / 1440)
  return fits <= 1.1 ? 1 : Math.min(2, Math.round(fits * 4) / 4)
}

const size = ref({ wide: 0, tall: 0 })
const measure = (): void => { size.value = { wide: window.innerWidth, tall: window.innerHeight } }
if (typeof window !== 'undefined') {
  measure()
  window.addEventListener('resize', measure)
}
export const windowSize = readonly(size)
export const scaleShown = computed(() => preferences.scale || usualScale(size.value.wide, size.value.tall))
