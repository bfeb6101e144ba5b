/* An area call on the map: its area, and a ring round every unit in it; once called, who has answered by another ring than who has not. */

import { LngLatBounds } from 'maplibre-gl'
import { computed, defineComponent, watch } from 'vue'
import { areaCallShapes, draft, litUnits } from '@/state/areaCall'
import { polygonsOf } from '@/state/areaCallAreas'
import { fixOf, fixTick } from '@/state/positions'
import { collection, feature, useMap, useShapes } from '../host'

const PANEL_PX = 396

export const AreaCallPart = defineComponent({
  name: 'AreaCallPart',
  setup() {
    const map = useMap()
    useShapes('area-call', computed(() => collection(areaCallShapes.value.map((shape) => feature(shape)))), (p) => [
      { id: 'area-call-fill', type: 'fill', paint: { 'fill-color': p.chosen, 'fill-opacity': 0.07 } },
      { id: 'area-call-edge', type: 'line', paint: { 'line-color': p.chosen, 'line-width': 1.5, 'line-opacity': 0.8 } },
    ], 'slot-areas')

    const rings = computed(() => {
      void fixTick.value
      return collection(litUnits.value.flatMap(({ id, answered }) => {
        const fix = fixOf(id)
        return fix ? [feature({ type: 'Point', coordinates: [fix.lon, fix.lat] }, { state: answered === null ? 'called' : answered ? 'answered' : 'silent' })] : []
      }))
    })
    useShapes('area-call-units', rings, (p) => [
      {
        id: 'area-call-ring', type: 'circle',
        paint: {
          'circle-radius': ['match', ['get', 'state'], 'answered', 12, 16], 'circle-opacity': 0, 'circle-stroke-opacity': 0.95,
          'circle-stroke-width': ['match', ['get', 'state'], 'answered', 1.5, 3],
          'circle-stroke-color': ['match', ['get', 'state'], 'silent', p.near, p.chosen],
        },
      },
    ], 'slot-units')

    /** The map goes there once for each area, not with every change of the picture. */
    watch(() => JSON.stringify(areaCallShapes.value), () => {
      const places = areaCallShapes.value.flatMap(polygonsOf).flat(2)
      if (places.length === 0 || (draft.on && draft.kind === 'polygon')) return
      const bounds = new LngLatBounds()
      for (const place of places) bounds.extend(place)
      const left = Math.min(PANEL_PX, map.getCanvas().clientWidth / 2) // what lies under the panel is not seen
      map.fitBounds(bounds, { padding: { left, right: 24, top: 24, bottom: 24 }, maxZoom: 15, duration: 0 })
    })
    return () => null
  },
})
