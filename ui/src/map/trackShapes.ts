/* A track as shapes: pieces of line by age, points, stops. A silence of five minutes breaks the line: nobody knows the way then. */

import type { TrackView } from '@/api/types'
import { collection, feature } from './host'

const SILENCE_MS = 300_000
const BANDS = 24
const EARTH_M = 6_371_008.8

type Fix = TrackView['fixes'][number]
type Place = [number, number]

/** The track in pieces without a silence, each at least one fix. */
export function pieces(fixes: readonly Fix[]): Fix[][] {
  const found: Fix[][] = []
  fixes.forEach((fix, i) => {
    if (i === 0 || fix[0] - fixes[i - 1]![0] > SILENCE_MS) found.push([])
    found.at(-1)!.push(fix)
  })
  return found
}

/** 0 is the newest moment of the period, 1 the oldest. */
const ageOf = (at: number, from: number, to: number): number => (to > from ? Math.min(1, Math.max(0, (to - at) / (to - from))) : 0)

/** Lines of at most 24 ages; neighbours share their point, so that the line has no gaps. */
export function agedLines(fixes: readonly Fix[], from: number, to: number): GeoJSON.FeatureCollection {
  const lines: GeoJSON.Feature[] = []
  for (const piece of pieces(fixes)) {
    let line: Place[] = []
    let band = -1
    piece.forEach(([at, lon, lat], i) => {
      const here: Place = [lon, lat]
      const now = Math.floor(ageOf(at, from, to) * BANDS * 0.9999)
      if (i > 0) {
        line.push(here)
        if (now !== band || i === piece.length - 1) {
          lines.push(feature({ type: 'LineString', coordinates: line }, { age: (band + 0.5) / BANDS }))
          line = [here]
        }
      } else line = [here]
      band = now
    })
  }
  return collection(lines)
}

export const points = (fixes: readonly Fix[], from: number, to: number): GeoJSON.FeatureCollection =>
  collection(fixes.map(([at, lon, lat, , , , , moved], i) => feature({ type: 'Point', coordinates: [lon, lat] }, { i, age: ageOf(at, from, to), late: !moved })))

/** Metres driven, silences left out; what came late or from a second device is no way that was driven twice. */
export function metresOf(fixes: readonly Fix[]): number {
  let metres = 0
  for (const piece of pieces(fixes.filter(([, , , , , , , moved]) => moved))) {
    piece.slice(1).forEach(([, lon, lat], i) => {
      const [, was, wasLat] = piece[i]!
      const narrow = Math.cos((lat * Math.PI) / 180)
      metres += Math.hypot((lon - was) * narrow, lat - wasLat) * (Math.PI / 180) * EARTH_M
    })
  }
  return metres
}

/** A circle on the ground as a polygon. */
export function circle(lon: number, lat: number, radius_m: number): GeoJSON.Polygon {
  const up = (radius_m / EARTH_M) * (180 / Math.PI)
  const across = up / Math.cos((lat * Math.PI) / 180)
  const ring = Array.from({ length: 65 }, (_, i): Place => [lon + across * Math.sin((i * Math.PI) / 32), lat + up * Math.cos((i * Math.PI) / 32)])
  return { type: 'Polygon', coordinates: [ring] }
}
