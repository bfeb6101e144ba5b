import { get } from './request'

export const dailyReport = <T>(day: string): Promise<T> => get('/api/reports/daily', { day })
export const dailyReportFile = (day: string, form: 'csv' | 'xlsx'): string => `/api/reports/daily.${form}?day=${day}`
