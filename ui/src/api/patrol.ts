import { get } from './request'
import type { PatrolPointView } from './types'

/** Patrol points of the plan with today's visits. */
export const patrolPoints = (): Promise<PatrolPointView[]> => get('/api/patrol')
