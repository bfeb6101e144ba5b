/* A day of the city's calendar begins where the city's clock says so. */
import { expect, test } from 'vitest'
import { dayStart } from '@/format/zone'

test('a day begins at the city\'s midnight, whatever the browser\'s zone', () => {
  expect(dayStart('2026-11-21', 'Asia/Shanghai')).toBe('2026-11-20T16:00:00.000Z')
  expect(dayStart('2026-11-21', 'Asia/Shanghai', 1)).toBe('2026-11-21T16:00:00.000Z')
  expect(dayStart('2026-12-31', 'Europe/Lisbon', 1)).toBe('2027-01-01T00:00:00.000Z')
})

test('days on which the clock is changed begin where they begin', () => {
  expect(dayStart('2026-03-29', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z') // winter time until 02:00
  expect(dayStart('2026-03-29', 'Europe/Berlin', 1)).toBe('2026-03-29T22:00:00.000Z')
  expect(dayStart('2026-10-25', 'America/New_York', 8)).toBe('2026-11-02T05:00:00.000Z')
})

test('what is no day is no instant', () => {
  expect(dayStart('', 'Asia/Shanghai')).toBe('')
})
