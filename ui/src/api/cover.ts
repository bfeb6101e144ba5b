import { command, get } from './request'
import type { CommandAnswer, CoverMoveView, CoverOffer } from './types'

export const coverOffer = (): Promise<CoverOffer> => get('/api/cover/offer')
export const orderCover = (moves: CoverMoveView[], advice: string | null): Promise<CommandAnswer> =>
  command('POST', '/api/cover', { moves: moves.map(({ unit, version, lon, lat, text }) => ({ unit, version, lon, lat, text })), advice })
export const endCover = (units: string[]): Promise<CommandAnswer> => command('POST', '/api/cover', { end: units })
