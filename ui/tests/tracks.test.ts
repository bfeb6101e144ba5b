import { expect, test } from 'vitest'
import type { TrackView } from '@/api/types'
import { instantOf, typedTime } from '@/format/cityTime'
import { agedLines, circle, metresOf, pieces, points } from '@/map/trackShapes'

type Fix = TrackView['fixes'][number]
const fix = (seconds: number, lon = 112.9, moved = true): Fix => [seconds * 1000, lon, 28.2, 8, 90, null, false, moved, 0]

test('a silence of more than five minutes breaks the line', () => {
  const track = [fix(0), fix(60), fix(361), fix(420)]
  expect(pieces(track).map((piece) => piece.length)).toEqual([2, 2])
  expect(agedLines(track, 0, 420_000).features.every(({ geometry }) => (geometry as GeoJSON.LineString).coordinates.length === 2)).toBe(true)
})

test('lines of different age share their point, and the newest is the least aged', () => {
  const track = Array.from({ length: 361 }, (_, i) => fix(i * 5, 112.9 + i * 1e-4))
  const lines = agedLines(track, 0, 1_800_000).features
  expect(lines.length).toBeGreaterThan(20)
  expect(lines.length).toBeLessThanOrEqual(25)
  lines.slice(1).forEach(({ geometry }, i) => {
    expect((geometry as GeoJSON.LineString).coordinates[0]).toEqual((lines[i]!.geometry as GeoJSON.LineString).coordinates.at(-1))
  })
  const ages = lines.map(({ properties }) => properties!.age as number)
  expect(ages[0]).toBeGreaterThan(0.95)
  expect(ages.at(-1)).toBeLessThan(0.05)
})

test('a single fix is a point and no line', () => {
  expect(agedLines([fix(0)], 0, 1000).features).toEqual([])
  expect(points([fix(0)], 0, 1000).features).toHaveLength(1)
})

test('the way counts what was driven once: no silences, no late doubles', () => {
  const step = 1e-3 // 98 m at this latitude
  const metres = metresOf([fix(0), fix(5, 112.9 + step), fix(6, 112.9, false), fix(10, 112.9 + 2 * step), fix(1000, 113)])
  expect(metres).toBeGreaterThan(190)
  expect(metres).toBeLessThan(200)
})

test('a circle is as wide as it is tall on the ground', () => {
  const ring = circle(112.9, 28.2, 200).coordinates[0]!
  const east = (Math.max(...ring.map(([lon]) => lon!)) - 112.9) * Math.cos((28.2 * Math.PI) / 180)
  const north = Math.max(...ring.map(([, lat]) => lat!)) - 28.2
  expect(east).toBeCloseTo(north, 5)
  expect(north * 111_195).toBeCloseTo(200, 0)
})

test('a typed time is of the city, whatever zone the browser stands in', () => {
  const noon = Date.parse('2026-11-21T04:00:00Z')
  expect(typedTime(noon, 'Asia/Shanghai')).toBe('2026-11-21 12:00')
  for (const typed of ['2026-11-21 12:00', '2026-11-21T12:00', '2026-11-21 12：00', ' 2026-11-21 12:00:00 ']) expect(instantOf(typed, 'Asia/Shanghai')).toBe(noon)
  expect(instantOf('2026-07-01T12:00', 'Europe/Lisbon')).toBe(Date.parse('2026-07-01T11:00:00Z'))
  expect(instantOf('', 'Asia/Shanghai')).toBeNull()
  expect(instantOf('2026-13-41 12:00', 'Asia/Shanghai')).toBeNull()
})
