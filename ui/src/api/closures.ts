import { command } from './request'
import type { CommandAnswer } from './types'

export interface ClosureBody { name: string; factor: number; shape: 'line' | 'polygon'; points: [number, number][]; until: string | null }

export const placeClosure = (body: ClosureBody): Promise<CommandAnswer> => command('POST', '/api/closures', body)
export const liftClosure = (id: string): Promise<CommandAnswer> => command('DELETE', `/api/closures/${encodeURIComponent(id)}`)
