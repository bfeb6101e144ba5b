/* What is chosen: one thing at a time, chosen everywhere (row, marker, panel). */

import { computed, readonly, ref, shallowRef } from 'vue'
import { incidentOf, unitOf } from './picture'

export type Chosen = { kind: 'incident' | 'unit'; id: string } | null

const held = shallowRef<Chosen>(null)
/** Incident that stays in the right panel while a unit is looked at. */
const incident = ref<string | null>(null)
const hovered = ref<string | null>(null)
const followed = ref<string | null>(null)

export const chosen = readonly(held)
export const chosenIncidentId = readonly(incident)
export const chosenIncident = computed(() => (incident.value ? incidentOf(incident.value) : undefined))
export const chosenUnit = computed(() => (held.value?.kind === 'unit' ? unitOf(held.value.id) : undefined))
/** Unit under the pointer in a list: its route is drawn. */
export const hoveredUnit = hovered
export const followedUnit = followed

export function chooseIncident(id: string): void {
  incident.value = id
  held.value = { kind: 'incident', id }
}

export function chooseUnit(id: string): void {
  held.value = { kind: 'unit', id }
}

/** One step back: unit, then incident, then nothing. True where there was something to leave. */
export function stepBack(): boolean {
  if (followed.value) followed.value = null
  else if (held.value?.kind === 'unit') held.value = incident.value ? { kind: 'incident', id: incident.value } : null
  else if (incident.value) {
    incident.value = null
    held.value = null
  } else return false
  return true
}
