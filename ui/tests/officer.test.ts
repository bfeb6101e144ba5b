/* The officer's terminal: what is pressed is kept, sent in order, once. */
import { expect, test } from 'vitest'
import { Refused, Unreachable } from '@/api/request'
import type { AssignmentView, IncidentView } from '@/api/types'
import { dutyOf, nextStep, pressed } from '@/officer/duty'
import { Outbox, type Keep, type Send, type Waiting } from '@/officer/outbox'

function memory(): Keep & { text: string | null } {
  return { text: null, read() { return this.text }, write(text) { this.text = text } }
}
const refusal = (status: number): Refused => new Refused(status, 'already-ended', '', '', [], null)

function box(send: Send, keep = memory()) {
  const refused: string[] = []
  const taken: string[] = []
  let waiting: readonly Waiting[] = []
  const outbox = new Outbox(keep, (held) => { waiting = held }, (item) => refused.push(item.what), (item) => taken.push(item.what), send)
  return { outbox, refused, taken, keep, waiting: () => waiting.map(({ what }) => what) }
}

test('without a link what is pressed waits, and goes out in order when it is back', async () => {
  let up = false
  const sent: string[] = []
  const { outbox, waiting } = box((path) => {
    if (!up) return Promise.reject(new Unreachable())
    sent.push(path)
    return Promise.resolve()
  })
  await outbox.add('/1', {}, 'acknowledged', 'a')
  await outbox.add('/2', {}, 'en_route', 'a')
  expect(waiting()).toEqual(['acknowledged', 'en_route'])
  up = true
  await outbox.flush()
  expect(sent).toEqual(['/1', '/2'])
  expect(waiting()).toEqual([])
})

test('a press is said to be sent only once the core has taken it', async () => {
  let up = false
  const { outbox, taken, refused } = box((path) => (!up ? Promise.reject(new Unreachable()) : path === '/2' ? Promise.reject(refusal(409)) : Promise.resolve()))
  await outbox.add('/1', {}, 'help', 'u')
  await outbox.add('/2', {}, 'on_scene', 'a')
  expect(taken).toEqual([])
  up = true
  await outbox.flush()
  expect([taken, refused]).toEqual([['help'], ['on_scene']])
})

test('a repeat carries the same key', async () => {
  const keys: string[] = []
  let answers = 0
  const { outbox } = box((_path, _body, key) => {
    keys.push(key)
    return answers++ === 0 ? Promise.reject(new Unreachable()) : Promise.resolve()
  })
  await outbox.add('/1', {}, 'on_scene', 'a')
  await outbox.flush()
  expect(keys).toHaveLength(2)
  expect(keys[0]).toBe(keys[1])
})

test('what waits survives a closed page', async () => {
  const keep = memory()
  await box(() => Promise.reject(new Unreachable()), keep).outbox.add('/1', { at: 'x' }, 'on_scene', 'a')
  expect(box(() => new Promise(() => undefined), keep).waiting()).toEqual(['on_scene'])
})

test('a refused press is told and does not hold up the next', async () => {
  const { outbox, refused, waiting } = box((path) => (path === '/1' ? Promise.reject(refusal(409)) : Promise.resolve()))
  await outbox.add('/1', {}, 'on_scene', 'a')
  await outbox.add('/2', {}, 'cleared', 'a')
  expect(refused).toEqual(['on_scene'])
  expect(waiting()).toEqual([])
})

test('a degraded core is no refusal: the press waits', async () => {
  const { outbox, waiting, refused } = box(() => Promise.reject(refusal(503)))
  await outbox.add('/1', {}, 'on_scene', 'a')
  expect([waiting(), refused]).toEqual([['on_scene'], []])
})

const assignment = (more: Partial<AssignmentView>): AssignmentView => ({ id: 'i.1', unit: 'u', status: 'ordered', acknowledged_at: null, en_route_at: null, on_scene_at: null, cleared_at: null, ...more }) as AssignmentView
const incident = (...assignments: AssignmentView[]): IncidentView => ({ id: 'i', controlled_at: null, assignments }) as unknown as IncidentView

test('the active assignment is the duty; a queued or ended one is none', () => {
  expect(dutyOf('u', 'i.2', [incident(assignment({ id: 'i.1', status: 'on_scene' }), assignment({ id: 'i.2' }))])?.assignment.id).toBe('i.2')
  expect(dutyOf('u', null, [incident(assignment({ status: 'queued' })), incident(assignment({ status: 'cleared' }))])).toBeNull()
})
test('what waits to be sent counts as pressed', () => {
  const duty = { assignment: assignment({ acknowledged_at: 'x' }), incident: incident() }
  const done = pressed(duty, [{ key: 'k', path: '', body: {}, what: 'en_route', of: 'i.1' }])
  expect([...done]).toEqual(['acknowledged', 'en_route'])
  expect(nextStep(done)).toBe('on_scene')
})
test('a step that was skipped does not come back as the next one', () => expect(nextStep(new Set(['on_scene']))).toBe('controlled'))
