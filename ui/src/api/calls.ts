import { command, get } from './request'
import type { CommandAnswer, DuplicateView } from './types'

export interface CallBody {
  place: { lon: number; lat: number; text: string }
  kind: string
  grade?: number | null
  origin: string
  words: string
  caller: string
  phone: string
  link_to?: string | null
}

export const takeCall = (body: CallBody, key: string): Promise<CommandAnswer> => command('POST', '/api/calls', body, key)

export const likelyDuplicates = (lon: number, lat: number, kind: string, words: string, signal?: AbortSignal): Promise<DuplicateView[]> =>
  get('/api/calls/duplicates', { lon, lat, kind, words }, signal)

export const linkCall = (call: string, incident: string): Promise<CommandAnswer> => command('POST', `/api/calls/${call}/link`, { incident })
export const unlinkCall = (call: string): Promise<CommandAnswer> => command('POST', `/api/calls/${call}/unlink`, {})
