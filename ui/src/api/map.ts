import { get } from './request'

/** TileJSON of the base map: its attribution stands on every map. */
export const baseMap = (): Promise<{ attribution: string; minzoom: number; maxzoom: number }> => get('/api/map/style')
