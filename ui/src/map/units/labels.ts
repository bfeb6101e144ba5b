/* Call signs as pictures in one canvas, a slot a text, and the choice of which are shown where many stand close together. */

import type { MapPalette } from '../palette'

export const LABEL_WIDE = 96
export const LABEL_TALL = 16
const COLUMNS = 10
const ROWS = 64

export class LabelAtlas {
  readonly canvas = document.createElement('canvas')
  /** Whether the canvas has changed since it was last sent to the card. */
  changed = true
  private slots = new Map<string, number>()
  private readonly pen: CanvasRenderingContext2D

  constructor(private readonly p: MapPalette, private readonly ratio: number) {
    this.canvas.width = LABEL_WIDE * COLUMNS * ratio
    this.canvas.height = LABEL_TALL * ROWS * ratio
    this.pen = this.canvas.getContext('2d')!
  }

  static readonly columns = COLUMNS
  static readonly rows = ROWS

  /** Makes room for so many texts more than are drawn: what stands in the canvas is void then, and every slot asked for anew. */
  makeRoom(texts: number): void {
    if (this.slots.size + texts <= COLUMNS * ROWS) return
    this.slots.clear()
    this.pen.setTransform(1, 0, 0, 1, 0, 0)
    this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height)
  }

  /** `null` where the canvas is full. */
  slotOf(text: string): number | null {
    const known = this.slots.get(text)
    if (known !== undefined) return known
    if (this.slots.size >= COLUMNS * ROWS) return null
    const slot = this.slots.size
    this.slots.set(text, slot)
    this.draw(text, slot)
    this.changed = true
    return slot
  }

  private draw(text: string, slot: number): void {
    const { pen, ratio, p } = this
    pen.setTransform(ratio, 0, 0, ratio, (slot % COLUMNS) * LABEL_WIDE * ratio, Math.floor(slot / COLUMNS) * LABEL_TALL * ratio)
    pen.font = '600 11px "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif'
    pen.textBaseline = 'middle'
    pen.lineJoin = 'round'
    pen.lineWidth = 3
    pen.strokeStyle = p.halo
    pen.strokeText(text, 2, LABEL_TALL / 2, LABEL_WIDE - 4)
    pen.fillStyle = p.label
    pen.fillText(text, 2, LABEL_TALL / 2, LABEL_WIDE - 4)
  }
}

/** Which of the points may carry a label without covering another: first come, first shown; points outside the frame never. */
export function declutter(points: readonly { x: number; y: number; wide: number }[], frame: { wide: number; tall: number }): boolean[] {
  const taken = new Set<number>()
  const cell = LABEL_TALL
  const key = (column: number, row: number): number => row * 4096 + column
  return points.map(({ x, y, wide }) => {
    if (x < 0 || y < 0 || x > frame.wide || y > frame.tall) return false
    const row = Math.floor(y / cell)
    const first = Math.floor(x / cell)
    const last = Math.floor((x + wide) / cell)
    for (let column = first; column <= last; column++) if (taken.has(key(column, row))) return false
    for (let column = first; column <= last; column++) taken.add(key(column, row))
    return true
  })
}
