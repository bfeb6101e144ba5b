import { command } from './request'
import type { CommandAnswer } from './types'

export const handOver = (to: string, note: string): Promise<CommandAnswer> => command('POST', '/api/shift/handover', { to, note })
