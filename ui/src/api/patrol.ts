import { command, get } from './request'
import type { CommandAnswer, PatrolPointView } from './types'

/** Patrol points of the plan with today's visits. */
export const patrolPoints = (): Promise<PatrolPointView[]> => get('/api/patrol')

/** An own unit to a patrol point: it stays free, and covers from there. */
export const sendToPoint = (unit: { id: string; version: number }, point: PatrolPointView): Promise<CommandAnswer> =>
  command('POST', '/api/cover', { moves: [{ unit: unit.id, version: unit.version, lon: point.lon, lat: point.lat, text: point.name }], advice: null })
