/* The rule that moves the picture: old snapshot + changes == new snapshot, by the cases that Python checks too. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Changes, StateView } from '@/api/types'
import { applyChanges, pictureOf, stateOf } from '@/live/apply'

const CASES = join(import.meta.dirname, '../../tests/wire/cases')

const empty = { version: 4, picture: 40, units: [], incidents: [], calls: [], closures: [], alerts: [], area_calls: [], reach: null, shift: null, health: 'ok' } as unknown as StateView
const alert = (id: string, kind = 'sos') => ({ id, kind, raised_at: '2026-11-21T00:00:00Z', incident: null, unit: null, area: null, share: null, backfill: null })

test('a put replaces by identifier and a gone one leaves', () => {
  const before = pictureOf({ ...empty, alerts: [alert('a'), alert('b')] })
  const after = applyChanges(before, { type: 'changes', base: 4, version: 5, picture: 41, put: { alerts: [alert('a', 'limit_near'), alert('c')] }, gone: { alerts: ['b'] } })!

  expect(stateOf(after).alerts).toEqual([alert('a', 'limit_near'), alert('c')])
  expect([after.version, after.picture]).toEqual([5, 41])
  expect(stateOf(before).alerts).toEqual([alert('a'), alert('b')]) // the old picture is untouched
})

test('what did not change is the same object, so that nothing is drawn again', () => {
  const before = pictureOf({ ...empty, alerts: [alert('a')] })
  const after = applyChanges(before, { type: 'changes', base: 4, version: 5, picture: 41, put: { health: 'degraded' }, gone: {} })!

  expect(after.alerts).toBe(before.alerts)
  expect(after.health).toBe('degraded')
})

test('changes that do not follow on the picture are refused', () => {
  expect(applyChanges(pictureOf(empty), { type: 'changes', base: 7, version: 8, picture: 41, put: {}, gone: {} })).toBeNull()
})

describe.skipIf(!existsSync(CASES))('cases shared with Python', () => {
  const names = existsSync(CASES) ? readdirSync(CASES).filter((name) => name.endsWith('.json')) : []
  test.each(names)('%s', (name) => {
    const shared = JSON.parse(readFileSync(join(CASES, name), 'utf8')) as { before: StateView; change?: Changes; changes?: Changes | Changes[]; after: StateView }
    const steps = [shared.change ?? shared.changes ?? []].flat()
    const last = steps.reduce((picture, step) => applyChanges(picture, step)!, pictureOf(shared.before))
    expect(stateOf(last)).toEqual(shared.after)
  })
})
