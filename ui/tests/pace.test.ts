/* Painting waits for the card: at most a quarter of the time is spent on it, and what nobody sees is not painted. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { paced } from '@/map/units/pace'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'requestAnimationFrame', 'cancelAnimationFrame', 'performance'] }))
afterEach(() => void vi.useRealTimers())

/** Paints of `seconds` with a card that needs `cardMs` for each; all of them wanted. */
function paints(cardMs: number, seconds: number, goesOn = true): number {
  let count = 0
  let done = 0
  const painting = paced(() => {
    count++
    done = performance.now() + cardMs
    return goesOn
  }, () => performance.now() >= done)
  painting.wake()
  vi.advanceTimersByTime(seconds * 1000)
  painting.stop()
  return count
}

test('a card of its own paints some fifteen times a second at most', () => {
  const count = paints(1, 10)
  expect(count).toBeGreaterThan(100)
  expect(count).toBeLessThanOrEqual(152)
})
test('a slow card is left three quarters of the time', () => {
  const count = paints(200, 10)
  expect(count).toBeGreaterThan(8)
  expect(count).toBeLessThanOrEqual(13)
})
test('once nothing moves nothing is painted, until something does again', () => {
  expect(paints(1, 10, false)).toBe(1)
})
test('what is asked for at once does not wait for its turn', () => {
  let count = 0
  const painting = paced(() => ++count > 5, () => true)
  painting.wake()
  vi.advanceTimersByTime(20)
  painting.now()
  vi.advanceTimersByTime(20)
  expect(count).toBe(2)
  painting.stop()
})
