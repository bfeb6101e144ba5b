/* What stays on an officer's phone, so that /unit stands without a link: its own order and nothing of others, tiles that were seen. */
import { beforeEach, expect, test, vi } from 'vitest'
import type { KeptDuty } from '@/state/keptDuty'
import { carriedOn, findDuty, forgetAllOf, keepDuty, outboxKey, ownPart, readDuty, whereaboutsKey } from '@/state/keptDuty'
import { pictureOf } from '@/live/apply'
import type { StateView } from '@/api/types'
import { MOST_TILES, tile, type TileShelf } from '@/officer/seenTiles'
import { unitFiles } from '../scripts/unitWorker'

vi.mock('maplibre-gl', () => ({ addProtocol: () => undefined }))
beforeEach(() => localStorage.clear())

const unit = (id: string) => ({ id, version: 1, status: 'available', leader: '张某' })
const incident = (id: string, calls: string[]) => ({ id, calls, version: 1, assignments: [] })
const call = (id: string, words: string) => ({ id, words, caller: '李某', phone: '139', masked: false })
const areaCall = (id: string, units: string[], ended_at: string | null = null) => ({ id, ended_at, roll: units.map((each) => ({ unit: each, answers: [] })) })

const CITY = {
  wire: 1, version: 7, clock: { now: '2026-11-22T03:00:00.000Z', speed: 2, timezone: 'Asia/Shanghai' }, plan: { kinds: [] },
  units: [unit('2021'), unit('2022')],
  incidents: [incident('1', ['c1']), incident('2', ['c2'])],
  calls: [call('c1', '我家在西门'), call('c2', 'somebody else said this')],
  closures: [{ id: 'x' }], alerts: [{ id: 'y' }],
  area_calls: [areaCall('a', ['2021', '2022']), areaCall('b', ['2022']), areaCall('e', ['2021'], '2026-11-22T02:00:00Z')],
} as unknown as StateView

const kept = (more: Partial<KeptDuty> = {}): KeptDuty => ({
  session: { user: 'officer', name: 'officer', role: 'officer', unit: '2021', audience: 'masked', expires_at: '2026-11-22T12:00:00Z', platform: null, preferences: {} },
  unit: '2021', started: true, state: CITY, keptAt: 1_000_000, heardAt: 5, route: null, attribution: '', ...more,
})

test('a unit keeps its own order and the calls and area calls that are its own, and of persons nothing, whoever is signed in', () => {
  const own = ownPart(pictureOf(CITY), '2021', '1')
  expect(own.units.map(({ id }) => id)).toEqual(['2021'])
  expect(own.incidents.map(({ id }) => id)).toEqual(['1'])
  expect(own.calls).toEqual([{ id: 'c1', words: '', caller: '', phone: '', masked: true }])
  expect(own.area_calls.map(({ id }) => id)).toEqual(['a'])
  expect([own.alerts, own.closures]).toEqual([[], []])
  for (const word of ['somebody else', '西门', '某', '139']) expect(JSON.stringify(own)).not.toContain(word)
})

test('with the end of the order nothing of it is kept', () => {
  const own = ownPart(pictureOf(CITY), '2021', null)
  expect([own.incidents, own.calls]).toEqual([[], []])
})

test('the kept clock is carried on by the time that passed, at its speed, never backwards', () => {
  expect(carriedOn(kept(), 1_000_000 + 30_000).clock.now).toBe('2026-11-22T03:01:00.000Z')
  expect(carriedOn(kept(), 900_000).clock.now).toBe('2026-11-22T03:00:00.000Z')
})

test('what was kept ends with the session, and what cannot be read is not there', () => {
  const text = JSON.stringify(kept())
  expect(readDuty(text, Date.parse('2026-11-22T11:59:00Z'))?.unit).toBe('2021')
  expect(readDuty(text, Date.parse('2026-11-22T12:00:01Z'))).toBeNull()
  for (const broken of [null, '', '{', '[]', '{"unit":1}', '{"unit":"2021"}']) expect(readDuty(broken, 0)).toBeNull()
})

