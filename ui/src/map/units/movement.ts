/* Where units are drawn between two fixes. Each has a line from where it was drawn to where it is known to be, and a time to glide
along it; the card does the gliding, so that a thousand units cost nothing between fixes.

Offsets are in mercator units from a float64 origin: a float32 alone resolves only two metres. A glide ends at the fix and never
runs past it: the screen claims no position that nobody reported. */

export const FIELDS = 11
const [FROM_X, FROM_Y, TO_X, TO_Y, START, LENGTH, HEADING, ICON, PULSE, MARK, LABEL] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const
const NO_LABEL = -1
/** A step longer than this (in mercator units, about 6 km) is a jump, not a drive. */
const JUMP = 1.5e-4

export const mercatorX = (lon: number): number => (180 + lon) / 360
export const mercatorY = (lat: number): number =>
  (180 - (180 / Math.PI) * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360))) / 360

export const longitudeAt = (x: number): number => x * 360 - 180
export const latitudeAt = (y: number): number => (360 / Math.PI) * Math.atan(Math.exp((180 - y * 360) * (Math.PI / 180))) - 90

export class Movement {
  data = new Float32Array(FIELDS * 256)
  readonly ids: string[] = []
  private readonly rows = new Map<string, number>()
  private readonly lastAt = new Map<string, number>()
  /** When the last glide ends, in the clock given to `place`. */
  until = 0
  /** Moves whenever a row does: what has been sent to the card is old. */
  changes = 0
  /** Whether any row may have a label. */
  labelled = false

  constructor(readonly originX: number, readonly originY: number) {}

  get count(): number {
    return this.ids.length
  }

  has(id: string): boolean {
    return this.rows.has(id)
  }

  /** A new fix at time `now` (seconds). */
  place(id: string, lon: number, lat: number, now: number, glide: boolean): void {
    const x = mercatorX(lon) - this.originX
    const y = mercatorY(lat) - this.originY
    let row = this.rows.get(id)
    const fresh = row === undefined
    if (row === undefined) row = this.append(id)
    const at = row * FIELDS
    const [fromX, fromY] = fresh ? [x, y] : this.drawnAt(row, now)
    const far = Math.abs(x - fromX) + Math.abs(y - fromY) > JUMP
    const still = fresh || far || !glide
    const since = now - (this.lastAt.get(id) ?? now)
    const length = still ? 0 : Math.min(2, Math.max(0.25, since))
    const { data } = this
    data[at + FROM_X] = still ? x : fromX
    data[at + FROM_Y] = still ? y : fromY
    data[at + TO_X] = x
    data[at + TO_Y] = y
    data[at + START] = now
    data[at + LENGTH] = length
    this.changes++
    this.lastAt.set(id, now)
    this.until = Math.max(this.until, now + length)
  }

  look(id: string, icon: number, heading: number, marked: boolean): void {
    const row = this.rows.get(id)
    if (row === undefined) return
    const at = row * FIELDS
    this.data[at + HEADING] = heading
    this.data[at + ICON] = icon
    this.data[at + MARK] = marked ? 1 : 0
    this.changes++
  }

  /** The picture of its call sign that stands beside the row; `null` for none. */
  label(row: number, slot: number | null): void {
    this.data[row * FIELDS + LABEL] = slot ?? NO_LABEL
    this.labelled ||= slot !== null
    this.changes++
  }

  /** Copies of the rows that have a label. */
  labelledRows(): Float32Array {
    const rows: number[] = []
    if (this.labelled) for (let row = 0; row < this.count; row++) if (this.data[row * FIELDS + LABEL]! >= 0) rows.push(row)
    const copied = new Float32Array(rows.length * FIELDS)
    rows.forEach((row, at) => copied.set(this.data.subarray(row * FIELDS, (row + 1) * FIELDS), at * FIELDS))
    return copied
  }

  unlabel(): void {
    if (!this.labelled) return
    for (let row = 0; row < this.count; row++) this.label(row, null)
    this.labelled = false
  }

  /** One pulse from `now` on: the unit has just been ordered. */
  pulse(id: string, now: number): void {
    const row = this.rows.get(id)
    if (row === undefined) return
    this.data[row * FIELDS + PULSE] = now
    this.changes++
    this.until = Math.max(this.until, now + 1)
  }

  remove(id: string): void {
    const row = this.rows.get(id)
    if (row === undefined) return
    const last = this.ids.length - 1
    const moved = this.ids[last]!
    this.data.copyWithin(row * FIELDS, last * FIELDS, (last + 1) * FIELDS)
    this.ids[row] = moved
    this.rows.set(moved, row)
    this.ids.pop()
    this.rows.delete(id)
    this.changes++
    this.lastAt.delete(id)
  }

  /** Offset at which the row is drawn at `now`. */
  drawnAt(row: number, now: number): [number, number] {
    const d = this.data
    const at = row * FIELDS
    const length = d[at + LENGTH]!
    const share = length > 0 ? Math.min(1, Math.max(0, (now - d[at + START]!) / length)) : 1
    return [
      d[at + FROM_X]! + (d[at + TO_X]! - d[at + FROM_X]!) * share,
      d[at + FROM_Y]! + (d[at + TO_Y]! - d[at + FROM_Y]!) * share,
    ]
  }

  /** Longitude and latitude at which the unit is drawn, or undefined. */
  positionOf(id: string, now: number): [number, number] | undefined {
    const row = this.rows.get(id)
    if (row === undefined) return undefined
    const [dx, dy] = this.drawnAt(row, now)
    return [longitudeAt(this.originX + dx), latitudeAt(this.originY + dy)]
  }

  private append(id: string): number {
    const row = this.ids.length
    if ((row + 1) * FIELDS > this.data.length) {
      const wider = new Float32Array(this.data.length * 2)
      wider.set(this.data)
      this.data = wider
    }
    this.data.fill(0, row * FIELDS, (row + 1) * FIELDS)
    this.data[row * FIELDS + PULSE] = -100
    this.data[row * FIELDS + LABEL] = NO_LABEL
    this.ids.push(id)
    this.rows.set(id, row)
    return row
  }
}
