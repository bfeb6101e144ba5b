import { command, get } from './request'
import type { AdvisedOrder, AdviceView, CommandAnswer, FollowUpBody, IncidentDetail, OrderLine } from './types'

export type { OrderLine }

const at = (id: string, what = ''): string => `/api/incidents/${encodeURIComponent(id)}${what}`

export const incidentDetail = (id: string, signal?: AbortSignal): Promise<IncidentDetail> => get(at(id), {}, signal)
export const recommendation = (id: string, purpose: string, signal?: AbortSignal): Promise<AdviceView> =>
  get(at(id, '/recommendation'), { purpose }, signal)

/** Its orders, each beside what was advised then. */
export const advisedOrders = (id: string): Promise<AdvisedOrder[]> => get(at(id, '/advised'))

export const order = (id: string, units: OrderLine[], advice: string | null, byVoice: boolean, key: string): Promise<CommandAnswer> =>
  command('POST', at(id, '/orders'), { units, advice, by_voice: byVoice }, key)
export const escalate = (id: string, grade: number, reason: string, version: number): Promise<CommandAnswer> =>
  command('POST', at(id, '/escalate'), { grade, reason, version })
export const reclassify = (id: string, kind: string, grade: number, reason: string, version: number): Promise<CommandAnswer> =>
  command('POST', at(id, '/reclassify'), { kind, grade, reason, version })
export const movePlace = (id: string, place: { lon: number; lat: number; text: string }, version: number): Promise<CommandAnswer> =>
  command('POST', at(id, '/place'), { place, version })
export const merge = (id: string, into: string, reason: string): Promise<CommandAnswer> => command('POST', at(id, '/merge'), { into, reason })
export const unmerge = (id: string): Promise<CommandAnswer> => command('POST', at(id, '/unmerge'), {})
export const addNote = (id: string, text: string, measures: boolean, byVoice: boolean): Promise<CommandAnswer> =>
  command('POST', at(id, '/notes'), { text, measures, by_voice: byVoice })
export const close = (id: string, outcome: string, followUp: FollowUpBody | null, note: string, version: number): Promise<CommandAnswer> =>
  command('POST', at(id, '/close'), { outcome, follow_up: followUp, note, version })
export const cancel = (id: string, reason: string, version: number): Promise<CommandAnswer> =>
  command('POST', at(id, '/cancel'), { reason, version })
export const reopen = (id: string, reason: string): Promise<CommandAnswer> => command('POST', at(id, '/reopen'), { reason })
