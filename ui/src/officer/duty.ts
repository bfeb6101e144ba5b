/* What one unit's terminal has to do now: its order, the next step, what was pressed and still waits. Pure. */

import type { AssignmentView, IncidentView } from '@/api/types'
import type { Waiting } from './outbox'

export type OfficerStep = 'acknowledged' | 'en_route' | 'on_scene' | 'controlled' | 'cleared'
export const STEPS: OfficerStep[] = ['acknowledged', 'en_route', 'on_scene', 'controlled', 'cleared']

export interface Duty { assignment: AssignmentView; incident: IncidentView }

const ENDED: ReadonlySet<string> = new Set(['cleared', 'refused', 'withdrawn', 'queued'])

export function dutyOf(unit: string, active: string | null, incidents: Iterable<IncidentView>): Duty | null {
  let found: Duty | null = null
  for (const incident of incidents) {
    for (const assignment of incident.assignments) {
      if (assignment.unit !== unit || ENDED.has(assignment.status)) continue
      if (assignment.id === active) return { assignment, incident }
      found ??= { assignment, incident }
    }
  }
  return found
}

export function pressed({ assignment, incident }: Duty, waiting: readonly Waiting[]): Set<OfficerStep> {
  const done = new Set<OfficerStep>()
  if (assignment.acknowledged_at) done.add('acknowledged')
  if (assignment.en_route_at) done.add('en_route')
  if (assignment.on_scene_at) done.add('on_scene')
  if (incident.controlled_at) done.add('controlled')
  if (assignment.cleared_at) done.add('cleared')
  for (const { of, what } of waiting) if (of === assignment.id && STEPS.includes(what as OfficerStep)) done.add(what as OfficerStep)
  return done
}

/** The next step: the first not pressed after the last that was. */
export function nextStep(done: ReadonlySet<OfficerStep>): OfficerStep | null {
  const last = STEPS.reduce((at, step, i) => (done.has(step) ? i : at), -1)
  return STEPS[last + 1] ?? null
}
