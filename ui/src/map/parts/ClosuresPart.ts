/* Closures and slow zones in force, and the one being drawn. */

import { computed, defineComponent } from 'vue'
import { picture } from '@/state/picture'
import { drawnPoints, pickMode } from '@/state/picking'
import { collection, feature, useShapes } from '../host'

export const CLOSURE_LAYERS = ['closure-line', 'closure-fill']

export const ClosuresPart = defineComponent({
  name: 'ClosuresPart',
  setup() {
    const closures = computed(() => collection([...(picture.value?.closures.values() ?? [])].map(({ id, name, factor, shape, points }) =>
      feature(
        shape === 'polygon' ? { type: 'Polygon', coordinates: [[...points, points[0]!]] } : { type: 'LineString', coordinates: points },
        { id, name, closed: factor === 0 },
      ))))
    useShapes('closures', closures, (p) => [
      { id: 'closure-fill', type: 'fill', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': ['case', ['get', 'closed'], p.closure, p.slow], 'fill-opacity': 0.14 } },
      { id: 'closure-line', type: 'line', paint: { 'line-color': ['case', ['get', 'closed'], p.closure, p.slow], 'line-width': 3.5, 'line-dasharray': [1, 0.9] } },
      {
        id: 'closure-name', type: 'symbol', minzoom: 12,
        layout: { 'text-field': ['get', 'name'], 'text-font': ['Noto Sans CJK SC Regular'], 'text-size': 12, 'symbol-placement': 'point' },
        paint: { 'text-color': p.label, 'text-halo-color': p.halo, 'text-halo-width': 1.5 },
      },
    ], 'slot-marks')

    const drawing = computed(() => {
      const points = drawnPoints.value.map(({ lon, lat }): [number, number] => [lon, lat])
      const shapes = points.map((at) => feature({ type: 'Point', coordinates: at }))
      if (points.length > 2 && pickMode.value === 'polygon') shapes.push(feature({ type: 'Polygon', coordinates: [[...points, points[0]!]] }))
      else if (points.length > 1) shapes.push(feature({ type: 'LineString', coordinates: points }))
      return collection(shapes)
    })
    useShapes('drawing', drawing, (p) => [
      { id: 'drawing-fill', type: 'fill', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': p.chosen, 'fill-opacity': 0.15 } },
      { id: 'drawing-line', type: 'line', filter: ['!=', ['geometry-type'], 'Point'], paint: { 'line-color': p.chosen, 'line-width': 2 } },
      { id: 'drawing-point', type: 'circle', filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': 4, 'circle-color': p.chosen } },
    ], 'slot-units')
    return () => null
  },
})
