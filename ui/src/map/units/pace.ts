/* How often something that moves is painted: capped, and at most a quarter of the time that painting takes, so that it is smooth enough
for an eye and cheap enough for twelve hours, also on a machine that draws without a graphics card. Nothing is painted that nobody sees. */

import { visible } from '@/state/visible'

const FRAME_MS = 66
const MOST_FRAME_MS = 1000
const SHARE = 4

/** `paint` answers whether it wants to go on. */
export function paced(paint: () => boolean): { wake(): void; now(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let frame: number | undefined

  function ask(): void {
    timer = undefined
    if (frame !== undefined || !visible.value) return
    const asked = performance.now()
    frame = requestAnimationFrame(() => {
      frame = undefined
      const goesOn = paint()
      clearTimeout(timer)
      timer = goesOn ? setTimeout(ask, Math.min(MOST_FRAME_MS, Math.max(FRAME_MS, SHARE * (performance.now() - asked)))) : undefined
    })
  }
  const stop = (): void => {
    clearTimeout(timer)
    if (frame !== undefined) cancelAnimationFrame(frame)
    timer = frame = undefined
  }
  return {
    /** With the next frame that is due. */
    wake: () => { if (timer === undefined) ask() },
    /** With the very next one. */
    now: () => {
      clearTimeout(timer)
      ask()
    },
    stop,
  }
}
