import { get } from './request'
import type { MismatchReport } from './types'

export interface MismatchPeriod { from: string; to: string; unit?: string; beat?: string }

const PATH = '/api/reports/mismatches'

export const mismatchReport = (period: MismatchPeriod, signal?: AbortSignal): Promise<MismatchReport> => get(PATH, { ...period }, signal)
export const mismatchFile = (period: MismatchPeriod, form: 'csv' | 'xlsx'): string =>
  `${PATH}.${form}?${new URLSearchParams(Object.entries(period).filter(([, value]) => value)).toString()}`
