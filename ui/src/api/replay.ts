/* The log shown again: opening a period is put on record with its reason; everything after that only looks. */

import { askOnRecord, get } from './request'
import type { AdvisedOrder, MarksView, ReplayChunk, ReplayView, ShiftPeriod, StateView } from './types'

export interface ReplayWanted { from?: string; to?: string; incident?: string; unit?: string }

const at = (id: string, what: string): string => `/api/replay/${encodeURIComponent(id)}/${what}`

export const openReplay = (wanted: ReplayWanted, reason: string): Promise<ReplayView> => askOnRecord('/api/replay', { ...wanted, reason })
export const replayState = (id: string, moment: string, signal?: AbortSignal): Promise<StateView> => get(at(id, 'state'), { at: moment }, signal)
export const replayChanges = (id: string, from: string, to: string, stepS: number, version: number, signal?: AbortSignal): Promise<ReplayChunk> =>
  get(at(id, 'changes'), { from, to, step_s: stepS, version }, signal)
export const replayMarks = (id: string): Promise<MarksView> => get(at(id, 'marks'))
export const replayAdvice = (id: string, incident: string, moment: string): Promise<AdvisedOrder[]> => get(at(id, 'advice'), { incident, at: moment })
export const replayAreas = (id: string, moment: string): Promise<GeoJSON.FeatureCollection> => get(at(id, 'areas'), { at: moment })
export const replayShifts = (): Promise<ShiftPeriod[]> => get('/api/replay/shifts')
