import { command } from './request'

export type KeptPreferences = Record<string, boolean | number | string | null>
export const keepPreferences = (kept: KeptPreferences): Promise<{ kept: KeptPreferences }> => command('PUT', '/api/me/preferences', { kept })
