/* The map of an incident sheet: drawn apart from the room's map, in the light colours of paper, then kept as a picture. */

import { Map as MapLibre, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import { collection, feature } from './host'
import { PALETTES } from './palette'
import { pictureOf } from './picture'
import { baseStyle } from './style'

export interface Mark { lon: number; lat: number; name: string; unit: boolean }

const WIDE = 760
const TALL = 380
const PATIENCE_MS = 20_000
const NEAR_DEG = 0.004
const p = PALETTES.light

/** The place with its surroundings and the units on it, as a PNG; what lies far off does not make the place small. */
export async function sheetPicture(place: Mark, units: readonly Mark[], attribution: string, locale: string): Promise<string> {
  const holder = document.createElement('div')
  holder.style.cssText = `position:fixed;left:-4000px;top:0;width:${WIDE}px;height:${TALL}px`
  document.body.append(holder)
  setWorkerUrl(workerUrl)
  const map = new MapLibre({
    container: holder, style: baseStyle(p, location.origin, attribution, locale), interactive: false, attributionControl: false, fadeDuration: 0, pixelRatio: 2,
    bounds: [place.lon - NEAR_DEG, place.lat - NEAR_DEG, place.lon + NEAR_DEG, place.lat + NEAR_DEG], localIdeographFontFamily: '"Noto Sans CJK SC", "PingFang SC", sans-serif',
  })
  try {
    await new Promise<void>((ready) => map.once('style.load', () => ready()))
    const marks = [...units, place].map(({ lon, lat, name, unit }) => feature({ type: 'Point', coordinates: [lon, lat] }, { name, unit }))
    map.addSource('marks', { type: 'geojson', data: collection(marks) })
    map.addLayer({ id: 'mark', type: 'circle', source: 'marks', paint: { 'circle-radius': ['case', ['get', 'unit'], 5, 9], 'circle-color': ['case', ['get', 'unit'], p.route, p.incident], 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 2 } })
    map.addLayer({
      id: 'mark-name', type: 'symbol', source: 'marks',
      layout: { 'text-field': ['get', 'name'], 'text-font': ['Noto Sans CJK SC Bold'], 'text-size': 13, 'text-anchor': 'left', 'text-offset': [0.9, 0], 'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-radial-offset': 0.9 },
      paint: { 'text-color': p.incident, 'text-halo-color': '#ffffff', 'text-halo-width': 2 },
    })
    await Promise.race([
      new Promise<void>((ready) => map.once('idle', () => ready())),
      new Promise<void>((ready) => setTimeout(ready, PATIENCE_MS)),
    ])
    return await pictureOf(map, attribution)
  } finally {
    map.remove()
    holder.remove()
  }
}
