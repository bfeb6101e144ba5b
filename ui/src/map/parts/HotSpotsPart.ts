/* Hot spots of the period (cells, the more incidents the stronger), platforms of draft and plan, and places that nothing reaches in time. */

import { computed, defineComponent, watch } from 'vue'
import { preferences } from '@/state/preferences'
import { answers, demand, lookAt, opened, tab } from '@/state/planning'
import { collection, feature, useMap, useShapes } from '../host'

export const HotSpotsPart = defineComponent({
  name: 'HotSpotsPart',
  setup() {
    const map = useMap()
    const cells = computed(() => {
      const spots = tab.value === 'demand' ? (demand.value?.hot_spots ?? []) : []
      const most = Math.max(1, ...spots.map((spot) => spot.times_mean))
      return collection(spots.flatMap((spot) => spot.cells.map(([west, south, east, north]) =>
        feature({ type: 'Polygon', coordinates: [[[west!, south!], [east!, south!], [east!, north!], [west!, north!], [west!, south!]]] }, { weight: spot.times_mean / most }))))
    })
    useShapes('hot-cells', cells, (p) => [
      { id: 'hot-cell', type: 'fill', paint: { 'fill-color': p.gap, 'fill-opacity': ['interpolate', ['linear'], ['get', 'weight'], 0, 0.18, 1, 0.6] } },
      { id: 'hot-cell-edge', type: 'line', paint: { 'line-color': p.gap, 'line-width': 0.8, 'line-opacity': 0.8 } },
    ], 'slot-areas')
    const ranks = computed(() => collection(tab.value === 'demand' ? (demand.value?.hot_spots ?? []).map((spot, row) => feature({ type: 'Point', coordinates: [spot.lon, spot.lat] }, { rank: String(row + 1) })) : []))
    useShapes('hot-ranks', ranks, (p) => [{
      id: 'hot-rank', type: 'symbol', layout: { 'text-field': ['get', 'rank'], 'text-font': ['Noto Sans CJK SC Regular'], 'text-size': 13 },
      paint: { 'text-color': p.label, 'text-halo-color': p.halo, 'text-halo-width': 1.6 },
    }], 'slot-marks')

    const posts = computed(() => {
      const held = opened.value
      if (!held || tab.value === 'demand') return collection([])
      const before = held.today_posts.map((post) => feature({ type: 'Point', coordinates: post.at }, { now: false, name: '' }))
      const after = held.posts.map((post) => feature({ type: 'Point', coordinates: post.at }, { now: true, name: (preferences.locale === 'en' && post.name_en) || post.name }))
      return collection([...before, ...after])
    })
    useShapes('planned-posts', posts, (p) => [
      { id: 'post-before', type: 'circle', filter: ['!', ['get', 'now']], paint: { 'circle-radius': 5, 'circle-color': 'rgba(0,0,0,0)', 'circle-stroke-color': p.gap, 'circle-stroke-width': 1.5 } },
      { id: 'post-now', type: 'circle', filter: ['get', 'now'], paint: { 'circle-radius': 4.5, 'circle-color': p.units.command_vehicle!, 'circle-stroke-color': p.halo, 'circle-stroke-width': 1.2 } },
      {
        id: 'post-name', type: 'symbol', filter: ['get', 'now'], minzoom: 12.5,
        layout: { 'text-field': ['get', 'name'], 'text-font': ['Noto Sans CJK SC Regular'], 'text-size': 11, 'text-anchor': 'top', 'text-offset': [0, 0.6] },
        paint: { 'text-color': p.labelSoft, 'text-halo-color': p.halo, 'text-halo-width': 1.3 },
      },
    ], 'slot-marks')

    const lost = computed(() => collection(tab.value === 'fleet' ? (answers.value.platforms?.unattainable ?? []).map((place) => feature({ type: 'Point', coordinates: [place.lon, place.lat] })) : []))
    useShapes('planned-lost', lost, (p) => [{ id: 'lost-place', type: 'symbol', layout: { 'text-field': '×', 'text-font': ['Noto Sans CJK SC Regular'], 'text-size': 18, 'text-allow-overlap': true }, paint: { 'text-color': p.broken, 'text-halo-color': p.halo, 'text-halo-width': 1 } }], 'slot-top')

    watch(lookAt, (at) => { if (at) map.jumpTo({ center: at, zoom: Math.max(map.getZoom(), 13.5) }) })
    return () => null
  },
})
