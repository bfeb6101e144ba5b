/* Who is in an area before it is called, and whom a typed line of the roll means. */
import { expect, test } from 'vitest'
import type { RollView, UnitView } from '@/api/types'
import { readAnswer } from '@/state/areaCall'
import { circle, shapesOf, unitsWithin, within } from '@/state/areaCallAreas'

const unit = (id: string, status = 'available'): UnitView => ({ id, call_sign: id, status }) as UnitView
const row = (call_sign: string): RollView => ({ unit: `u${call_sign}`, call_sign, delivered_at: null, delivered_by: '', answers: [] })
const none = (): GeoJSON.Geometry[] => []

const nowhere = { id: null, name: '', points: [] as [number, number][], lon: null, lat: null, radius_m: null }

test('a circle is as wide as it is tall on the ground', () => {
  const [east] = circle({ lon: 112, lat: 60 }, 1000)
  const north = circle({ lon: 112, lat: 60 }, 1000)[16]!
  expect((east![0] - 112) * Math.cos(Math.PI / 3) * 111_195).toBeCloseTo(1000, 3)
  expect((north[1] - 60) * 111_195).toBeCloseTo(1000, 3)
})

test('who is within the circle is called, but nobody off duty and nobody without a position', () => {
  const [shape] = shapesOf({ ...nowhere, kind: 'circle', lon: 112, lat: 27, radius_m: 1000 }, none)
  const places: Record<string, { lon: number; lat: number }> = { a: { lon: 112.009, lat: 27 }, b: { lon: 112.011, lat: 27 }, c: { lon: 112, lat: 27 } }
  const units = [unit('b'), unit('a'), unit('c', 'off_duty'), unit('d')]
  expect(unitsWithin([shape!], units, (id) => places[id]).map(({ id }) => id)).toEqual(['a'])
})

test('a hole in a beat is outside of it', () => {
  const square = (half: number): [number, number][] => [[-half, -half], [half, -half], [half, half], [-half, half], [-half, -half]]
  expect(within({ lon: 2, lat: 0 }, [square(3), square(1)])).toBe(true)
  expect(within({ lon: 0, lat: 0 }, [square(3), square(1)])).toBe(false)
})

test('two corners are no area yet', () => {
  expect(shapesOf({ ...nowhere, kind: 'polygon', points: [[1, 1], [2, 2]] }, none)).toEqual([])
})

test('a typed line names a row by its call sign or its number, and the rest is what was said', () => {
  const roll = [row('2021'), row('M07')]
  expect(readAnswer('m07 在桥北 两分钟到', roll)).toEqual({ row: roll[1], text: '在桥北 两分钟到' })
  expect(readAnswer('2：收到', roll)).toEqual({ row: roll[1], text: '收到' })
  expect(readAnswer('2021', roll)).toEqual({ row: roll[0], text: '' })
  expect(readAnswer('9 收到', roll)).toBeNull()
  expect(readAnswer('  ', roll)).toBeNull()
})
