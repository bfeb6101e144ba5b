/* The room: sizes and folds, the size of everything by the screen, gaps, the five clocks, the next turn, what was advised. */
import { describe, expect, test } from 'vitest'
import type { AdvisedOrder, IncidentView, RouteView } from '@/api/types'
import { asAdvised, orderAt } from '@/panels/incident/advised'
import { heldWithin, stepOf } from '@/panels/layout/paneSize'
import { usualScale } from '@/state/enlargement'
import { fiveClocks } from '@/state/five'
import { nextTurn } from '@/state/following'
import { kept } from '@/state/preferences'
import { newGaps } from '@/state/reachLook'

describe('layout', () => {
  test('a panel never shrinks to nothing and never takes the map away', () => {
    expect(heldWithin('left', 20, 1366)).toBe(220)
    expect(heldWithin('left', 900, 1366)).toBe(Math.round(1366 * 0.3))
    expect(heldWithin('right', 500, 1920)).toBe(500)
    expect(heldWithin('bottom', 5000, 1080)).toBe(Math.round(1080 * 0.55))
  })
  test('the arrow towards the map makes a panel larger', () => {
    expect([stepOf('left', 'ArrowRight'), stepOf('right', 'ArrowLeft'), stepOf('bottom', 'ArrowUp')]).toEqual([16, 16, 16])
    expect([stepOf('left', 'ArrowLeft'), stepOf('right', 'ArrowRight'), stepOf('bottom', 'ArrowDown')]).toEqual([-16, -16, -16])
    expect(stepOf('left', 'ArrowUp')).toBeNull()
  })
  test('everything is larger only where the screen has pixels to spare', () => {
    expect([usualScale(1366, 768), usualScale(1920, 1080), usualScale(2560, 1440), usualScale(3840, 2160), usualScale(7680, 4320)]).toEqual([1, 1, 1, 1.5, 2])
  })
  test('a theme kept before there was a choice is the choice; what cannot be read is nothing', () => {
    expect(kept('{"theme":"light"}')).toEqual({ theme: 'light', themeChoice: 'light' })
    expect(kept('{"theme":"dark","themeChoice":"auto"}')).toEqual({ theme: 'dark', themeChoice: 'auto' })
    expect([kept(null), kept('{'), kept('7')]).toEqual([null, null, null])
  })
})

test('a gap is new only where the street was reached before', () => {
  const streets = (...rows: [number, boolean][]): GeoJSON.FeatureCollection => ({
    type: 'FeatureCollection',
    features: rows.map(([street, reached]) => ({ type: 'Feature', properties: { street, reached }, geometry: { type: 'Point', coordinates: [0, 0] } })),
  })
  const before = streets([1, true], [2, false], [3, true])
  const opened = newGaps(before, streets([1, false], [2, false], [3, true], [4, false]))
  expect(opened.map(({ properties }) => properties?.street)).toEqual([1])
  expect(newGaps(streets(), streets([1, false]))).toEqual([])
})

test('the five clocks run from the call, and each knows its step', () => {
  const incident = {
    called_at: '2026-11-22T03:00:00Z', first_ordered_at: '2026-11-22T03:00:40Z', arrived: { earliest: '2026-11-22T03:02:50Z', latest: '2026-11-22T03:03:00Z' },
    controlled_at: '2026-11-22T03:05:00Z', settled_at: null, closed_at: null,
  } as unknown as IncidentView
  expect(fiveClocks(incident).map(({ clock, sinceCall, step }) => [clock, sinceCall, step])).toEqual([
    ['dispatch', 40, 40], ['arrival', 180, 140], ['control', 300, 120], ['settlement', null, null], ['whole', null, null],
  ])
})

test('the first stretch of the way leads to the next turn', () => {
  const turn = (key: string, road: string, metres: number) => ({ key, road, metres, lon: 0, lat: 0 })
  const way = (...turns: ReturnType<typeof turn>[]): RouteView => ({ points: [], seconds: 60, metres: 500, turns })
  expect(nextTurn(way(turn('straight', '解放路', 320), turn('left', '人民路', 180), turn('arrive', '人民路', 0)))).toEqual({ metres: 320, key: 'left', road: '人民路' })
  expect(nextTurn(way(turn('arrive', '人民路', 0)))).toBeNull()
})

test('an order is as advised only with exactly the proposed units', () => {
  const order = (seq: number, units: string[], proposed: string[] | null): AdvisedOrder => ({
    seq, units: units.map((unit) => ({ unit })), advice: proposed && { candidates: [...proposed.map((unit, i) => ({ unit, order: i + 1 })), { unit: 'x', order: null }] },
  }) as unknown as AdvisedOrder
  expect([asAdvised(order(1, ['a', 'b'], ['b', 'a'])), asAdvised(order(1, ['a'], ['a', 'b'])), asAdvised(order(1, ['x'], ['a'])), asAdvised(order(1, ['a'], null))]).toEqual([true, false, false, null])
  const first = order(10, ['a', 'b'], ['a', 'b'])
  const second = order(20, ['a'], ['c'])
  expect([orderAt([first, second], 11, 'b')?.seq, orderAt([first, second], 20, 'a')?.seq, orderAt([first, second], 9, 'a')]).toEqual([10, 20, undefined])
})
