import { command } from './request'
import type { CommandAnswer } from './types'

export const setUnitStatus = (unit: string, status: string, reason: string, version: number, byVoice: boolean): Promise<CommandAnswer> =>
  command('POST', `/api/units/${encodeURIComponent(unit)}/status`, { status, reason, version, by_voice: byVoice })
