/* Gives the rows that are in view their call signs, where none covers another. */

import { LABEL_TALL, LabelAtlas, declutter } from './labels'
import type { Movement } from './movement'
import type { View } from './overlay'

const BESIDE_PX = 12
const LETTER_PX = 7

/** `textOf` says what stands beside a unit; empty for nothing. */
export function labelRows(movement: Movement, view: View, atlas: LabelAtlas, now: number, textOf: (id: string) => string): void {
  movement.unlabel()
  const found: { row: number; text: string; x: number; y: number; wide: number }[] = []
  movement.ids.forEach((id, row) => {
    const [dx, dy] = movement.drawnAt(row, now)
    const x = view.x + dx * view.world + BESIDE_PX
    const y = view.y + dy * view.world
    if (x < 0 || y < -LABEL_TALL || x > view.wide || y > view.tall) return
    const text = textOf(id)
    if (text) found.push({ row, text, x, y, wide: BESIDE_PX + LETTER_PX * text.length })
  })
  const free = declutter(found, view)
  const shown = found.filter((_, at) => free[at])
  atlas.makeRoom(shown.length)
  for (const { row, text } of shown) movement.label(row, atlas.slotOf(text))
}
