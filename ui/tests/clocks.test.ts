import { expect, test } from 'vitest'
import type { IncidentView } from '@/api/types'
import { clocksOf } from '@/state/clocks'

const at = (second: number): string => new Date(Date.UTC(2026, 10, 21) + second * 1000).toISOString()
const now = (second: number): number => Date.parse(at(second))
const incident = (more: Partial<IncidentView> = {}): IncidentView =>
  ({ place: { tier_limit_s: 100 }, called_at: at(0), first_ordered_at: null, arrived: null, closed_at: null, response_s: null, citizen_s: null, within_limit: null, ...more }) as IncidentView

test('before an order the citizen’s clock runs alone', () => {
  expect(clocksOf(incident(), now(30))).toMatchObject({ response: null, citizen: 30, running: 'citizen' })
})
test('from the first order the response clock counts towards the limit', () => {
  expect(clocksOf(incident({ first_ordered_at: at(20) }), now(50))).toMatchObject({ response: 30, citizen: 50, running: 'response', used: 0.3, pressure: 'calm' })
})
test('amber from 70 %, red past the limit', () => {
  const pressures = [89, 90, 120, 121].map((s) => clocksOf(incident({ first_ordered_at: at(20) }), now(s)).pressure)
  expect(pressures).toEqual(['calm', 'near', 'near', 'broken'])
})
test('once arrived the clocks stand, and the measured verdict counts', () => {
  const arrived = { first_ordered_at: at(20), arrived: { earliest: at(80), latest: at(85) }, response_s: 65, citizen_s: 85 }
  expect(clocksOf(incident({ ...arrived, within_limit: true }), now(500))).toMatchObject({ response: 65, citizen: 85, pressure: 'calm' })
  expect(clocksOf(incident({ ...arrived, within_limit: false }), now(500)).pressure).toBe('broken') // an interval that straddles
})
test('an incident closed without an arrival stops its clocks', () => {
  expect(clocksOf(incident({ closed_at: at(40) }), now(900)).citizen).toBe(40)
})
