import { expect, test } from 'vitest'
import { firstView } from '@/map/firstView'

const city = [0, 1, 2].flatMap((x) => [0, 1, 2].map((y) => ({ lon: 117 + x * 0.1, lat: 36 + y * 0.1 })))

test('a platform alone at the end of a long road does not widen the first view', () => {
  const [west, south, east, north] = firstView([116, 35, 119, 38], [...city, { lon: 118.5, lat: 37.8 }])
  expect([west, south]).toEqual([expect.closeTo(116.92), expect.closeTo(35.92)])
  expect([east, north]).toEqual([expect.closeTo(117.28), expect.closeTo(36.28)])
})

test('the view never leaves the roads, and without platforms it is all of them', () => {
  expect(firstView([117, 36, 117.2, 36.2], city)).toEqual([117, 36, 117.2, 36.2])
  expect(firstView([116, 35, 119, 38], [])).toEqual([116, 35, 119, 38])
})
