/* What a part of the map needs: the map itself, the palette, and sources and layers that go when the part goes. */

import type { GeoJSONSource, LayerSpecification, Map as MapLibre, MapGeoJSONFeature } from 'maplibre-gl'
import { computed, defineComponent, inject, onBeforeUnmount, provide, watch, type InjectionKey, type PropType, type Ref } from 'vue'
import { preferences } from '@/state/preferences'
import { PALETTES, type MapPalette } from './palette'
import type { SLOTS } from './style'

export const MAP: InjectionKey<MapLibre> = Symbol('map')

export function useMap(): MapLibre {
  const map = inject(MAP)
  if (!map) throw new Error('a map part stands outside <CityMap>: put it into its slot')
  return map
}

/** Gives the map to the parts inside it. */
export const MapScope = defineComponent({
  props: { map: { type: Object as PropType<MapLibre>, required: true } },
  setup(props, { slots }) {
    provide(MAP, props.map)
    return () => slots.default?.()
  },
})

export const palette = computed<MapPalette>(() => PALETTES[preferences.theme])

export const collection = (features: GeoJSON.Feature[]): GeoJSON.FeatureCollection => ({ type: 'FeatureCollection', features })

export const feature = (geometry: GeoJSON.Geometry, properties: Record<string, unknown> = {}): GeoJSON.Feature => ({
  type: 'Feature', geometry, properties,
})

const FEW = 200
/** What a small collection says; a large one is taken as new each time, as comparing it costs more than it saves. */
const wordsOf = (data: GeoJSON.FeatureCollection): string | null => (data.features.length <= FEW ? JSON.stringify(data) : null)

/** One GeoJSON source with its layers; the map is painted anew only where the data say something else.
 * `layers` is a function of the palette, so that a change of theme repaints without a reload. */
export function useShapes(
  id: string,
  data: Ref<GeoJSON.FeatureCollection>,
  layers: (p: MapPalette) => Omit<Extract<LayerSpecification, { source: string }>, 'source'>[],
  slot: (typeof SLOTS)[number],
): void {
  const map = useMap()
  map.addSource(id, { type: 'geojson', data: data.value })
  const shown = layers(palette.value)
  for (const layer of shown) map.addLayer({ ...layer, source: id } as LayerSpecification, slot)

  let sent = wordsOf(data.value)
  watch(data, (now) => {
    const words = wordsOf(now)
    if (words !== null && words === sent) return
    sent = words
    ;(map.getSource(id) as GeoJSONSource | undefined)?.setData(now)
  })
  watch(palette, (now) => repaint(map, layers(now) as LayerSpecification[]))
  onBeforeUnmount(() => {
    for (const layer of shown) if (map.getLayer(layer.id)) map.removeLayer(layer.id)
    if (map.getSource(id)) map.removeSource(id)
  })
}

/** Gives layers that stand already the paint and the texts of a new palette or language. */
export function repaint(map: MapLibre, layers: LayerSpecification[]): void {
  for (const layer of layers) {
    if (!map.getLayer(layer.id)) continue
    for (const [name, value] of Object.entries(layer.paint ?? {})) map.setPaintProperty(layer.id, name as never, value as never)
    const text = (layer.layout as Record<string, unknown> | undefined)?.['text-field']
    if (text !== undefined) map.setLayoutProperty(layer.id, 'text-field', text as never)
  }
}

export const featuresAt = (map: MapLibre, at: { x: number; y: number }, layers: string[], slack = 6): MapGeoJSONFeature[] =>
  map.queryRenderedFeatures(
    [[at.x - slack, at.y - slack], [at.x + slack, at.y + slack]],
    { layers: layers.filter((layer) => map.getLayer(layer)) },
  )
