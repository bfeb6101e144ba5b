/* How large a panel may be: never so small that it says nothing, never so large that the map is gone. Pure. */

export type Side = 'left' | 'right' | 'bottom'

const LEAST: Record<Side, number> = { left: 220, right: 340, bottom: 96 }
/** Most of the window that the panel may take. */
const MOST: Record<Side, number> = { left: 0.3, right: 0.42, bottom: 0.55 }

export function heldWithin(side: Side, size: number, window: number): number {
  return Math.round(Math.max(LEAST[side], Math.min(size, window * MOST[side])))
}

/** What an arrow key does to the size: towards the map larger. Null where the key is none of it. */
export function stepOf(side: Side, key: string): number | null {
  const grows: Record<Side, string> = { left: 'ArrowRight', right: 'ArrowLeft', bottom: 'ArrowUp' }
  const shrinks: Record<Side, string> = { left: 'ArrowLeft', right: 'ArrowRight', bottom: 'ArrowDown' }
  return key === grows[side] ? 16 : key === shrinks[side] ? -16 : null
}
