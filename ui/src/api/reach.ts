import { get } from './request'
import type { RouteView } from './types'

/** One line a street with `reached`, `seconds`, `limit_s`, `tier`. */
export const reachStreets = (signal?: AbortSignal): Promise<GeoJSON.FeatureCollection> => get('/api/reach/streets', {}, signal)
export const routeOf = (unit: string, incident: string, signal?: AbortSignal): Promise<RouteView> =>
  get('/api/route', { unit, incident }, signal)
