/* Beats (dashed, each shared edge once), tiers and platforms of the plan in force. */

import { computed, defineComponent } from 'vue'
import { areasOf } from '@/state/areas'
import { preferences } from '@/state/preferences'
import { collection, feature, useShapes } from '../host'

const nameOf = (properties: GeoJSON.GeoJsonProperties): string =>
  String((preferences.locale === 'en' && properties?.name_en) || properties?.name || '')

const named = (kind: 'beat_label' | 'platform'): GeoJSON.Feature[] =>
  areasOf(kind).map(({ geometry, properties }) => feature(geometry, { name: nameOf(properties) }))

const FONT = ['Noto Sans CJK SC Regular']

export const AreasPart = defineComponent({
  name: 'AreasPart',
  setup() {
    const tiers = computed(() => collection(preferences.tiers ? areasOf('tier') : []))
    useShapes('tiers', tiers, (p) => [
      { id: 'tier-fill', type: 'fill', paint: { 'fill-color': p.tier, 'fill-opacity': 0.08 } },
      { id: 'tier-edge', type: 'line', paint: { 'line-color': p.tier, 'line-width': 1.2, 'line-opacity': 0.8 } },
    ], 'slot-areas')

    const edges = computed(() => collection(preferences.beats ? areasOf('beat_edge') : []))
    useShapes('beats', edges, (p) => [
      { id: 'beat-edge', type: 'line', paint: { 'line-color': p.beat, 'line-width': 1.3, 'line-opacity': 0.75, 'line-dasharray': [4, 3] } },
    ], 'slot-routes')

    const names = computed(() => collection(preferences.beats ? named('beat_label') : []))
    useShapes('beat-names', names, (p) => [
      {
        id: 'beat-name', type: 'symbol', maxzoom: 15,
        layout: { 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': 12, 'text-letter-spacing': 0.1 },
        paint: { 'text-color': p.beat, 'text-opacity': 0.62, 'text-halo-color': p.halo, 'text-halo-width': 1.2 },
      },
    ], 'slot-marks')

    const platforms = computed(() => collection(named('platform')))
    useShapes('platforms', platforms, (p) => [
      {
        id: 'platform', type: 'circle', minzoom: 11,
        paint: { 'circle-radius': 4, 'circle-color': p.land, 'circle-stroke-color': p.labelSoft, 'circle-stroke-width': 1.5 },
      },
      {
        id: 'platform-name', type: 'symbol', minzoom: 13.5,
        layout: { 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': 11, 'text-anchor': 'bottom', 'text-offset': [0, -0.7] },
        paint: { 'text-color': p.labelSoft, 'text-halo-color': p.halo, 'text-halo-width': 1.4 },
      },
    ], 'slot-marks')
    return () => null
  },
})
