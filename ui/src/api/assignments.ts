import { command } from './request'
import type { CommandAnswer } from './types'

export type Step = 'delivered' | 'acknowledged' | 'en_route' | 'on_scene' | 'controlled' | 'settled' | 'cleared'

export const stampPath = (assignment: string, step: string): string => `/api/assignments/${encodeURIComponent(assignment)}/${step}`

export const stamp = (assignment: string, step: Step, byVoice: boolean): Promise<CommandAnswer> =>
  command('POST', stampPath(assignment, step), { by_voice: byVoice })
export const withdraw = (assignment: string, reason: string): Promise<CommandAnswer> =>
  command('POST', stampPath(assignment, 'withdraw'), { reason })
export const refuse = (assignment: string, reason: string, byVoice: boolean): Promise<CommandAnswer> =>
  command('POST', stampPath(assignment, 'refuse'), { reason, by_voice: byVoice })
