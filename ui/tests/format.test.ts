import { expect, test } from 'vitest'
import { counted, distance, percent, points } from '@/format/figures'
import { calendarDay, clockTime, duration } from '@/format/time'

test('durations read as minutes and seconds', () => {
  expect([0, 45, 125, 3599, 5399, 5400, -125, null].map((s) => duration(s))).toEqual(['0″', '45″', '2′05″', '59′59″', '1h29′', '1h30′', '−2′05″', '—'])
})
test('a time is the city’s, not the browser’s', () => {
  const at = Date.parse('2026-11-21T19:12:44Z')
  expect(clockTime(at, 'Asia/Shanghai')).toBe('03:12:44')
  expect(calendarDay(at, 'Asia/Shanghai')).toBe('2026-11-22')
  expect(clockTime(at, 'Europe/Lisbon')).toBe('19:12:44')
})
test('midnight is 00, never 24', () => expect(clockTime(Date.parse('2026-11-21T16:00:00Z'), 'Asia/Shanghai')).toBe('00:00:00'))
test('a share is never rounded up to all or down to none', () => {
  expect([1, 0.999, 0.94, 0.004, 0, null].map((s) => percent(s))).toEqual(['100 %', '>99 %', '94 %', '<1 %', '0 %', '—'])
})
test('a share names what it was counted from', () => {
  expect(counted({ met: 47, of: 50, share: 0.94 })).toBe('94 % (47/50)')
  expect(counted({ met: 0, of: 0, share: null })).toBe('— (0/0)')
})
test('metres become kilometres', () => expect([83, 994, 999, 1234, 123_456].map((m) => distance(m))).toEqual(['83 m', '994 m', '1.0 km', '1.2 km', '123 km']))
test('a small loss keeps its sign, a tiny one is not nothing', () => expect([0, 0.0021, 0.0001].map((s) => points(s))).toEqual(['0', '−0.2', '<0.1']))
