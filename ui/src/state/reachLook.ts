/* What a look at the reach shows: who reaches the street under the pointer, and what the city would lose without a candidate. */

import { effectScope, readonly, shallowRef, watch } from 'vue'
import { reachWithout } from '@/api/reach'
import { adviceShown } from './advice'
import { connected, unitOf } from './picture'
import { hoveredUnit } from './selection'

/** Of one street, as the core tells it. */
export interface Street { street: number; tier: string; limit_s: number; seconds: number | null; reached: boolean; unit: string | null; next: string | null; next_s: number | null }

/** The street under the pointer, with where the pointer is on the map. */
export const streetUnder = shallowRef<{ x: number; y: number; street: Street } | null>(null)

const lost = shallowRef<{ unit: string; streets: GeoJSON.FeatureCollection } | null>(null)
export const lostWithout = readonly(lost) as Readonly<typeof lost>

/** Streets that are a gap now and were none before; none where nothing was known before. */
export function newGaps(before: GeoJSON.FeatureCollection, after: GeoJSON.FeatureCollection): GeoJSON.Feature[] {
  const known = new Map(before.features.map(({ properties }) => [properties?.street as number, properties?.reached as boolean]))
  return after.features.filter(({ properties }) => properties?.reached === false && known.get(properties.street as number) === true)
}

const PAUSE_MS = 140

/** Asks what is lost without the unit under the pointer while the recommendation is open; returns how to stop. */
export function keepLost(): () => void {
  const scope = effectScope()
  let pause: ReturnType<typeof setTimeout> | undefined
  scope.run(() => {
    watch([hoveredUnit, adviceShown], ([unit, shown]) => {
      clearTimeout(pause)
      if (lost.value && lost.value.unit !== unit) lost.value = null
      if (!unit || !shown || !connected.value || unitOf(unit)?.status !== 'available') return
      pause = setTimeout(async () => {
        const streets = await reachWithout(unit).catch(() => null)
        if (streets && hoveredUnit.value === unit && adviceShown.value) lost.value = { unit, streets }
      }, PAUSE_MS)
    })
  })
  return () => {
    scope.stop()
    clearTimeout(pause)
    lost.value = null
  }
}
