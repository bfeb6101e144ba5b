import { get } from './request'
import type { RouteView } from './types'

/** One line a street with `street`, `reached`, `seconds`, `limit_s`, `tier`, `unit`, `next`, `next_s`. */
export const reachStreets = (signal?: AbortSignal): Promise<GeoJSON.FeatureCollection> => get('/api/reach/streets', {}, signal)
export const routeOf = (unit: string, incident: string, signal?: AbortSignal): Promise<RouteView> =>
  get('/api/route', { unit, incident }, signal)
/** Streets that would no longer be reached in time without that unit. */
export const reachWithout = (unit: string): Promise<GeoJSON.FeatureCollection> => get('/api/reach/without', { unit })
