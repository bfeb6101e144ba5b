import { command, get } from './request'
import type { SessionView } from './types'

export const currentSession = (): Promise<SessionView> => get('/api/session')
export const signIn = (user: string, password: string): Promise<SessionView> => command('POST', '/api/session', { user, password })
export const signOut = (): Promise<void> => command('DELETE', '/api/session')
