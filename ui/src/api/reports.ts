import { get } from './request'
import type { DailyReport } from './types'

export const dailyReport = (day: string): Promise<DailyReport> => get('/api/reports/daily', { day })
export const dailyReportFile = (day: string, form: 'csv' | 'xlsx'): string => `/api/reports/daily.${form}?day=${day}`
