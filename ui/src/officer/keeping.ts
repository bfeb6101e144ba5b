/* Keeps on the phone what /unit needs after a reload without a link, and puts it back. See state/keptDuty.ts for what that is. */

import { onBeforeUnmount, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { RouteView } from '@/api/types'
import { cityTime, speed, timezone } from '@/state/cityClock'
import { carriedOn, findDuty, forgetDuty, keepDuty, ownPart, type KeptDuty } from '@/state/keptDuty'
import { connected, picture, pictureAsOf, supposePicture } from '@/state/picture'
import { session } from '@/state/session'
import type { Duty } from './duty'

const EVERY_MS = 5000

export interface Kept {
  unit: ComputedRef<string>
  duty: ComputedRef<Duty | null>
  started: Ref<boolean>
  route: ShallowRef<RouteView | null>
  attribution: Ref<string>
}

/** What was kept of this unit; without a link the page stands on it at once. */
export function findKept(): KeptDuty | null {
  const kept = findDuty()
  if (!kept || (session.value && kept.session.user !== session.value.user)) return null
  if (!picture.value) supposePicture(carriedOn(kept, Date.now()), kept.heardAt)
  return kept
}

export function useKeeping({ unit, duty, started, route, attribution }: Kept): void {
  let last = ''
  const keep = (): void => {
    const now = picture.value
    if (!session.value || !now || !unit.value || now.units.get(unit.value)?.status === 'off_duty') return void (connected.value && forgetDuty())
    const state = ownPart(now, unit.value, duty.value?.incident.id ?? null)
    const at = cityTime()
    const kept: KeptDuty = {
      session: session.value, unit: unit.value, started: started.value, route: duty.value ? route.value : null, attribution: attribution.value,
      state: { ...state, clock: { now: new Date(at).toISOString(), speed: speed(), timezone: timezone.value } },
      keptAt: Date.now(), heardAt: pictureAsOf.value ?? at,
    }
    const what = JSON.stringify([kept.unit, kept.started, kept.route?.points.length, kept.attribution, state.version, state.units[0]?.version, duty.value?.incident.version])
    if (connected.value || what !== last) keepDuty(kept)
    last = what
  }
  watch([() => duty.value?.incident, started, route], keep)
  const timer = setInterval(keep, EVERY_MS)
  onBeforeUnmount(() => clearInterval(timer))
}
