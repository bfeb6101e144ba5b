/* A post's own beat: which one, what is in it, and its own dispatch. What may be ordered is the server's to say (decision 0090); here
is only what is offered: own units to incidents of the own beat. */

import { computed, effectScope, readonly, ref, shallowRef, watch } from 'vue'
import { order, recommendation } from '@/api/incidents'
import { patrolPoints } from '@/api/patrol'
import { newKey, Refused, Unreachable } from '@/api/request'
import type { AdviceView, CandidateView, IncidentView, PatrolPointView, UnitView } from '@/api/types'
import { send } from './command'
import { beatOf, connected, isOpen, openIncidents, picture } from './picture'
import { chosenIncident } from './selection'
import { session } from './session'

const KEY = 'kuaijing.post.beat'
const PATROL_EVERY_MS = 20_000
const ADVICE_EVERY_MS = 10_000
const ENDED: ReadonlySet<string> = new Set(['cleared', 'refused', 'withdrawn'])

const asked = ref<string | null>(localStorage.getItem(KEY))
const points = shallowRef<PatrolPointView[] | null>(null)
const held = shallowRef<AdviceView | null>(null)
const fault = ref('')
const picked = shallowRef<ReadonlySet<string>>(new Set())
const sending = ref(false)

/** Beats that this account may look after: those of its platform, or all at the command centre. */
export const beatChoices = computed(() => {
  const all = picture.value?.plan.beats ?? []
  return session.value?.role === 'post' ? all.filter(({ platform }) => platform === session.value?.platform) : all
})
export const ownBeat = computed<string | null>(() => beatChoices.value.find(({ id }) => id === asked.value)?.id ?? beatChoices.value[0]?.id ?? null)
export const ownPlatform = computed(() => beatOf(ownBeat.value)?.platform ?? session.value?.platform ?? null)
export function chooseBeat(beat: string): void {
  asked.value = beat
  localStorage.setItem(KEY, beat)
}

const BUSY = ['ordered', 'en_route', 'on_scene', 'available', 'busy_other', 'out_of_service', 'off_duty']
export const ownUnits = computed<UnitView[]>(() =>
  [...(picture.value?.units.values() ?? [])]
    .filter(({ platform }) => platform === ownPlatform.value)
    .sort((a, b) => BUSY.indexOf(a.status) - BUSY.indexOf(b.status) || a.call_sign.localeCompare(b.call_sign, 'zh', { numeric: true })),
)
export const isOwn = (unit: string): boolean => picture.value?.units.get(unit)?.platform === ownPlatform.value
export const ownIncidents = computed<IncidentView[]>(() => openIncidents.value.filter(({ place }) => place.beat === ownBeat.value))
/** Incidents of other beats that own units were sent to: seen here, commanded elsewhere. */
export const awayIncidents = computed<IncidentView[]>(() =>
  openIncidents.value.filter(({ place, assignments }) => place.beat !== ownBeat.value && assignments.some(({ unit, status }) => !ENDED.has(status) && isOwn(unit))),
)
export const inOwnBeat = computed(() => chosenIncident.value?.place.beat === ownBeat.value)

export const ownPoints = computed(() => points.value?.filter(({ beat }) => beat === ownBeat.value) ?? null)

export const ownAdvice = readonly(held) as Readonly<typeof held>
export const adviceFault = readonly(fault)
export const ownPicks = readonly(picked) as Readonly<typeof picked>
export const ordering = readonly(sending)
/** Own units that could go, soonest first. */
export const ownCandidates = computed<CandidateView[]>(() =>
  (held.value?.candidates ?? [])
    .filter(({ unit, status }) => isOwn(unit) && status === 'available')
    .sort((a, b) => (a.arrive_median_s ?? 1e9) - (b.arrive_median_s ?? 1e9)),
)
/** First of the advice where it is another platform's: worth a word to the centre. */
export const soonerElsewhere = computed(() => (held.value?.candidates ?? []).find(({ order: place, unit }) => place === 1 && !isOwn(unit)) ?? null)

export function toggleOwn(unit: string): void {
  const after = new Set(picked.value)
  if (!after.delete(unit)) after.add(unit)
  picked.value = after
}

export async function askOwnAdvice(): Promise<void> {
  const incident = chosenIncident.value
  if (!incident || !inOwnBeat.value || !isOpen(incident) || !connected.value) {
    held.value = null
    return
  }
  try {
    const answer = await recommendation(incident.id, incident.escalated ? 'reinforcement' : 'first')
    if (chosenIncident.value?.id !== incident.id) return
    const first = held.value?.incident !== incident.id
    held.value = answer
    fault.value = ''
    const able = new Set(ownCandidates.value.map(({ unit }) => unit))
    const advised = answer.candidates.filter(({ order: place, unit }) => place !== null && able.has(unit)).map(({ unit }) => unit)
    const none = incident.assignments.every(({ status }) => ENDED.has(status))
    picked.value = first && none ? new Set(advised.length ? advised : [...able].slice(0, 1)) : new Set([...picked.value].filter((unit) => able.has(unit)))
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Unreachable)) throw error
    fault.value = error instanceof Refused ? error.title : ''
  }
}

/** Sends the picked own units; their numbers, or null where it was refused. */
export async function orderOwn(): Promise<boolean> {
  const incident = chosenIncident.value
  const lines = ownCandidates.value.filter(({ unit }) => picked.value.has(unit))
  if (!incident || !inOwnBeat.value || lines.length === 0 || sending.value) return false
  sending.value = true
  const role = incident.assignments.some(({ status }) => !ENDED.has(status)) ? 'support' : 'first'
  const body = lines.map(({ unit, version }, i) => ({ unit, version, role: (i === 0 ? role : 'support') as 'first' | 'support', mode: 'now' as const }))
  const done = await send(() => order(incident.id, body, held.value?.digest ?? null, false, newKey()))
  sending.value = false
  picked.value = new Set()
  void askOwnAdvice()
  return done !== null
}

async function askPoints(): Promise<void> {
  if (!connected.value) return
  points.value = await patrolPoints().catch(() => points.value)
}

/** Keeps the own dispatch and the patrol points fresh; returns how to stop. */
export function keepPost(): () => void {
  const scope = effectScope()
  scope.run(() => {
    watch([() => chosenIncident.value?.id, () => chosenIncident.value?.version, inOwnBeat, connected, () => ownUnits.value.map(({ version }) => version).join()], ([id], [before]) => {
      if (id !== before) {
        held.value = null
        picked.value = new Set()
      }
      void askOwnAdvice()
    }, { immediate: true })
    watch([connected, () => picture.value?.today.patrol?.visits], () => void askPoints(), { immediate: true })
  })
  const patrol = setInterval(() => void askPoints(), PATROL_EVERY_MS)
  const advice = setInterval(() => { if (!document.hidden) void askOwnAdvice() }, ADVICE_EVERY_MS)
  return () => {
    scope.stop()
    clearInterval(patrol)
    clearInterval(advice)
  }
}
