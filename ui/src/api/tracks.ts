import { get } from './request'
import type { PresenceView, TrackView } from './types'

export interface Period { from: string; to: string }

const path = (unit: string): string => `/api/units/${encodeURIComponent(unit)}/track`

/** The last 30 minutes of a unit on duty: needs no reason. */
export const trailOf = (unit: string, signal?: AbortSignal): Promise<TrackView> => get(path(unit), {}, signal)
/** Any period; the look stands in the log with its reason. */
export const trackOf = (unit: string, { from, to }: Period, reason: string): Promise<TrackView> => get(path(unit), { from, to, reason })
export const trackFile = (unit: string, { from, to }: Period, reason: string, form: 'gpx' | 'geojson'): string =>
  `${path(unit)}.${form}?${new URLSearchParams({ from, to, ...(reason ? { reason } : {}) })}`
export const whoWasNear = (at: { lon: number; lat: number }, radius_m: number, { from, to }: Period, reason: string): Promise<PresenceView[]> =>
  get('/api/tracks/near', { lon: at.lon, lat: at.lat, radius_m, from, to, reason })
