/* The area of a call before it is sent: its shape, and who is in it now. The same rule as the core's, which decides at the call. */

import type { CalledAreaBody, UnitView } from '@/api/types'

export type Position = [lon: number, lat: number]
export interface At { lon: number; lat: number }

const M_PER_DEG = 111_195

export function circle({ lon, lat }: At, radius: number, corners = 64): Position[] {
  const up = radius / M_PER_DEG
  const wide = up / Math.max(0.01, Math.cos((lat * Math.PI) / 180))
  return Array.from({ length: corners + 1 }, (_, n) => {
    const turn = (n / corners) * 2 * Math.PI
    return [lon + wide * Math.cos(turn), lat + up * Math.sin(turn)]
  })
}

/** Whether the point lies within the rings, holes left out: a ray to the east crosses the edges an odd number of times. */
export function within({ lon, lat }: At, rings: readonly (readonly Position[])[]): boolean {
  let inside = false
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [x1, y1] = ring[i]!
      const [x2, y2] = ring[j]!
      if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside
    }
  }
  return inside
}

/** Rings of each polygon of a geometry. */
export function polygonsOf(geometry: GeoJSON.Geometry): Position[][][] {
  if (geometry.type === 'Polygon') return [geometry.coordinates as Position[][]]
  return geometry.type === 'MultiPolygon' ? (geometry.coordinates as Position[][][]) : []
}

/** Shapes of an area, `planned` giving those of a beat or tier; nothing where it is not drawn yet. */
export function shapesOf(area: CalledAreaBody, planned: (kind: 'beat' | 'tier', id: string) => GeoJSON.Geometry[]): GeoJSON.Geometry[] {
  if (area.kind === 'circle') {
    if (area.lon == null || area.lat == null || !area.radius_m) return []
    return [{ type: 'Polygon', coordinates: [circle({ lon: area.lon, lat: area.lat }, area.radius_m)] }]
  }
  if (area.kind === 'polygon') {
    const points = (area.points ?? []) as unknown as Position[]
    return points.length < 3 ? [] : [{ type: 'Polygon', coordinates: [[...points, points[0]!]] }]
  }
  return area.id ? planned(area.kind, area.id) : []
}

/** Units on duty whose last position lies in one of the shapes, by call sign. */
export function unitsWithin(shapes: readonly GeoJSON.Geometry[], units: Iterable<UnitView>, at: (unit: string) => At | undefined): UnitView[] {
  const polygons = shapes.flatMap(polygonsOf)
  if (polygons.length === 0) return []
  const found: UnitView[] = []
  for (const unit of units) {
    const place = unit.status === 'off_duty' ? undefined : at(unit.id)
    if (place && polygons.some((rings) => within(place, rings))) found.push(unit)
  }
  return found.sort((a, b) => a.call_sign.localeCompare(b.call_sign))
}
