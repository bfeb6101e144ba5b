/* Where a unit has been: a line that fades with age, its fixes with their time under the pointer, its stops; and the circle of
"who was here" with those who were. A right click asks who was there. */

import type { MapMouseEvent } from 'maplibre-gl'
import { computed, defineComponent, onBeforeUnmount } from 'vue'
import { clockTime, duration } from '@/format/time'
import { timezone } from '@/state/cityClock'
import { pickMode } from '@/state/picking'
import { askWhoWasHere, shownTrack, tracks } from '@/state/tracks'
import { collection, feature, featuresAt, useMap, useShapes } from '../host'
import { agedLines, circle, points } from '../trackShapes'

const FONT = ['Noto Sans CJK SC Regular']

export const TracksPart = defineComponent({
  name: 'TracksPart',
  setup() {
    const map = useMap()
    const fixes = computed(() => shownTrack.value?.fixes ?? [])
    /** From the first fix to the last: the oldest part of what is drawn is the faintest, whatever the period asked for. */
    const span = computed(() => ({ from: fixes.value[0]?.[0] ?? 0, to: fixes.value.at(-1)?.[0] ?? 0 }))

    const area = computed(() => collection(tracks.place ? [feature(circle(tracks.place.lon, tracks.place.lat, tracks.radius))] : []))
    useShapes('track-near', area, (p) => [
      { id: 'track-near-fill', type: 'fill', paint: { 'fill-color': p.chosen, 'fill-opacity': 0.07 } },
      { id: 'track-near-line', type: 'line', paint: { 'line-color': p.chosen, 'line-width': 1.5, 'line-dasharray': [3, 2] } },
    ], 'slot-marks')

    const lines = computed(() => agedLines(fixes.value, span.value.from, span.value.to))
    useShapes('track-line', lines, (p) => [
      { id: 'track-edge', type: 'line', layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': p.halo, 'line-width': 5.5, 'line-opacity': 0.7 } },
      {
        id: 'track-line', type: 'line', layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: { 'line-color': p.trail, 'line-width': 2.6, 'line-opacity': ['interpolate', ['linear'], ['get', 'age'], 0, 1, 1, 0.22] },
      },
    ], 'slot-routes')

    const dots = computed(() => points(fixes.value, span.value.from, span.value.to))
    useShapes('track-points', dots, (p) => [
      {
        id: 'track-point', type: 'circle', minzoom: 12.5,
        paint: {
          'circle-radius': ['interpolate', ['linear'], ['zoom'], 12.5, 1.4, 16, 3.4], 'circle-color': ['case', ['get', 'late'], p.halo, p.trail],
          'circle-stroke-color': p.trail, 'circle-stroke-width': ['case', ['get', 'late'], 1, 0],
          'circle-opacity': ['interpolate', ['linear'], ['get', 'age'], 0, 1, 1, 0.4], 'circle-stroke-opacity': ['interpolate', ['linear'], ['get', 'age'], 0, 1, 1, 0.4],
        },
      },
    ], 'slot-marks')

    const stops = computed(() => collection((shownTrack.value?.stops ?? []).map(({ from, to, lon, lat }) =>
      feature({ type: 'Point', coordinates: [lon, lat] }, { text: `${clockTime(Date.parse(from), timezone.value).slice(0, 5)} · ${duration((Date.parse(to) - Date.parse(from)) / 1000)}` }))))
    useShapes('track-stops', stops, (p) => [
      { id: 'track-stop', type: 'circle', paint: { 'circle-radius': 6, 'circle-color': p.halo, 'circle-stroke-color': p.trail, 'circle-stroke-width': 2 } },
      {
        id: 'track-stop-text', type: 'symbol', minzoom: 12.5,
        layout: { 'text-field': ['get', 'text'], 'text-font': FONT, 'text-size': 12, 'text-offset': [0, 1.2], 'text-anchor': 'top' },
        paint: { 'text-color': p.label, 'text-halo-color': p.halo, 'text-halo-width': 1.6 },
      },
    ], 'slot-marks')

    const hovered = computed(() => {
      const fix = tracks.hovered === null ? undefined : fixes.value[tracks.hovered]
      if (!fix) return collection([])
      const [at, lon, lat, speed] = fix
      const text = clockTime(at, timezone.value) + (speed === null ? '' : ` · ${Math.round(speed * 3.6)} km/h`)
      return collection([feature({ type: 'Point', coordinates: [lon, lat] }, { text })])
    })
    useShapes('track-hover', hovered, (p) => [
      { id: 'track-hover', type: 'circle', paint: { 'circle-radius': 6, 'circle-color': p.trail, 'circle-stroke-color': p.chosen, 'circle-stroke-width': 2 } },
      {
        id: 'track-hover-text', type: 'symbol',
        layout: { 'text-field': ['get', 'text'], 'text-font': FONT, 'text-size': 13, 'text-offset': [0, -1.2], 'text-anchor': 'bottom', 'text-allow-overlap': true },
        paint: { 'text-color': p.chosen, 'text-halo-color': p.halo, 'text-halo-width': 2 },
      },
    ], 'slot-top')

    let last = 0
    function move(event: MapMouseEvent): void {
      const now = performance.now()
      if (!shownTrack.value || now - last < 60) return
      last = now
      const found = featuresAt(map, event.point, ['track-point'], 5)[0]
      tracks.hovered = found ? Number(found.properties.i) : null
    }
    function ask(event: MapMouseEvent): void {
      event.preventDefault()
      if (pickMode.value === 'line' || pickMode.value === 'polygon') return
      askWhoWasHere({ lon: event.lngLat.lng, lat: event.lngLat.lat })
    }
    map.on('mousemove', move)
    map.on('contextmenu', ask)
    onBeforeUnmount(() => {
      map.off('mousemove', move)
      map.off('contextmenu', ask)
    })
    return () => null
  },
})
