/* The five-step tour of the room: shown to an account the first time, gone for good once dismissed, shown again when asked for. That it
was dismissed goes with the account; the browser remembers it too, for the time without a link. */

import { computed, ref } from 'vue'
import { preferences } from './preferences'

export const STEPS = ['queue', 'map', 'incident', 'units', 'header'] as const
export type Step = (typeof STEPS)[number]

const KEY = 'kuaijing.tour'
const at = ref<number | null>(null)

export const tourAt = computed(() => at.value)
export const tourStep = computed<Step | null>(() => (at.value === null ? null : STEPS[at.value] ?? null))

function dismissed(): string[] {
  try {
    const held: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(held) ? held.filter((each): each is string => typeof each === 'string') : []
  } catch {
    return []
  }
}

/** For an account that has not dismissed it. */
export function offerTour(user: string): void {
  if (!preferences.tourSeen && !dismissed().includes(user)) at.value = 0
}

export function showTour(): void {
  at.value = 0
}

export function stepTour(by: 1 | -1): void {
  if (at.value !== null) at.value = Math.min(STEPS.length - 1, Math.max(0, at.value + by))
}

/** Away for now; it is offered again at the next start. */
export function leaveTour(): void {
  at.value = null
}

/** Away for good, for this account. */
export function dismissTour(user: string): void {
  at.value = null
  preferences.tourSeen = true
  try {
    localStorage.setItem(KEY, JSON.stringify([...new Set([...dismissed(), user])]))
  } catch {
    /* a browser that keeps nothing offers it again */
  }
}
