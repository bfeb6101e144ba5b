/* The box around a shape: west, south, east, north. Pure. */

export type Box = [number, number, number, number]

export function boundsOf(geometry: GeoJSON.Geometry): Box | null {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity]
  const take = (held: unknown): void => {
    if (!Array.isArray(held)) return
    const [lon, lat] = held as unknown[]
    if (typeof lon === 'number' && typeof lat === 'number') {
      box[0] = Math.min(box[0], lon)
      box[1] = Math.min(box[1], lat)
      box[2] = Math.max(box[2], lon)
      box[3] = Math.max(box[3], lat)
    } else held.forEach(take)
  }
  if (geometry.type === 'GeometryCollection') return null
  take(geometry.coordinates)
  return box[0] <= box[2] ? box : null
}
