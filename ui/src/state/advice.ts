/* The recommendation for the chosen incident, and what the dispatcher makes of it: the units picked for the order.

The advice is asked for again when the incident or a picked unit has changed, and every ten seconds while nothing is ordered. The
dispatcher's own picks survive that. An order names the digest of the advice that was on screen. */

import { computed, effectScope, readonly, ref, shallowRef, watch } from 'vue'
import { order as sendOrder, recommendation, type OrderLine } from '@/api/incidents'
import { newKey, Refused } from '@/api/request'
import type { AdviceView, CandidateView, Role, TakenUnit } from '@/api/types'
import { sayRefusal } from './command'
import { offerCover } from './coverOffer'
import { connected, degraded, mayCommand, onPicture, picture } from './picture'
import { notify } from './notices'
import { preferences } from './preferences'
import { readOnly } from './readOnly'
import { chosenIncident, chosenIncidentId } from './selection'

export interface Pick { unit: string; call_sign: string; version: number; role: Role; mode: OrderLine['mode'] }
export interface Conflict { picks: Pick[]; taken: TakenUnit[] }

const ENDED: ReadonlySet<string> = new Set(['cleared', 'refused', 'withdrawn'])
const REFRESH_MS = 10_000

const held = shallowRef<AdviceView | null>(null)
const waiting = ref(false)
const fault = ref('')
const picked = shallowRef<ReadonlyMap<string, Pick>>(new Map())
const byHand = ref(false)
const clash = shallowRef<Conflict | null>(null)
const sending = ref(false)
const wanted = ref(false)

export const advice = readonly(held) as Readonly<typeof held>
export const adviceLoading = readonly(waiting)
export const adviceFault = readonly(fault)
export const picks = readonly(picked) as Readonly<typeof picked>
export const conflict = readonly(clash) as Readonly<typeof clash>
export const ordering = readonly(sending)
/** Whether the recommendation is open for an incident that already has units. */
export const moreUnits = wanted

export const runningAssignments = computed(() => (chosenIncident.value?.assignments ?? []).filter(({ status }) => !ENDED.has(status)))
export const purpose = computed(() => (chosenIncident.value?.escalated && runningAssignments.value.length > 0 ? 'reinforcement' : 'first'))
export const adviceShown = computed(() => {
  const incident = chosenIncident.value
  if (readOnly.value || !incident || ['closed', 'merged', 'cancelled'].includes(incident.status)) return false
  return runningAssignments.value.length === 0 || wanted.value
})

export const proposed = computed<CandidateView[]>(() =>
  (held.value?.candidates ?? []).filter(({ order }) => order !== null).sort((a, b) => a.order! - b.order!),
)
/** Table rows: the proposal, then the next nearest that could go, six at least where there are as many. */
export const tableRows = computed<CandidateView[]>(() => {
  const able = (held.value?.candidates ?? []).filter((c) => c.order === null && c.arrive_median_s !== null && isFree(c))
  return [...proposed.value, ...able.sort((a, b) => a.arrive_median_s! - b.arrive_median_s!)].slice(0, Math.max(6, proposed.value.length))
})
export const passedOver = computed<CandidateView[]>(() => {
  const shown = new Set(tableRows.value.map(({ unit }) => unit))
  return (held.value?.candidates ?? [])
    .filter(({ unit }) => !shown.has(unit))
    .sort((a, b) => (a.arrive_median_s ?? 1e9) - (b.arrive_median_s ?? 1e9))
})

const isFree = (candidate: CandidateView): boolean => candidate.status === 'available' || candidate.diversion_from !== null
const modeOf = (candidate: CandidateView): OrderLine['mode'] =>
  candidate.diversion_from ? 'divert' : ['ordered', 'en_route', 'on_scene'].includes(candidate.status) ? 'queue' : 'now'

const pickOf = (c: CandidateView, role: Role): Pick => ({ unit: c.unit, call_sign: c.call_sign, version: c.version, role, mode: modeOf(c) })

let asked: AbortController | null = null

export async function askAdvice(): Promise<void> {
  const id = chosenIncidentId.value
  asked?.abort()
  if (!id || !adviceShown.value || !connected.value) return
  const mine = (asked = new AbortController())
  waiting.value = true
  fault.value = ''
  try {
    const answer = await recommendation(id, purpose.value, mine.signal)
    if (mine.signal.aborted || chosenIncidentId.value !== id) return
    held.value = answer
    if (!byHand.value) takeProposal()
    else refreshVersions()
  } catch (error) {
    if (mine.signal.aborted) return
    fault.value = error instanceof Refused ? error.detail || error.title : 'unreachable'
  } finally {
    if (asked === mine) waiting.value = false
  }
}

