import { command } from './request'
import type { AreaCallBody, CommandAnswer } from './types'

const at = (id: string): string => `/api/area-calls/${encodeURIComponent(id)}`

export const callArea = (body: AreaCallBody): Promise<CommandAnswer> => command('POST', '/api/area-calls', body)
/** What a unit said by voice, entered on its behalf. */
export const answerFor = (id: string, unit: string, text: string): Promise<CommandAnswer> => command('POST', `${at(id)}/answers`, { unit, text })
export const endAreaCall = (id: string): Promise<CommandAnswer> => command('POST', `${at(id)}/end`, {})
/** Paths for the officer's outbox. */
export const receiptPath = (id: string): string => `${at(id)}/delivered`
export const answerPath = (id: string): string => `${at(id)}/answers`
