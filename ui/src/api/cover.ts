import { command, get } from './request'
import type { CommandAnswer, CoverMoveView } from './types'

export const coverProposal = (): Promise<CoverMoveView[]> => get('/api/cover/proposal')
export const orderCover = (moves: CoverMoveView[], advice: string | null): Promise<CommandAnswer> =>
  command('POST', '/api/cover', { moves: moves.map(({ unit, version, lon, lat, text }) => ({ unit, version, lon, lat, text })), advice })
export const endCover = (units: string[]): Promise<CommandAnswer> => command('POST', '/api/cover', { end: units })
