import { get } from './request'
import type { RouteView, StreetReachView } from './types'

export const reachStreets = (signal?: AbortSignal): Promise<StreetReachView> => get('/api/reach/streets', {}, signal)
export const routeOf = (unit: string, incident: string, signal?: AbortSignal): Promise<RouteView> =>
  get('/api/route', { unit, incident }, signal)
