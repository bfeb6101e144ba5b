/* The replay's pace, its jumps, and the shut door. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { order } from '@/api/incidents'
import { openReplay } from '@/api/replay'
import { Refused } from '@/api/request'
import { showOnly } from '@/state/readOnly'
import { chunkSeconds, nextMark, SPEEDS, stepSeconds, zonedInstant, type Mark } from '@/state/replayPace'

const MARKS: Mark[] = [[10, 'opened', 'i1', null], [20, 'ordered', 'i1', 'u1'], [20, 'ordered', 'i1', 'u2'], [50, 'arrived', 'i1', 'u1'], [90, 'breach', 'i2', null]]

describe('jumps', () => {
  test('the next mark lies after the moment, the previous one before it', () => {
    expect(nextMark(MARKS, 10, null, 1)?.[0]).toBe(20)
    expect(nextMark(MARKS, 20, null, 1)?.[0]).toBe(50)
    expect(nextMark(MARKS, 20, null, -1)?.[0]).toBe(10)
    expect(nextMark(MARKS, 10, null, -1)).toBeNull()
  })
  test('only marks of the kinds asked for', () => {
    expect(nextMark(MARKS, 0, ['breach'], 1)?.[2]).toBe('i2')
    expect(nextMark(MARKS, 50, ['arrived'], 1)).toBeNull()
  })
})

describe('pace', () => {
  test('never more than twelve frames a second beyond ten times', () => {
    for (const speed of SPEEDS.filter((s) => s > 10)) expect(speed / stepSeconds(speed)).toBeLessThanOrEqual(12)
    expect(stepSeconds(1)).toBe(1)
  })
  test('a piece lasts six seconds of the wall at least', () => {
    for (const speed of SPEEDS) expect(chunkSeconds(speed) / speed).toBeGreaterThanOrEqual(6)
  })
})

describe('hours of the city are hours of its own clock', () => {
  test('a zone without changes', () => expect(zonedInstant('2026-11-21', '08:00', 'Asia/Shanghai')).toBe(Date.parse('2026-11-21T00:00:00Z')))
  test('before and after a change of the clock', () => {
    expect(zonedInstant('2026-10-25', '01:30', 'Europe/Lisbon')).toBeLessThanOrEqual(Date.parse('2026-10-25T01:30:00Z'))
    expect(zonedInstant('2026-10-25', '12:00', 'Europe/Lisbon')).toBe(Date.parse('2026-10-25T12:00:00Z'))
    expect(zonedInstant('2026-10-24', '12:00', 'Europe/Lisbon')).toBe(Date.parse('2026-10-24T11:00:00Z'))
  })
  test('what is no time', () => expect(zonedInstant('tomorrow', '08:00', 'Asia/Shanghai')).toBeNaN())
})

describe('a screen that only shows', () => {
  const fetched = vi.fn(async () => new Response('{}', { status: 200 }))
  beforeEach(() => vi.stubGlobal('fetch', fetched))
  afterEach(() => {
    vi.unstubAllGlobals()
    fetched.mockClear()
  })

  test('sends no command until it ends, whoever asks', async () => {
    const end = showOnly()
    await expect(order('20261121-0001', [], null, false, 'k')).rejects.toBeInstanceOf(Refused)
    expect(fetched).not.toHaveBeenCalled()
    await openReplay({ incident: '20261121-0001' }, '复盘')
    expect(fetched).toHaveBeenCalledTimes(1)
    end()
    end()
    await order('20261121-0001', [], null, false, 'k')
    expect(fetched).toHaveBeenCalledTimes(2)
  })
})
