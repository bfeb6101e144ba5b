/* How often something that moves is painted: capped, and so that painting takes at most a quarter of the time, also where the card is the
processor itself and is done long after the page has asked. Smooth enough for an eye, cheap enough for twelve hours, and a key's own picture
does not stand behind a queue of others. Nothing is painted that nobody sees. */

import { visible } from '@/state/visible'

const FRAME_MS = 66
const MOST_FRAME_MS = 2000
const SHARE = 3
const LOOK_MS = 16

/** `paint` answers whether it wants to go on, `painted` whether the card is done with it. */
export function paced(paint: () => boolean, painted: () => boolean): { wake(): void; now(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let frame: number | undefined
  let wanted = false

  function ask(): void {
    timer = undefined
    if (frame !== undefined || !visible.value) return
    wanted = false
    frame = requestAnimationFrame(() => {
      frame = undefined
      const began = performance.now()
      if (paint()) wanted = true
      clearTimeout(timer)
      timer = setTimeout(() => settle(began), LOOK_MS)
    })
  }
  function settle(began: number): void {
    const took = performance.now() - began
    if (!painted() && took < MOST_FRAME_MS) {
      timer = setTimeout(() => settle(began), LOOK_MS)
      return
    }
    timer = setTimeout(() => {
      timer = undefined
      if (wanted) ask()
    }, Math.min(MOST_FRAME_MS, Math.max(FRAME_MS - took, SHARE * took)))
  }
  return {
    /** With the next frame that is due. */
    wake: () => {
      wanted = true
      if (timer === undefined) ask()
    },
    /** With the very next one. */
    now: () => {
      clearTimeout(timer)
      ask()
    },
    stop: () => {
      clearTimeout(timer)
      if (frame !== undefined) cancelAnimationFrame(frame)
      timer = frame = undefined
    },
  }
}
