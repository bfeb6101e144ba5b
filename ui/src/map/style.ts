/* The base map's style over our own tiles. No glyphs: labels are drawn with the machine's fonts, Chinese included.

Empty layers named `slot-…` mark where the parts of the room go: areas and reach under the labels, marks and units above them, incidents on top. */

import type { LayerSpecification, StyleSpecification } from 'maplibre-gl'
import type { MapPalette } from './palette'

export const SLOTS = ['slot-areas', 'slot-routes', 'slot-marks', 'slot-units', 'slot-top'] as const
const MAJOR = ['motorway', 'trunk', 'primary']
const MIDDLE = ['secondary', 'tertiary']
const MINOR = ['unclassified', 'residential', 'living_street', 'road', 'busway']

const slot = (id: string): LayerSpecification => ({ id, type: 'background', layout: { visibility: 'none' } })

const width = (at11: number, at14: number, at18: number): never =>
  ['interpolate', ['exponential', 1.5], ['zoom'], 9, at11 / 2, 11, at11, 14, at14, 18, at18] as never

const isClass = (classes: string[]): never => ['match', ['get', 'class'], classes, true, false] as never
const notClass = (classes: string[]): never => ['match', ['get', 'class'], classes, false, true] as never

function roads(p: MapPalette): LayerSpecification[] {
  const line = (id: string, filter: never, colour: string, wide: never, minzoom = 0): LayerSpecification => ({
    id, type: 'line', source: 'base', 'source-layer': 'roads', filter, minzoom,
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': colour, 'line-width': wide },
  })
  return [
    line('road-alley', notClass([...MAJOR, ...MIDDLE, ...MINOR]), p.roadAlley, width(0, 0.7, 5), 14),
    line('road-minor', isClass(MINOR), p.roadMinor, width(0.4, 1.3, 11), 11),
    line('road-middle-edge', isClass(MIDDLE), p.roadEdge, width(1.4, 4, 19), 12),
    line('road-middle', isClass(MIDDLE), p.roadMiddle, width(0.8, 2.6, 16)),
    line('road-major-edge', isClass(MAJOR), p.roadEdge, width(2, 5.4, 24), 11),
    line('road-major', isClass(MAJOR), p.roadMajor, width(1.2, 3.8, 21)),
  ]
}

function labels(p: MapPalette, locale: string): LayerSpecification[] {
  const name = (locale === 'en' ? ['coalesce', ['get', 'name_en'], ['get', 'name']] : ['get', 'name']) as never
  const paint = (colour: string): object => ({ 'text-color': colour, 'text-halo-color': p.halo, 'text-halo-width': 1.4 })
  const font = ['Noto Sans CJK SC Regular']
  return [
    {
      id: 'label-road', type: 'symbol', source: 'base', 'source-layer': 'roads', minzoom: 12.5, filter: isClass([...MAJOR, ...MIDDLE]),
      layout: { 'text-field': name, 'text-font': font, 'text-size': 11.5, 'symbol-placement': 'line', 'symbol-spacing': 320 },
      paint: paint(p.labelSoft),
    },
    {
      id: 'label-road-minor', type: 'symbol', source: 'base', 'source-layer': 'roads', minzoom: 15, filter: notClass([...MAJOR, ...MIDDLE]),
      layout: { 'text-field': name, 'text-font': font, 'text-size': 11, 'symbol-placement': 'line', 'symbol-spacing': 260 },
      paint: paint(p.labelSoft),
    },
    {
      id: 'label-poi', type: 'symbol', source: 'base', 'source-layer': 'pois', minzoom: 15,
      layout: { 'text-field': name, 'text-font': font, 'text-size': 11, 'text-max-width': 8, 'text-padding': 6 },
      paint: paint(p.labelSoft),
    },
    {
      id: 'label-place', type: 'symbol', source: 'base', 'source-layer': 'places', maxzoom: 15.5,
      layout: { 'text-field': name, 'text-font': font, 'text-size': ['interpolate', ['linear'], ['zoom'], 10, 12, 14, 15], 'text-padding': 8, 'text-letter-spacing': 0.08 },
      paint: paint(p.label),
    },
  ] as LayerSpecification[]
}

export function baseStyle(p: MapPalette, origin: string, attribution: string, locale: string): StyleSpecification {
  return {
    version: 8,
    sources: {
      base: { type: 'vector', tiles: [`${origin}/tiles/{z}/{x}/{y}`], minzoom: 6, maxzoom: 14, attribution },
    },
    layers: [
      { id: 'land', type: 'background', paint: { 'background-color': p.land } },
      { id: 'green', type: 'fill', source: 'base', 'source-layer': 'green', paint: { 'fill-color': p.green } },
      { id: 'water', type: 'fill', source: 'base', 'source-layer': 'water', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': p.water } },
      {
        id: 'waterway', type: 'line', source: 'base', 'source-layer': 'water', filter: ['==', ['geometry-type'], 'LineString'],
        paint: { 'line-color': p.water, 'line-width': 2 },
      },
      { id: 'building', type: 'fill', source: 'base', 'source-layer': 'buildings', minzoom: 14, paint: { 'fill-color': p.building, 'fill-outline-color': p.buildingEdge } },
      slot('slot-areas'),
      ...roads(p),
      slot('slot-routes'),
      ...labels(p, locale),
      slot('slot-marks'),
      slot('slot-units'),
      slot('slot-top'),
    ],
  }
}
