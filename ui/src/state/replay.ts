/* The replay on this screen: which period stands open, where in it we are, how fast it runs.

The picture comes from the server as the live room's does (a snapshot, then numbered changes and positions) and is applied by the same
code (`state/picture`, `live/apply`). The city's clock is the replay's: running at its speed while it plays, standing while it does not.
Frames are fetched ahead; where they do not come in time the clock waits for them. */

import { computed, readonly, ref, shallowRef } from 'vue'
import { openReplay, replayChanges, replayMarks, replayState, type ReplayWanted } from '@/api/replay'
import { Refused, Unreachable } from '@/api/request'
import type { MarksView, ReplayChunk, ReplayView } from '@/api/types'
import { cityTime, setClock, timezone } from './cityClock'
import { picture, receive } from './picture'
import { forgetFixes } from './positions'
import { AHEAD_S, chunkSeconds, nextMark, SPEEDS, stepSeconds, type Mark, type MarkKind } from './replayPace'

const TICK_MS = 100
const MARKS_AGAIN_MS = 500

const held = shallowRef<ReplayView | null>(null)
const marksHeld = shallowRef<MarksView>({ complete: false, marks: [] })
const at = ref(0)
const running = ref(false)
const pace = ref(1)
const waiting = ref(false)
const faultHeld = ref('')

export const replay = readonly(held) as Readonly<typeof held>
export const replayAt = readonly(at)
export const playing = readonly(running)
export const replaySpeed = readonly(pace)
export const buffering = readonly(waiting)
export const replayFault = readonly(faultHeld)
export const begins = computed(() => (held.value ? Date.parse(held.value.from_at) : 0))
export const ends = computed(() => (held.value ? Date.parse(held.value.until) : 0))

/** Marks of what is replayed: an incident's own, a unit's own, or all. */
export const marks = computed<readonly Mark[]>(() => {
  const { incident, unit } = held.value ?? {}
  return marksHeld.value.marks.filter(([, , of, by]) => (!incident || of === incident) && (!unit || by === unit)) as unknown as Mark[]
})
export const marksComplete = computed(() => marksHeld.value.complete)

let frames: ReplayChunk['frames'] = []
let loadedUntil = 0
let version = 0
let generation = 0
let fetching = false
let asked: { wanted: ReplayWanted; reason: string } | null = null
let timer: ReturnType<typeof setInterval> | undefined

const iso = (ms: number): string => new Date(ms).toISOString()
const within = (ms: number): number => Math.min(ends.value, Math.max(begins.value, ms))
const toldFault = (error: unknown): string => {
  if (error instanceof Refused) return error.detail || error.title
  if (error instanceof Unreachable) return 'unreachable'
  throw error
}

/** Opens a replay and goes to `moment`; false where it was refused, and `replayFault` says why. */
export async function openAt(wanted: ReplayWanted, reason: string, moment: number | null): Promise<boolean> {
  close()
  faultHeld.value = ''
  try {
    held.value = await openReplay(wanted, reason)
  } catch (error) {
    faultHeld.value = toldFault(error)
    return false
  }
  asked = { wanted, reason }
  timer = setInterval(tick, TICK_MS)
  void keepMarks(held.value)
  await seek(moment ?? begins.value)
  return true
}

export function close(): void {
  clearInterval(timer)
  generation++
  held.value = null
  marksHeld.value = { complete: false, marks: [] }
  frames = []
  running.value = waiting.value = fetching = onTheWay = false
  asked = null
}

async function keepMarks(open: ReplayView): Promise<void> {
  while (held.value === open && !marksHeld.value.complete) {
    try {
      const found = await replayMarks(open.id)
      if (held.value !== open) return
      marksHeld.value = found
    } catch (error) {
      toldFault(error)
      return
    }
    if (!marksHeld.value.complete) await new Promise((done) => setTimeout(done, MARKS_AGAIN_MS))
  }
}

const runClock = (ms: number): void => setClock({ now: iso(ms), speed: running.value && !waiting.value ? pace.value : 0, timezone: timezone.value })

let seeking: AbortController | null = null
let onTheWay = false

