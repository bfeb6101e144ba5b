/* What a wallboard shows and when, and which incidents stand in its rows. */
import { describe, expect, it } from 'vitest'
import type { AlertView, IncidentView, UnitView } from '@/api/types'
import { dueOf, hoursHold } from '@/state/patrolDue'
import { nextShown, troubles, type Shown, type Trouble } from '@/state/wallCycle'
import { wallRows } from '@/state/wallRows'

const NOW = Date.parse('2026-11-21T04:10:00Z')
const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString()
const incident = (id: string, beat: string | null, ordered: number | null, more: object = {}): IncidentView =>
  ({ id, grade: 3, called_at: ago((ordered ?? 0) + 10), first_ordered_at: ordered === null ? null : ago(ordered), arrived: null, closed_at: null, response_s: null, citizen_s: null, within_limit: null, place: { beat, tier_limit_s: 100 }, ...more }) as unknown as IncidentView
const alert = (kind: string, more: object): AlertView => ({ id: kind, kind, incident: null, unit: null, area: null, ...more }) as unknown as AlertView
const nobody = (): undefined => undefined

describe('beats in trouble', () => {
  it('are those with 70 % of a limit used and nobody there', () => {
    const open = [incident('a', 'B1', 69), incident('b', 'B2', 70), incident('c', 'B3', 101), incident('d', 'B4', 300, { arrived: {}, response_s: 90, within_limit: true })]
    expect(troubles(open, [], nobody, NOW)).toEqual([{ beat: 'B3', kind: 'limit_broken' }, { beat: 'B2', kind: 'limit_near' }])
  })
  it('are those with an empty area or a call for help, the gravest word first', () => {
    const unit = { beat: 'B1', beat_now: 'B9' } as UnitView
    const alerts = [alert('empty_area', { area: 'beat:B1' }), alert('empty_area', { area: 'tier:key' }), alert('sos', { unit: 'U' })]
    expect(troubles([incident('a', 'B1', 75)], alerts, (id) => (id === 'U' ? unit : undefined), NOW)).toEqual([{ beat: 'B9', kind: 'sos' }, { beat: 'B1', kind: 'empty_area' }])
  })
})

describe('the cycle', () => {
  const near = (...beats: string[]): Trouble[] => beats.map((beat) => ({ beat, kind: 'limit_near' }))
  const city: Shown = { view: null, since: 0, seen: [] }
  it('stays with the city while all is well', () => {
    expect(nextShown(city, [], 1e9, 12_000)).toBe(city)
  })
  it('goes to new trouble after a third of the time, through every beat once, and back to the city', () => {
    let shown = nextShown(city, near('B1', 'B2'), 3_900, 12_000)
    expect(shown).toBe(city)
    const seen: (string | null)[] = []
    for (let now = 4_000; now < 88_000; now += 500) {
      const next = nextShown(shown, near('B1', 'B2'), now, 12_000)
      if (next.view !== shown.view) seen.push(next.view)
      shown = next
    }
    expect(seen).toEqual(['B1', 'B2', null, 'B1', 'B2', null, 'B1'])
  })
  it('leaves a beat that is well again, and the city for one that is not', () => {
    const there: Shown = { view: 'B1', since: 0, seen: ['B1'] }
    expect(nextShown(there, [], 3_000, 12_000).view).toBe('B1')
    expect(nextShown(there, [], 4_000, 12_000).view).toBeNull()
    expect(nextShown(there, near('B1', 'B7'), 12_000, 12_000).view).toBe('B7')
  })
})

describe('the rows', () => {
  const calm = (n: number): IncidentView[] => Array.from({ length: n }, (_, i) => incident(`c${i}`, 'B1', 1))
  it('keep trouble and turn the others over', () => {
    const open = [...calm(6), incident('late', 'B1', 200)]
    const turns = [0, 1, 2].map((turn) => wallRows(open, NOW, 4, turn).map(({ id }) => id))
    expect(turns).toEqual([['late', 'c0', 'c1', 'c2'], ['late', 'c3', 'c4', 'c5'], ['late', 'c0', 'c1', 'c2']])
  })
  it('never hold more than there are rows', () => {
    expect(wallRows([...Array(9)].map((_, i) => incident(`l${i}`, 'B1', 200)), NOW, 5, 3)).toHaveLength(5)
  })
})

describe('a patrol point', () => {
  it('is due within its hours until it has had its visits', () => {
    const point = { hours: '22:00-06:00,12:00-13:00', asked: 2, visits: [{}] }
    expect(dueOf(point, NOW, 'Asia/Shanghai')).toBe('due') // 12:10 in the city
    expect(dueOf(point, NOW + 3_600_000, 'Asia/Shanghai')).toBe('later')
    expect(dueOf({ ...point, visits: [{}, {}] }, NOW, 'Asia/Shanghai')).toBe('done')
  })
  it('knows hours past midnight, and none as all', () => {
    expect([hoursHold('22:00-06:00', 0), hoursHold('22:00-06:00', 6 * 60), hoursHold('', 5)]).toEqual([true, false, true])
  })
})
