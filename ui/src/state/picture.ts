/* What this screen knows of the city, and how fresh it is. One live link feeds it; every panel and the map read it.

While nobody sees the page (`visible.ts`) the link rests from positions, and what is only to be looked at is taken in but not shown:
incidents, calls, alerts and the core's health always are, as alarms and notifications come of them. */

import { computed, readonly, ref, shallowReadonly, shallowRef } from 'vue'
import type { IncidentView, ServerMessage, StateView } from '@/api/types'
import { applyChanges, isOnlyToLookAt, pictureOf, type Picture } from '@/live/apply'
import { liveAddress, openLive, type LiveLink } from '@/live/socket'
import { cityTime, correctClock, setClock } from './cityClock'
import { forgetFixes, takeFixes, takeUnits } from './positions'
import { readOnly } from './readOnly'
import { onVisible, visible } from './visible'

export const OPEN_STATUS: ReadonlySet<string> = new Set(['open', 'dispatched', 'responding', 'on_scene', 'handling'])
export const isOpen = (incident: IncidentView): boolean => OPEN_STATUS.has(incident.status)

const held = shallowRef<Picture | null>(null)
/** The last that was heard; ahead of what is shown only while nobody sees it. */
let latest: Picture | null = null
const up = ref(false)
const asOf = ref<number | null>(null)
let link: LiveLink | null = null
const changeListeners = new Set<(before: Picture | null, after: Picture) => void>()

/** Not deeply wrapped: thousands of units are read from it each second. */
export const picture = shallowReadonly(held) as Readonly<typeof held>
export const connected = readonly(up)
/** City time of the last word, once the link is lost. */
export const pictureAsOf = readonly(asOf)
export const degraded = computed(() => held.value?.health === 'degraded')
/** Whether a command may be sent: never from a stale picture or to a core that cannot write. */
export const mayCommand = computed(() => up.value && !degraded.value && !readOnly.value)

export const openIncidents = computed<IncidentView[]>(() => {
  const all = held.value ? [...held.value.incidents.values()].filter(isOpen) : []
  return all.sort((a, b) => a.grade - b.grade || a.called_at.localeCompare(b.called_at))
})

export const kindOf = (code: string) => held.value?.plan.kinds.find((kind) => kind.code === code)
export const tierOf = (id: string) => held.value?.plan.tiers.find((tier) => tier.id === id)
export const beatOf = (id: string | null) => held.value?.plan.beats.find((beat) => beat.id === id)
export const unitOf = (id: string) => held.value?.units.get(id)
export const incidentOf = (id: string) => held.value?.incidents.get(id)

/** Called after each numbered change and snapshot; `before` is null for the first picture. */
export function onPicture(listen: (before: Picture | null, after: Picture) => void): () => void {
  changeListeners.add(listen)
  return () => changeListeners.delete(listen)
}

function show(after: Picture): void {
  const before = held.value
  latest = after
  held.value = after
  for (const listen of changeListeners) listen(before, after)
}

let lastWord = 0
let heard = 0
const QUIET_MS = 3500
const late = ref(false)
/** The link stands, but nothing was heard for longer than a heartbeat: the picture may lag. */
export const slow = readonly(late)

export function receive(message: ServerMessage): void {
  take(message)
  lastWord = cityTime()
  heard = performance.now()
  late.value = false
}

function take(message: ServerMessage): void {
  if (message.type === 'snapshot') {
    const state = pictureOf(message.state)
    setClock(state.clock)
    takeUnits(message.state.units)
    show(state)
  } else if (message.type === 'changes') {
    if (!latest) return
    const after = applyChanges(latest, message)
    if (after === null) {
      link?.resync()
      return
    }
    if (message.put.clock) setClock(message.put.clock)
    if (message.put.units) takeUnits(message.put.units)
    if (visible.value || !isOnlyToLookAt(message)) show(after)
    else latest = after
  } else if (message.type === 'positions') {
    takeFixes(message.fixes)
  } else {
    correctClock(message.now)
    if (latest && message.version !== latest.version) link?.resync()
  }
}

/** A part of the picture that was kept on this machine stands in until the core is heard; it never replaces what was heard. */
export function supposePicture(state: StateView, heardAt: number): void {
  if (held.value) return
  setClock(state.clock)
  takeUnits(state.units)
  show(pictureOf(state))
  lastWord = heardAt
  asOf.value = heardAt
}

function linked(now: boolean): void {
  if (now === up.value) return
  up.value = now
  asOf.value = now || !held.value ? null : lastWord
}

export function startLive(): void {
  if (link) return
  listening = setInterval(() => { late.value = up.value && performance.now() - heard > QUIET_MS }, 500)
  link = openLive(liveAddress(location), { message: receive, linked })
  link.rest(!visible.value)
}

onVisible((seen) => {
  link?.rest(!seen)
  if (seen && latest && latest !== held.value) show(latest)
})

let listening: ReturnType<typeof setInterval> | undefined

export function stopLive(): void {
  clearInterval(listening)
  late.value = false
  link?.stop()
  link = null
  up.value = false
  held.value = latest = null
  forgetFixes()
}
