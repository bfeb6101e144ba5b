/* This phone's position, sent every few seconds; kept while the link is away, over a reload too, and sent together when it is back. A refusal by the
phone or by its user is said plainly: without a position the arrival cannot be measured. */

import { ref, type Ref } from 'vue'
import { command } from '@/api/request'
import { cityTime } from '@/state/cityClock'
import type { Keep } from './outbox'

export type Access = 'asking' | 'given' | 'refused' | 'unavailable'
interface Report { unit: string; lon: number; lat: number; measured_at: string; crs: 'wgs84'; speed_mps: number | null; heading_deg: number | null; accuracy_m: number | null; source: string }

const EVERY_MS = 4000
const MOST_KEPT = 600

export interface Whereabouts { access: Ref<Access>; last: Ref<{ lon: number; lat: number; accuracy: number } | null>; stop(): void }

export function reportWhereabouts(unit: string, keep: Keep): Whereabouts {
  const access = ref<Access>('asking')
  const last = ref<{ lon: number; lat: number; accuracy: number } | null>(null)
  let kept = keptReports(keep, unit)
  let newest: Report | null = null
  let sending = false
  let stopped = false

  const watching = 'geolocation' in navigator && isSecureContext
    ? navigator.geolocation.watchPosition(
        ({ coords }) => {
          access.value = 'given'
          last.value = { lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy }
          newest = {
            unit, lon: coords.longitude, lat: coords.latitude, measured_at: new Date(cityTime()).toISOString(), crs: 'wgs84',
            speed_mps: coords.speed, heading_deg: Number.isFinite(coords.heading) ? coords.heading : null, accuracy_m: coords.accuracy, source: 'phone',
          }
        },
        (error) => { access.value = error.code === error.PERMISSION_DENIED ? 'refused' : 'unavailable' },
        { enableHighAccuracy: true, maximumAge: 2000, timeout: 20_000 },
      )
    : null
  if (watching === null) access.value = 'unavailable'

  const timer = setInterval(async () => {
    if (newest) {
      kept = [...kept, newest].slice(-MOST_KEPT)
      newest = null
    }
    if (sending || kept.length === 0) return
    sending = true
    const batch = kept
    try {
      await command('POST', '/api/positions', { reports: batch })
      kept = kept.slice(batch.length)
    } catch {
      /* kept for the next round */
    } finally {
      sending = false
      if (!stopped) keep.write(JSON.stringify(kept))
    }
  }, EVERY_MS)

  return {
    access,
    last,
    stop: () => {
      stopped = true
      clearInterval(timer)
      if (watching !== null) navigator.geolocation.clearWatch(watching)
    },
  }
}

function keptReports(keep: Keep, unit: string): Report[] {
  try {
    const found: unknown = JSON.parse(keep.read() ?? '[]')
    return Array.isArray(found) ? (found as Report[]).filter((report) => report.unit === unit).slice(-MOST_KEPT) : []
  } catch {
    return []
  }
}
