/* Alarms: one matter is acknowledged once, counted once and kept over a reload; what rings until seen, and what no mute holds back. */
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { AlertView, IncidentView, StateView } from '@/api/types'
import { emptyBook, HOUR_MS, inLastHour, inOrder, insistenceOf, matterOf, mostInTenMinutes, pruned, readBook, withRaised, withSeen } from '@/state/alarmBook'

const alert = (kind: string, id: string, more: Partial<AlertView> = {}): AlertView =>
  ({ id, kind, raised_at: '2026-11-21T04:00:00Z', incident: null, unit: null, area: null, share: null, backfill: null, ...more })
const MINUTE = 60_000

describe('the book', () => {
  test('a limit that comes near and then breaks is one matter; another order makes another', () => {
    const incident = { first_ordered_at: null } as IncidentView
    const ordered = { first_ordered_at: '2026-11-21T04:01:00Z' } as IncidentView
    const near = alert('limit_near', 'near:1', { incident: '1' })
    const broken = alert('limit_broken', 'limit:1', { incident: '1', raised_at: '2026-11-21T04:05:00Z' })
    expect(matterOf(near, incident)).toBe(matterOf(broken, incident))
    expect(matterOf(near, ordered)).not.toBe(matterOf(near, incident))
  })

  test('contact that is lost again after it was seen is another matter', () => {
    const first = alert('lost_contact', 'lost:U1')
    expect(matterOf(first, undefined)).not.toBe(matterOf({ ...first, raised_at: '2026-11-21T05:00:00Z' }, undefined))
  })

  test('a matter is counted once, and one that was seen is not counted again', () => {
    let book = withRaised(emptyBook(), ['a', 'b'], 0)
    expect(withRaised(book, ['a', 'b'], MINUTE)).toBe(book)
    book = withSeen(book, ['c'], MINUTE)
    expect(withRaised(book, ['c'], 2 * MINUTE).raised).toHaveLength(2)
  })

  test('the hour and its worst ten minutes are counted', () => {
    let book = emptyBook()
    for (const minute of [0, 1, 2, 9, 30, 39, 41]) book = withRaised(book, [`m${minute}`], minute * MINUTE)
    expect(inLastHour(book, 45 * MINUTE)).toBe(7)
    expect(mostInTenMinutes(book, 45 * MINUTE)).toBe(4) // minutes 0, 1, 2 and 9
    expect(inLastHour(book, 65 * MINUTE)).toBe(4) // those of minutes 0 to 2 are over an hour old
    expect(mostInTenMinutes(book, 65 * MINUTE)).toBe(2) // 30 and 39, or 39 and 41
  })

  test('what is a day old goes, what still stands stays', () => {
    const book = withSeen(withRaised(emptyBook(), ['old', 'standing'], 0), ['old', 'standing'], 0)
    const kept = pruned(book, new Set(['standing']), 25 * HOUR_MS)
    expect(Object.keys(kept.seen)).toEqual(['standing'])
    expect(kept.raised.map(({ matter }) => matter)).toEqual(['standing'])
  })

  test('a broken store is an empty book', () => {
    for (const text of [null, '', '{', '[]', '{"seen":1}']) expect(readBook(text)).toEqual(emptyBook())
  })

  test('gravest first, then oldest', () => {
    const older = alert('limit_near', 'near:2', { raised_at: '2026-11-21T03:00:00Z' })
    const all = [alert('acknowledge_overdue', 'ack'), alert('limit_near', 'near:1'), older, alert('sos', 'sos:1')]
    expect(inOrder(all).map(({ id }) => id)).toEqual(['sos:1', 'near:2', 'near:1', 'ack'])
  })

  test.each(['sos', 'limit_near', 'lost_contact', 'empty_area', 'mismatch'])('%s rings until it is seen', (kind) => expect(insistenceOf(kind)).toBe('until_seen'))
  test('what nobody need act on makes no sound', () => expect(insistenceOf('something_new')).toBe('silent'))
})

describe('at the screen', { timeout: 30_000 }, () => {
  beforeEach(() => {
    vi.resetModules()
    localStorage.clear()
  })

  async function room(alerts: AlertView[]) {
    const { receive } = await import('@/state/picture')
    const alarms = await import('@/state/alarms')
    const sound = await import('@/state/sound')
    const stop = alarms.watchForAttention()
    const state = { version: 1, picture: 1, units: [], incidents: [], calls: [], closures: [], area_calls: [], alerts, health: 'ok', clock: { now: '2026-11-21T04:00:30Z', speed: 1, timezone: 'Asia/Shanghai' } } as unknown as StateView
    receive({ type: 'snapshot', state })
    return { ...alarms, ...sound, stop }
  }

  test('an officer in need rings through a mute, a limit does not', async () => {
    const near = alert('limit_near', 'near:1', { incident: '1' })
    const { ringing, muteFor, see, unseenAlerts, stop } = await room([near, alert('sos', 'sos:1')])
    muteFor(30)
    expect(ringing.value).toBe('sos')
    see(unseenAlerts.value[0]!)
    expect(ringing.value).toBe('muted')
    muteFor(0)
    expect(ringing.value).toBe('asking')
    see(unseenAlerts.value[0]!)
    expect(ringing.value).toBe('none')
    stop()
  })

  test('what was seen stays seen over a reload and is not counted again; a new one is', async () => {
    const near = alert('limit_near', 'near:1', { incident: '1' })
    const before = await room([near])
    expect(before.alarmCount.value.hour).toBe(1)
    before.seeAll()
    before.stop()
    vi.resetModules()
    const after = await room([near, alert('lost_contact', 'lost:U1')])
    expect(after.unseenAlerts.value.map(({ id }) => id)).toEqual(['lost:U1'])
    expect(after.alarmCount.value.hour).toBe(2)
    after.stop()
  })

  test('a mute ends by itself', async () => {
    vi.useFakeTimers()
    const { isMuted, muteFor, stop } = await room([])
    muteFor(30)
    expect(isMuted.value).toBe(true)
    vi.advanceTimersByTime(31 * 60_000)
    expect(isMuted.value).toBe(false)
    stop()
    vi.useRealTimers()
  })

  test('the first key unlocks the sound', async () => {
    const { soundReady, stop } = await room([])
    expect(soundReady.value).toBe(false)
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'a' }))
    expect(soundReady.value).toBe(true)
    stop()
  })
})
