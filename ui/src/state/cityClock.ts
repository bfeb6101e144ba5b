/* The city's clock on this screen. Under a demo it runs faster than the wall's; between two words of the server it is carried on
from the browser's steady clock, never from its wall clock, which may be wrong. */

import { readonly, ref, shallowRef } from 'vue'
import type { ClockView } from '@/api/types'
import { whileVisible } from './visible'

interface Anchor { city: number; steady: number; speed: number }

const anchor = shallowRef<Anchor | null>(null)
const zone = ref('Asia/Shanghai')
const ticking = ref(0)

export const timezone = readonly(zone)
/** City time in milliseconds, moved twice a second; what clocks on screen follow. */
export const now = readonly(ticking)

export function cityTime(): number {
  const held = anchor.value
  return held ? held.city + (performance.now() - held.steady) * held.speed : Date.now()
}

export const speed = (): number => anchor.value?.speed ?? 1

export function setClock(clock: ClockView): void {
  anchor.value = { city: Date.parse(clock.now), steady: performance.now(), speed: clock.speed }
  zone.value = clock.timezone
  ticking.value = cityTime()
}

/** The server's time without its speed (a heartbeat). */
export function correctClock(at: string): void {
  const held = anchor.value
  if (!held) return
  anchor.value = { city: Date.parse(at), steady: performance.now(), speed: held.speed }
}

let frozen = false
/** A disconnected picture's clocks stop: they would claim to know. */
export function freezeClock(stop: boolean, at?: number | null): void {
  frozen = stop
  if (stop && at) ticking.value = at
}

/** Moves `now` twice a second while somebody sees it; returns how to stop. */
export const startTicking = (): (() => void) => whileVisible(500, () => {
  if (!frozen) ticking.value = cityTime()
})
