/* Everybody on the way: the route ahead thin and whole, the track behind fading. */

import { computed, defineComponent } from 'vue'
import { drives } from '@/state/underway'
import { collection, feature, useShapes } from '../host'
import { agedLines } from '../trackShapes'

export const UnderwayPart = defineComponent({
  name: 'UnderwayPart',
  setup() {
    const ways = computed(() => collection(drives.value.filter(({ points }) => points.length > 1).map(({ unit, points }) => feature({ type: 'LineString', coordinates: points }, { unit }))))
    useShapes('underway', ways, (p) => [
      { id: 'underway', type: 'line', layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': p.routeFaint, 'line-width': 2.2, 'line-opacity': 0.9 } },
    ], 'slot-routes')
    const behind = computed(() => collection(drives.value.flatMap(({ fixes }) => agedLines(fixes, fixes[0]?.[0] ?? 0, fixes.at(-1)?.[0] ?? 0).features)))
    useShapes('underway-tracks', behind, (p) => [
      { id: 'underway-track', type: 'line', layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': p.trail, 'line-width': 1.8, 'line-opacity': ['interpolate', ['linear'], ['get', 'age'], 0, 0.9, 1, 0.2] } },
    ], 'slot-routes')
    return () => null
  },
})
