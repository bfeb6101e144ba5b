/* What is the matter with a device, and that every reason the core counts has a word. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { DeviceView } from '@/api/types'
import { en } from '@/locales/en'
import { zh } from '@/locales/zh'
import { inOrder, isShown, lastHeard, troublesOf } from '@/panels/devices/judging'

const judged = {
  accepted: 100, kept: {}, refused: {}, offset_s: 0, last_measured: '2026-11-21T04:00:00Z', last_received: '2026-11-21T04:00:01Z', speaks: true, crs_suspected: null, conflict: null,
}
const device = (more: Partial<DeviceView> = {}): DeviceView => ({
  id: 'jt808:013', protocol: 'jt808', key: '013', unit: '2021', name: '', crs: 'wgs84', active: true, version: 1, state: 'reporting', silent_since: null, contact: null, judged, faults: {}, ...more,
})

test('a device that reports and is believed is in no trouble', () => {
  expect(troublesOf(device())).toEqual([])
  expect(isShown(device(), 'reporting')).toBe(true)
})

test('each trouble by its own fact', () => {
  expect(troublesOf(device({ state: 'silent' }))).toEqual(['silent'])
  expect(troublesOf(device({ state: 'connected' }))).toEqual(['silent']) // it holds its line and says nothing
  expect(troublesOf(device({ judged: { ...judged, offset_s: -6 } }))).toEqual(['clock'])
  expect(troublesOf(device({ judged: { ...judged, offset_s: 4.9 } }))).toEqual([])
  expect(troublesOf(device({ judged: { ...judged, crs_suspected: 'gcj02' } }))).toEqual(['crs'])
  expect(troublesOf(device({ judged: { ...judged, conflict: 'jt808:014' } }))).toEqual(['conflict'])
  expect(troublesOf(device({ faults: { wrong_code: 1 } }))).toEqual(['door'])
  expect(troublesOf(device({ faults: { checksum: 9 } }))).toEqual([]) // a bad line
  expect(troublesOf(device({ faults: { checksum: 10 } }))).toEqual(['door'])
  expect(troublesOf(device({ judged: { ...judged, accepted: 2000 }, faults: { checksum: 10 } }))).toEqual([])
  expect(troublesOf(device({ unit: null }))).toEqual(['nounit'])
  expect(troublesOf(device({ state: 'never', judged: null }))).toEqual(['never'])
})

test('refusals are told once a fifth of enough reports is refused; what is kept for the history is none', () => {
  expect(troublesOf(device({ judged: { ...judged, refused: { jump: 24 } } }))).toEqual([])
  expect(troublesOf(device({ judged: { ...judged, refused: { jump: 25 } } }))).toEqual(['refused'])
  expect(troublesOf(device({ judged: { ...judged, accepted: 2, refused: { jump: 10 } } }))).toEqual([]) // too few to say
  expect(troublesOf(device({ judged: { ...judged, kept: { backfill: 500 }, refused: { jump: 25 } } }))).toEqual([])
})

test('nothing is the matter with a device that was withdrawn, and it comes last', () => {
  const gone = device({ id: 'a', key: 'a', active: false, state: 'retired', faults: { wrong_code: 3 } })
  const well = device({ id: 'b', key: 'b' })
  const silent = device({ id: 'c', key: 'c', state: 'silent' })

  expect(troublesOf(gone)).toEqual([])
  const rows = [gone, well, silent].map((device) => ({ device, troubles: troublesOf(device) }))
  expect(inOrder(rows).map((row) => row.device.id)).toEqual(['c', 'b', 'a'])
})

test('last heard is the later of connection and report', () => {
  const contact = { first_at: '2026-11-21T03:00:00Z', last_at: '2026-11-21T04:00:05Z', connected: true, since: '2026-11-21T03:00:00Z' }

  expect(lastHeard(device({ contact }))).toBe(Date.parse('2026-11-21T04:00:05Z'))
  expect(lastHeard(device())).toBe(Date.parse('2026-11-21T04:00:01Z'))
  expect(lastHeard(device({ judged: null }))).toBeNull()
})

test('every reason that the core counts has a word in both languages', () => {
  const core = (path: string): string => readFileSync(join(import.meta.dirname, '../../kuaijing', path), 'utf8')
  const body = core('tracking/reports.py').split('class Reason(')[1]!.split('class Refusal')[0]!
  const reasons = [...body.matchAll(/^ {4}[A-Z_]+ = "([a-z_]+)"/gm)].map((match) => match[1]!)
  const doors = ['feeds/normaliser.py', 'feeds/help.py', 'feeds/jt808/conversation.py', 'feeds/jt808/admission.py', 'feeds/jt808/server.py', 'feeds/jt808/orders.py']
    .flatMap((path) => [...core(path).matchAll(/fault\([^\n]*"([a-z_]+)"\)/g)].map((match) => match[1]!))
  const proofs = [...core('feeds/normaliser.py').matchAll(/^ {4}"([a-z_]+)": "device/gm)].map((match) => match[1]!)

  expect(reasons.length).toBeGreaterThan(8)
  expect(doors.length).toBeGreaterThan(6)
  expect(proofs.length).toBe(4)
  for (const reason of [...reasons, ...doors, ...proofs]) {
    expect(Object.keys(zh.devices.reasons), reason).toContain(reason)
    expect(Object.keys(en.devices.reasons), reason).toContain(reason)
  }
})