test('signing out leaves nothing private on the phone', () => {
  keepDuty(kept({ session: { ...kept().session, expires_at: '2999-01-01T00:00:00Z' } }))
  localStorage.setItem(outboxKey('officer'), '[1]')
  sessionStorage.setItem(whereaboutsKey('officer'), '[1]')
  expect(findDuty()?.unit).toBe('2021')
  forgetAllOf('officer')
  expect(findDuty()).toBeNull()
  expect([localStorage.length, sessionStorage.length]).toEqual([0, 0])
})

function shelf(): TileShelf & { paths(): string[] } {
  const held = new Map<string, Response>()
  const path = (of: RequestInfo | URL): string => (of instanceof Request ? new URL(of.url).pathname : String(of))
  return {
    match: (of) => Promise.resolve(held.get(path(of))?.clone()),
    put: (of, answer) => { held.set(path(of), answer); return Promise.resolve() },
    keys: () => Promise.resolve([...held.keys()].map((each) => new Request(`http://x${each}`))),
    delete: (of) => Promise.resolve(held.delete(path(of))),
    paths: () => [...held.keys()],
  }
}
const never = new AbortController().signal
const text = (data: ArrayBuffer): string => new TextDecoder().decode(data)
const gone = (): Promise<Response> => Promise.reject(new TypeError('no link'))

test('a tile that was seen is there without a link, one that was not is empty ground', async () => {
  const kept = shelf()
  expect(text(await tile('/tiles/1', kept, () => Promise.resolve(new Response('seen')), never))).toBe('seen')
  expect(text(await tile('/tiles/1', kept, gone, never))).toBe('seen')
  vi.useFakeTimers()
  const halfDead = tile('/tiles/1', kept, () => new Promise(() => undefined), never)
  await vi.advanceTimersByTimeAsync(3000)
  expect(text(await halfDead)).toBe('seen')
  vi.useRealTimers()
  expect((await tile('/tiles/2', kept, gone, never)).byteLength).toBe(0)
  expect((await tile('/tiles/1', null, gone, never)).byteLength).toBe(0)
})

test('a refusal is never kept as a tile, and the oldest tiles go first', async () => {
  const kept = shelf()
  await tile('/tiles/refused', kept, () => Promise.resolve(new Response('no', { status: 401 })), never)
  expect(kept.paths()).toEqual([])
  for (let n = 0; n < MOST_TILES; n++) await kept.put(`/tiles/${n}`, new Response('x'))
  await tile('/tiles/0', kept, () => Promise.resolve(new Response('again')), never)
  await tile('/tiles/new', kept, () => Promise.resolve(new Response('x')), never)
  expect(kept.paths()).toHaveLength(MOST_TILES)
  expect(kept.paths()).not.toContain('/tiles/1')
  expect(kept.paths().slice(-2)).toEqual(['/tiles/0', '/tiles/new'])
})

test('the worker shelves what /unit needs and no other page', () => {
  const chunk = (fileName: string, more: object = {}) => ({ type: 'chunk', fileName, name: fileName, isEntry: false, imports: [], dynamicImports: [], facadeModuleId: null, ...more })
  const all = [
    chunk('start.js', { isEntry: true, imports: ['vue.js'], dynamicImports: ['officer.js', 'room.js', 'signin.js'], viteMetadata: { importedCss: new Set(['start.css']), importedAssets: new Set() } }),
    chunk('unit-worker.js', { isEntry: true, name: 'unit-worker' }),
    chunk('vue.js'),
    chunk('room.js', { facadeModuleId: '/src/pages/RoomPage.vue' }),
    chunk('signin.js', { facadeModuleId: '/src/pages/SignInPage.vue' }),
    chunk('officer.js', { facadeModuleId: '/src/pages/OfficerPage.vue', imports: ['vue.js', 'start.js'], dynamicImports: ['map.js'] }),
    chunk('map.js', { viteMetadata: { importedCss: new Set(), importedAssets: new Set(['map-worker.mjs']) } }),
  ]
  const found = unitFiles(Object.fromEntries(all.map((each) => [each.fileName, each])) as never)
  expect(found).toEqual({ entry: 'start.js', files: ['map-worker.mjs', 'map.js', 'officer.js', 'signin.js', 'start.css', 'start.js', 'vue.js'] })
})