/** Shows the moment; of several asked for at once the last one counts. */
export async function seek(moment: number): Promise<void> {
  const open = held.value
  if (!open) return
  const to = within(moment)
  seeking?.abort()
  const mine = (seeking = new AbortController())
  generation++
  frames = []
  fetching = false
  at.value = to
  onTheWay = waiting.value = true
  try {
    const state = await replayState(open.id, iso(to), mine.signal)
    if (mine.signal.aborted || held.value !== open) return
    forgetFixes()
    receive({ type: 'snapshot', state })
    version = state.version
    loadedUntil = to
    faultHeld.value = ''
    onTheWay = waiting.value = false
    runClock(to)
  } catch (error) {
    if (mine.signal.aborted) return
    if (error instanceof Refused && error.status === 404 && asked) return void reopen(to)
    faultHeld.value = toldFault(error)
    onTheWay = running.value = waiting.value = false
    runClock(to)
  }
}

/** The server has let go of it (it was started anew): open it again, for the same reason. */
async function reopen(moment: number): Promise<void> {
  const again = asked!
  try {
    held.value = await openReplay(again.wanted, again.reason)
    asked = again
    void keepMarks(held.value)
    await seek(moment)
  } catch (error) {
    faultHeld.value = toldFault(error)
    onTheWay = running.value = waiting.value = false
  }
}

export function play(on: boolean): void {
  if (!held.value || on === running.value) return
  if (on && at.value >= ends.value) return
  const now = at.value
  running.value = on
  runClock(now)
}

export function setSpeed(wanted: number): void {
  const now = at.value
  pace.value = wanted
  runClock(now)
}
export function faster(by: 1 | -1): void {
  const next = SPEEDS[SPEEDS.indexOf(pace.value as (typeof SPEEDS)[number]) + by]
  if (next) setSpeed(next)
}

export function jump(kinds: readonly MarkKind[] | null, direction: 1 | -1): Mark | null {
  const found = nextMark(marks.value, at.value, kinds, direction)
  if (found) void seek(found[0])
  return found
}

function tick(): void {
  if (!held.value || onTheWay) return
  if (running.value) {
    const now = cityTime()
    const upTo = Math.min(now, loadedUntil)
    deliver(upTo)
    at.value = upTo
    if (upTo >= ends.value) {
      running.value = waiting.value = false
      runClock(ends.value)
    } else if (now >= loadedUntil !== waiting.value) {
      waiting.value = now >= loadedUntil
      runClock(upTo)
    }
  }
  const ahead = running.value ? AHEAD_S * pace.value * 1000 : 0
  if (!fetching && (running.value || loadedUntil === at.value) && loadedUntil < ends.value && loadedUntil - at.value <= ahead) void fetchOn()
}

function deliver(upTo: number): void {
  let done = 0
  for (const frame of frames) {
    if (Date.parse(frame.at) > upTo) break
    done++
    if (frame.changes) {
      receive({ ...frame.changes, type: 'changes' })
      if (picture.value?.version !== frame.changes.version) return void seek(upTo) // a gap: the whole picture afresh
    }
    if (frame.fixes.length > 0) receive({ type: 'positions', at: frame.at, fixes: frame.fixes })
  }
  if (done > 0) frames = frames.slice(done)
}

async function fetchOn(): Promise<void> {
  const open = held.value
  if (!open) return
  const mine = generation
  fetching = true
  const until = Math.min(ends.value, loadedUntil + chunkSeconds(pace.value) * 1000)
  try {
    const chunk = await replayChanges(open.id, iso(loadedUntil), iso(until), stepSeconds(pace.value), version)
    if (mine !== generation) return
    frames = [...frames, ...chunk.frames]
    version = chunk.version
    loadedUntil = Math.min(Date.parse(chunk.until) || until, ends.value)
    fetching = false
  } catch (error) {
    if (mine !== generation) return
    fetching = false
    if (error instanceof Refused && error.status === 404 && asked) return void reopen(at.value)
    faultHeld.value = toldFault(error)
    running.value = waiting.value = false
    runClock(at.value)
  }
}
