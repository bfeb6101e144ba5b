/* Shapes of the plan in force (beats, tiers, platforms): fetched once per plan version. */

import { effectScope, readonly, shallowRef, watch } from 'vue'
import { planAreas } from '@/api/plan'
import { connected, picture } from './picture'


type Kind = 'tier' | 'beat' | 'beat_edge' | 'beat_label' | 'platform' | 'patrol_point'

const held = shallowRef<GeoJSON.Feature[]>([])
export const areas = readonly(held) as Readonly<typeof held>
export const areasOf = (kind: Kind): GeoJSON.Feature[] => held.value.filter(({ properties }) => properties?.kind === kind)

/** Shapes of another plan than the one in force, as a replay shows. */
export function showAreas(features: GeoJSON.Feature[]): void {
  held.value = features
}

export function keepAreas(): () => void {
  const scope = effectScope()
  let version = ''
  scope.run(() =>
    watch(
      [() => picture.value?.plan.version, connected],
      async ([now, up]) => {
        if (!now || !up || now === version) return
        try {
          held.value = (await planAreas()).features
          version = now
        } catch {
          version = '' // asked again with the next plan or the next link; the map stands without areas
        }
      },
      { immediate: true },
    ),
  )
  return () => scope.stop()
}
