/* Routes: proposed ones, the one under the pointer heavier, those on their way solid. */

import { computed, defineComponent } from 'vue'
import { followedWay } from '@/state/following'
import { routeLines } from '@/state/routes'
import { collection, feature, useShapes } from '../host'

export const RoutesPart = defineComponent({
  name: 'RoutesPart',
  setup() {
    const lines = computed(() => collection(
      [...routeLines.value.filter(({ unit }) => unit !== followedWay.value?.unit), ...(followedWay.value ? [{ points: followedWay.value.route.points, weight: 'underway' }] : [])]
        .filter(({ points }) => points.length > 1)
        .map(({ points, weight }) => feature({ type: 'LineString', coordinates: points }, { weight })),
    ))
    useShapes('routes', lines, (p) => [
      { id: 'route-edge', type: 'line', layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': p.halo, 'line-width': 6.5, 'line-opacity': 0.8 } },
      {
        id: 'route', type: 'line', layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: {
          'line-color': ['match', ['get', 'weight'], 'picked', p.routeFaint, p.route],
          'line-width': ['match', ['get', 'weight'], 'hovered', 4.5, 3],
        },
      },
    ], 'slot-routes')
    return () => null
  },
})
