/* The empty area that is looked at, drawn over the ground; the map goes there only where it is out of view. */

import { LngLatBounds } from 'maplibre-gl'
import { computed, defineComponent, watch } from 'vue'
import { emptyAreaShapes } from '@/state/emptyArea'
import { collection, useMap, useShapes } from '../host'

export const EmptyAreaPart = defineComponent({
  name: 'EmptyAreaPart',
  setup() {
    const map = useMap()
    useShapes('empty-area', computed(() => collection(emptyAreaShapes.value)), (p) => [
      { id: 'empty-area-fill', type: 'fill', paint: { 'fill-color': p.near, 'fill-opacity': 0.14 } },
      { id: 'empty-area-edge', type: 'line', paint: { 'line-color': p.near, 'line-width': 2, 'line-opacity': 0.9 } },
    ], 'slot-areas')
    watch(emptyAreaShapes, (shapes) => {
      if (shapes.length === 0) return
      const bounds = new LngLatBounds()
      for (const { geometry } of shapes) for (const place of places(geometry)) bounds.extend(place)
      const view = map.getBounds()
      if (!view.contains(bounds.getNorthEast()) || !view.contains(bounds.getSouthWest())) map.fitBounds(bounds, { padding: 60, maxZoom: 14 })
    })
    return () => null
  },
})

function places(geometry: GeoJSON.Geometry): [number, number][] {
  if (geometry.type === 'Polygon') return geometry.coordinates.flat() as [number, number][]
  return geometry.type === 'MultiPolygon' ? (geometry.coordinates.flat(2) as [number, number][]) : []
}
