/* Streets by whether the units free now reach them within their tier's limit. Asked for while the layer is on; a gap is the
warmer, heavier line, so that it reads without colour too. */

import { defineComponent, onBeforeUnmount, shallowRef, watch } from 'vue'
import { reachStreets } from '@/api/reach'
import { connected, picture } from '@/state/picture'
import { preferences } from '@/state/preferences'
import { collection, useShapes } from '../host'

const LEAST_PAUSE_MS = 2500

export const ReachPart = defineComponent({
  name: 'ReachPart',
  setup() {
    const streets = shallowRef<GeoJSON.FeatureCollection>(collection([]))
    useShapes('reach', streets, (p) => [
      {
        id: 'reach-street', type: 'line', layout: { 'line-cap': 'round' },
        paint: {
          'line-color': ['case', ['get', 'reached'], p.reached, p.gap],
          'line-width': ['interpolate', ['linear'], ['zoom'], 10, ['case', ['get', 'reached'], 0.5, 1], 14, ['case', ['get', 'reached'], 1.4, 2.6], 17, ['case', ['get', 'reached'], 3, 5]],
          'line-opacity': ['case', ['get', 'reached'], 0.7, 0.95],
        },
      },
    ], 'slot-routes')

    let asking = false
    let again = false
    async function ask(): Promise<void> {
      if (!preferences.reach || !connected.value) return
      if (asking) {
        again = true
        return
      }
      asking = true
      try {
        const answer = await reachStreets()
        if (preferences.reach) streets.value = answer
      } catch {
        /* the header's figure stays; the layer comes with the next change */
      }
      setTimeout(() => {
        asking = false
        if (again) {
          again = false
          void ask()
        }
      }, LEAST_PAUSE_MS)
    }
    watch(() => preferences.reach, (on) => {
      if (on) void ask()
      else streets.value = collection([])
    }, { immediate: true })
    watch([() => picture.value?.reach?.at, connected], () => void ask())
    onBeforeUnmount(() => { again = false })
    return () => null
  },
})
