/* Who is signed in at this screen. */

import { readonly, shallowRef } from 'vue'
import { Refused, whenSignedOut } from '@/api/request'
import { currentSession, signIn as enter, signOut as leave } from '@/api/session'
import type { SessionView } from '@/api/types'
import { stopLive } from './picture'
import { preferencesOf } from './preferences'

const held = shallowRef<SessionView | null>(null)
export const session = readonly(held)

export async function findSession(): Promise<SessionView | null> {
  try {
    held.value = await currentSession()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    held.value = null
  }
  if (held.value) preferencesOf(held.value.user)
  return held.value
}

export async function signIn(user: string, password: string): Promise<SessionView> {
  held.value = await enter(user, password)
  preferencesOf(held.value.user)
  return held.value
}

export async function signOut(): Promise<void> {
  await leave().catch(() => undefined)
  held.value = null
  stopLive()
}

export function onSessionEnd(act: () => void): void {
  whenSignedOut(() => {
    held.value = null
    stopLive()
    act()
  })
}
