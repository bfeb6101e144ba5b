/* The city's blocks by beat, borders between beats dashed (each once), today's borders faint beneath; by hand a block is dragged into
   the beat next to it. Fills only tell neighbours apart: six greys with a tint, no meaning in any of them. */

import type { MapMouseEvent } from 'maplibre-gl'
import { computed, defineComponent, onBeforeUnmount, watchEffect } from 'vue'
import { preferences } from '@/state/preferences'
import { blocks, byHand, chosenBeat, chosenBlock, comparison, giveBlock, opened, tab } from '@/state/planning'
import { collection, feature, featuresAt, useMap, useShapes } from '../host'

const FILLS = { dark: ['#33506b', '#4d4a6b', '#3d5c4c', '#625240', '#5c4250', '#3f5a63'], light: ['#a9c3dc', '#c4bfe0', '#b3d3bf', '#dccbb0', '#dcbcc9', '#b3d2db'] }
const LINE = 'LineString'
/** Gains and losses by block: certain ones full, others faint. */
const GAIN = { dark: ['#5fb3c9', '#e0953f'], light: ['#2b7f99', '#b3610a'] }

/** A fill for each beat, unlike its neighbours'. */
export function fillsOf(labels: readonly number[], pairs: readonly (readonly [number, number])[], count: number): number[] {
  const near = new Map<number, Set<number>>()
  for (const [one, other] of pairs) {
    const [a, b] = [labels[one]!, labels[other]!]
    if (a === b) continue
    near.set(a, (near.get(a) ?? new Set()).add(b))
    near.set(b, (near.get(b) ?? new Set()).add(a))
  }
  const found: number[] = []
  for (let beat = 0; beat < count; beat++) {
    const taken = new Set([...(near.get(beat) ?? [])].map((each) => found[each]))
    found.push([0, 1, 2, 3, 4, 5].map((step) => (beat + step) % 6).find((fill) => !taken.has(fill)) ?? beat % 6)
  }
  return found
}

