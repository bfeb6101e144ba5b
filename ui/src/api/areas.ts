import { command, get } from './request'
import type { CommandAnswer, CoverMoveView } from './types'

/** Seen, for everybody. */
export const acknowledgeArea = (area: string): Promise<CommandAnswer> => command('POST', `/api/areas/${encodeURIComponent(area)}/acknowledge`, {})
/** The free unit that could restore the area soonest now; empty where there is none. */
export const backfillOf = (area: string): Promise<CoverMoveView[]> => get(`/api/areas/${encodeURIComponent(area)}/backfill`)