export function takeProposal(): void {
  byHand.value = false
  picked.value = new Map(proposed.value.map((c) => [c.unit, pickOf(c, (c.role as Role | null) ?? 'first')]))
}

function refreshVersions(): void {
  const fresh = new Map((held.value?.candidates ?? []).map((c) => [c.unit, c]))
  picked.value = new Map([...picked.value].map(([unit, pick]) => [unit, { ...pick, version: fresh.get(unit)?.version ?? pick.version }]))
}

/** In or out of the order; the dispatcher's choice is as easy as the advice. */
export function togglePick(unit: string): void {
  const after = new Map(picked.value)
  byHand.value = true
  if (after.delete(unit)) {
    picked.value = after
    return
  }
  const candidate = held.value?.candidates.find((c) => c.unit === unit)
  const role: Role = (candidate?.role as Role | null | undefined) ?? (purpose.value === 'reinforcement' ? 'reinforcement' : after.size === 0 ? 'first' : 'support')
  if (candidate) after.set(unit, pickOf(candidate, role))
  else {
    const known = picture.value?.units.get(unit)
    if (!known) return
    after.set(unit, { unit, call_sign: known.call_sign, version: known.version, role, mode: known.status === 'available' ? 'now' : 'queue' })
  }
  picked.value = after
}

/** The units that were not as they were seen, as the refusal tells them. */
function takenUnits(error: unknown): TakenUnit[] {
  if (!(error instanceof Refused) || error.status !== 409) return []
  const current = error.current as (Partial<TakenUnit> & { all?: Partial<TakenUnit>[] }) | null
  return (current?.all ?? (current ? [current] : [])).filter((each): each is TakenUnit => each.unit !== undefined && each.offers !== undefined)
}

async function orderNow(lines: Pick[]): Promise<void> {
  const incident = chosenIncidentId.value
  if (!incident || lines.length === 0 || sending.value) return
  if (!mayCommand.value) {
    notify('refused', degraded.value ? 'error.degraded' : 'error.disconnected')
    return
  }
  sending.value = true
  const body = lines.map(({ unit, version, role, mode }) => ({ unit, version, role, mode }))
  try {
    await sendOrder(incident, body, held.value?.incident === incident ? held.value.digest : null, false, newKey())
    clash.value = null
    byHand.value = false
    wanted.value = false
    picked.value = new Map()
    void offerCover(incident)
    notify('said', 'said.ordered', { values: { units: lines.map((l) => l.call_sign).join(preferences.locale === 'en' ? ', ' : '、') } })
  } catch (error) {
    const taken = takenUnits(error)
    if (taken.length > 0) clash.value = { picks: lines, taken }
    else sayRefusal(error)
    void askAdvice()
  } finally {
    sending.value = false
  }
}

export const orderPicked = (): Promise<void> => orderNow([...picked.value.values()])

/** After a conflict: the taken units queued or diverted, in the version in which they now stand; the others as before. */
export async function orderDespite(mode: 'queue' | 'divert'): Promise<void> {
  const held = clash.value
  if (!held) return
  const taken = new Map(held.taken.map((each) => [each.unit, each]))
  clash.value = null
  await orderNow(held.picks.map((pick) => {
    const found = taken.get(pick.unit)
    return found ? { ...pick, version: found.version, mode: found.offers.includes(mode) ? mode : pick.mode } : pick
  }))
}

export function dropConflict(): void {
  clash.value = null
  byHand.value = false
  void askAdvice()
}

/** Keeps the advice for the chosen incident fresh; returns how to stop. */
export function keepAdvice(): () => void {
  const scope = effectScope()
  scope.run(() => {
    watch([chosenIncidentId, purpose], ([incident], [before]) => {
      held.value = null
      picked.value = new Map()
      byHand.value = false
      clash.value = null
      if (incident !== before) wanted.value = false // an escalation opened it, and may be told before or after its answer
    })
    watch([chosenIncidentId, purpose, adviceShown, connected, () => chosenIncident.value?.version], () => void askAdvice())
  })
  const off = onPicture((before, after) => {
    if (!adviceShown.value || before === null) return
    const stale = [...picked.value.values()].some(({ unit, version }) => (after.units.get(unit)?.version ?? version) !== version)
    if (stale || before.closures !== after.closures) void askAdvice()
  })
  const timer = setInterval(() => {
    if (adviceShown.value && !waiting.value && !document.hidden) void askAdvice()
  }, REFRESH_MS)
  return () => {
    scope.stop()
    off()
    clearInterval(timer)
  }
}
