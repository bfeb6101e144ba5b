import { get } from './request'
import type { Hit } from './types'

export const searchPlaces = (q: string, near: [number, number] | null, limit = 8, signal?: AbortSignal): Promise<Hit[]> =>
  get('/api/search', { q, near: near ? near.map((d) => d.toFixed(6)).join(',') : null, limit }, signal)
