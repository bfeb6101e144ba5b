import { expect, test } from 'vitest'
import { declutter, type LabelAtlas } from '@/map/units/labels'
import { labelRows } from '@/map/units/labelRows'
import { outlineOf } from '@/map/units/icons'
import { FIELDS, mercatorX, mercatorY, Movement } from '@/map/units/movement'

const movement = (): Movement => new Movement(mercatorX(112), mercatorY(28.5))
const close = (at: [number, number] | undefined, lon: number, lat: number): void => {
  expect(at![0]).toBeCloseTo(lon, 5)
  expect(at![1]).toBeCloseTo(lat, 5)
}

test('a first fix stands at once', () => {
  const m = movement()
  m.place('u', 112.01, 28.51, 10, true)
  close(m.positionOf('u', 10), 112.01, 28.51)
})
test('a second fix is glided to, and never past', () => {
  const m = movement()
  m.place('u', 112.01, 28.51, 10, true)
  m.place('u', 112.012, 28.51, 11, true)
  close(m.positionOf('u', 11), 112.01, 28.51)
  close(m.positionOf('u', 11.5), 112.011, 28.51)
  close(m.positionOf('u', 60), 112.012, 28.51)
})
test('a fix that comes during a glide starts from where the unit is drawn', () => {
  const m = movement()
  m.place('u', 112.01, 28.51, 10, true)
  m.place('u', 112.012, 28.51, 11, true)
  m.place('u', 112.012, 28.512, 11.5, true)
  close(m.positionOf('u', 11.5), 112.011, 28.51)
})
test('a jump across the city is not drawn as a drive', () => {
  const m = movement()
  m.place('u', 112.01, 28.51, 10, true)
  m.place('u', 112.2, 28.51, 11, true)
  close(m.positionOf('u', 11), 112.2, 28.51)
})
test('a removed unit leaves the others where they are', () => {
  const m = movement()
  for (const [i, id] of ['a', 'b', 'c'].entries()) m.place(id, 112 + i / 100, 28.5, 1, false)
  m.remove('a')
  expect(m.count).toBe(2)
  expect(m.has('a')).toBe(false)
  close(m.positionOf('c', 1), 112.02, 28.5)
  close(m.positionOf('b', 1), 112.01, 28.5)
})
test('room is made for more units than the first buffer holds', () => {
  const m = movement()
  for (let i = 0; i < 1000; i++) m.place(`u${i}`, 112 + i / 1e5, 28.5, 1, false)
  close(m.positionOf('u999', 1), 112.00999, 28.5)
})
test('lost contact and stale show before the status', () => {
  const unit = { status: 'en_route', stale: false, lost_contact: false }
  expect([unit, { ...unit, stale: true }, { ...unit, stale: true, lost_contact: true }].map(outlineOf)).toEqual(['en_route', 'stale', 'lost'])
})
test('labels that would cover another are left out, as are those outside the frame', () => {
  const at = (x: number, y: number) => ({ x, y, wide: 40 })
  expect(declutter([at(100, 100), at(110, 102), at(300, 100), at(-5, 10)], { wide: 800, tall: 600 })).toEqual([true, false, true, false])
})

test('a removed unit takes its call sign along, and the others keep theirs', () => {
  const m = movement()
  for (const [i, id] of ['a', 'b', 'c'].entries()) {
    m.place(id, 112 + i / 100, 28.5, 1, false)
    m.label(i, 7 + i)
  }
  m.remove('a')
  expect(m.ids.map((_, row) => m.data[row * FIELDS + FIELDS - 1])).toEqual([9, 8])
})
test('call signs are given to rows in view, and to none that would cover another', () => {
  const m = movement()
  for (const [i, id] of ['a', 'b', 'c', 'd'].entries()) m.place(id, 112 + [0, 0.00001, 0.01, 9][i]!, 28.5, 1, false)
  const given: string[] = []
  const atlas = { makeRoom: () => undefined, slotOf: (text: string) => given.push(text) - 1 } as unknown as LabelAtlas
  labelRows(m, { x: 100, y: 100, world: 512 * 2 ** 14, wide: 800, tall: 600 }, atlas, 1, (id) => id)
  expect(given).toEqual(['a', 'c'])
  expect(m.ids.map((_, row) => m.data[row * FIELDS + FIELDS - 1])).toEqual([0, -1, 1, -1])
})