export const BlocksPart = defineComponent({
  name: 'BlocksPart',
  setup() {
    const map = useMap()
    const shown = computed(() => blocks.value !== null && tab.value !== 'demand')
    const labels = computed(() => opened.value?.labels ?? blocks.value?.today ?? [])
    const pairs = computed(() => (blocks.value?.borders ?? []).map(([one, other]) => [one, other] as const))
    const fills = computed(() => fillsOf(labels.value, pairs.value, Math.max(0, ...labels.value) + 1))
    /** In the comparison blocks say what they gain; else to which beat they belong. */
    const gains = computed(() => new Map(tab.value === 'compare' ? (comparison.value?.blocks ?? []).map((line) => [line.block, { up: (line.gain[1] ?? 0) >= 0, certain: (line.low[1] ?? 0) > 0 || (line.high[1] ?? 0) < 0 }]) : []))
    const fillOf = (id: number): string => {
      const gain = gains.value.get(id)
      if (gain) return GAIN[preferences.theme][gain.up ? 0 : 1]!
      return tab.value === 'compare' && gains.value.size ? 'rgba(0,0,0,0)' : (FILLS[preferences.theme][fills.value[labels.value[id]!] ?? 0]!)
    }
    const areas = computed(() => collection(!shown.value ? [] : blocks.value!.shapes.map((coordinates, id) =>
      feature({ type: 'Polygon', coordinates }, { id, beat: labels.value[id], fill: fillOf(id), strong: gains.value.get(id)?.certain ? 0.8 : gains.value.has(id) ? 0.22 : labels.value[id] === chosenBeat.value ? 0.75 : 0.42 }))))
    useShapes('planned-blocks', areas, (p) => [
      { id: 'block-fill', type: 'fill', paint: { 'fill-color': ['get', 'fill'], 'fill-opacity': ['get', 'strong'] } },
      { id: 'block-edge', type: 'line', minzoom: 11.5, paint: { 'line-color': p.labelSoft, 'line-width': 0.5, 'line-opacity': 0.4 } },
    ], 'slot-areas')

    const between = (of: readonly number[]): GeoJSON.Feature[] => (blocks.value?.borders ?? []).filter(([one, other]) => of[one] !== of[other])
      .flatMap(([, , lines]) => lines.map((coordinates) => feature({ type: LINE, coordinates })))
    const today = computed(() => collection(shown.value && opened.value ? between(blocks.value!.today) : []))
    useShapes('planned-today', today, (p) => [{ id: 'today-edge', type: 'line', paint: { 'line-color': p.gap, 'line-width': 1.4, 'line-opacity': 0.55 } }], 'slot-routes')
    const edges = computed(() => collection(shown.value ? between(labels.value) : []))
    useShapes('planned-edges', edges, (p) => [{ id: 'planned-edge', type: 'line', paint: { 'line-color': p.beat, 'line-width': 2, 'line-dasharray': [3, 2] } }], 'slot-routes')

    const chosen = computed(() => collection(shown.value && chosenBlock.value !== null && blocks.value!.shapes[chosenBlock.value] ? [feature({ type: 'Polygon', coordinates: blocks.value!.shapes[chosenBlock.value]! })] : []))
    useShapes('planned-chosen', chosen, (p) => [{ id: 'block-chosen', type: 'line', paint: { 'line-color': p.chosen, 'line-width': 2.5 } }], 'slot-marks')

    const names = computed(() => collection(!shown.value ? [] : beatMiddles()))
    useShapes('planned-names', names, (p) => [{
      id: 'planned-name', type: 'symbol',
      layout: { 'text-field': ['get', 'name'], 'text-font': ['Noto Sans CJK SC Regular'], 'text-size': 12 },
      paint: { 'text-color': p.label, 'text-halo-color': p.halo, 'text-halo-width': 1.4 },
    }], 'slot-marks')
    function beatMiddles(): GeoJSON.Feature[] {
      const beats = opened.value?.beats ?? []
      return beats.map((beat, row) => {
        const own = blocks.value!.at.filter((_, id) => labels.value[id] === row)
        if (!own.length) return null
        const middle = [own.reduce((sum, at) => sum + at[0]!, 0) / own.length, own.reduce((sum, at) => sum + at[1]!, 0) / own.length]
        return feature({ type: 'Point', coordinates: middle }, { name: (preferences.locale === 'en' && beat.name_en) || beat.name })
      }).filter((each) => each !== null)
    }

    const blockAt = (event: MapMouseEvent): number | null => {
      const id: unknown = featuresAt(map, event.point, ['block-fill'], 0)[0]?.properties.id
      return typeof id === 'number' ? id : null
    }
    let held: number | null = null
    const down = (event: MapMouseEvent): void => {
      if (tab.value !== 'beats' || !opened.value) return
      const id = blockAt(event)
      chosenBlock.value = id
      if (!byHand.value || id === null) return
      event.preventDefault() // the map stays where it is while a block is dragged
      held = id
    }
    const moved = (event: MapMouseEvent): void => {
      if (held === null) return
      const over = blockAt(event)
      chosenBeat.value = over === null ? null : (labels.value[over] ?? null)
    }
    const up = (event: MapMouseEvent): void => {
      const block = held
      held = null
      if (block === null) return
      const over = blockAt(event)
      chosenBeat.value = null
      if (over !== null) void giveBlock(block, labels.value[over]!)
    }
    map.on('mousedown', down)
    map.on('mousemove', moved)
    map.on('mouseup', up)
    watchEffect(() => { map.getCanvas().style.cursor = byHand.value && tab.value === 'beats' ? 'grab' : '' })
    onBeforeUnmount(() => {
      map.off('mousedown', down)
      map.off('mousemove', moved)
      map.off('mouseup', up)
    })
    return () => null
  },
})
