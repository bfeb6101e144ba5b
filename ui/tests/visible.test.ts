/* A page that nobody sees: what alarms need is shown, the rest is caught up at once, and no unit is driven along a way nobody saw. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Changes, FixRow, Put, ServerMessage, StateView, UnitView } from '@/api/types'
import { onPicture, picture, receive, stopLive } from '@/state/picture'
import { fixOf, onFixes, takeFixes } from '@/state/positions'
import { whileVisible } from '@/state/visible'
import snapshot from '../../tests/wire/cases/01-call-taken.json'

const state = (snapshot as unknown as { before: StateView }).before
let hidden = false
Object.defineProperty(document, 'hidden', { get: () => hidden, configurable: true })
function hide(now: boolean): void {
  hidden = now
  document.dispatchEvent(new Event('visibilitychange'))
}
const fix = (unit: string, lon: number, measured: number): FixRow => [unit, lon, 28.5, 6, 90, measured, measured]
const change = (base: number, put: Put): ServerMessage =>
  ({ type: 'changes', base, version: base + 1, picture: state.picture, put, gone: {} }) as unknown as Changes
const unit = state.units[0]!
const as = (status: string): UnitView => ({ ...unit, status })

let stops: (() => void)[] = []
beforeEach(() => receive({ type: 'snapshot', state }))
afterEach(() => {
  hide(false)
  stops.forEach((stop) => stop())
  stops = []
  stopLive()
  vi.useRealTimers()
})

test('positions of a hidden page are told once, the newest of each, and not as a drive', () => {
  const told: [string[], boolean][] = []
  stops.push(onFixes((ids, drive) => told.push([[...ids], drive])))
  takeFixes([fix('a', 112, 1000)])
  hide(true)
  takeFixes([fix('a', 112.1, 2000), fix('b', 112, 2000)])
  takeFixes([fix('a', 112.2, 3000)])
  expect(told).toEqual([[['a'], true]])
  hide(false)
  expect(told.slice(1)).toEqual([[['a', 'b'], false]])
  expect(fixOf('a')?.lon).toBe(112.2)
  takeFixes([fix('b', 112.3, 4000)]) // what the server kept back meanwhile
  takeFixes([fix('b', 112.4, 5000)])
  expect(told.slice(2)).toEqual([[['b'], false], [['b'], true]])
})

test('units of a hidden page wait, an incident does not, and no change is lost', () => {
  const shown: number[] = []
  stops.push(onPicture((_, after) => shown.push(after.version)))
  const first = state.version
  hide(true)
  receive(change(first, { units: [as('busy_other')] } as Put))
  expect(shown).toEqual([])
  expect(picture.value?.units.get(unit.id)?.status).toBe(unit.status)
  receive(change(first + 1, { alerts: [] , incidents: [{ id: 'new', status: 'open' }] } as unknown as Put))
  expect(shown).toEqual([first + 2])
  expect(picture.value?.units.get(unit.id)?.status).toBe('busy_other')
  receive(change(first + 2, { units: [as('on_scene')] } as Put))
  hide(false)
  expect(shown).toEqual([first + 2, first + 3])
  expect(picture.value?.units.get(unit.id)?.status).toBe('on_scene')
})

test('what goes on while it is seen stands still while it is not, and goes on at once', () => {
  vi.useFakeTimers()
  let times = 0
  stops.push(whileVisible(500, () => times++))
  vi.advanceTimersByTime(1000)
  hide(true)
  vi.advanceTimersByTime(60_000)
  expect(times).toBe(2)
  hide(false)
  expect(times).toBe(3)
})
