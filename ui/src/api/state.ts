import { get } from './request'
import type { HealthView, StateView } from './types'

export const wholeState = (): Promise<StateView> => get('/api/state')
export const health = (): Promise<HealthView> => get('/api/health')
