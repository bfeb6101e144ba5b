/* Who is signed in at this screen. */

import { readonly, ref, shallowRef } from 'vue'
import { Refused, Unreachable, whenSignedOut } from '@/api/request'
import { currentSession, signIn as enter, signOut as leave } from '@/api/session'
import type { SessionView } from '@/api/types'
import { findDuty, forgetAllOf, forgetDuty } from './keptDuty'
import { stopLive } from './picture'
import { preferencesOf, preferencesOfNobody } from './preferences'

const held = shallowRef<SessionView | null>(null)
export const session = readonly(held)
/** Somebody signed out without a link: the core is told first of all when there is one. */
const LEAVING = 'kuaijing.leaving'
const supposed = ref(false)
/** The session is the one kept on this phone: no word of the core has confirmed it since the page was loaded. */
export const sessionSupposed = readonly(supposed)

/** Without a link, whoever was signed in on /unit here still is, for that page alone. */
export function supposeSession(): void {
  const kept = findDuty()
  if (!kept) return
  held.value = kept.session
  supposed.value = true
  preferencesOf(kept.session.user)
}

function isNow(who: SessionView | null): void {
  held.value = who
  supposed.value = false
  const kept = findDuty()
  if (kept && kept.session.user !== who?.user) forgetDuty()
  if (who) preferencesOf(who.user, who.role === 'wall' ? undefined : (who.preferences ?? {})) // a wall's stay with its machine
  else preferencesOfNobody()
}

export async function findSession(): Promise<SessionView | null> {
  try {
    if (localStorage.getItem(LEAVING)) {
      await leave()
      localStorage.removeItem(LEAVING)
    }
    isNow(await currentSession())
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 401) throw error
    isNow(null)
  }
  return held.value
}

export async function signIn(user: string, password: string): Promise<SessionView> {
  const who = await enter(user, password)
  localStorage.removeItem(LEAVING)
  isNow(who)
  return who
}

export async function signOut(): Promise<void> {
  await leave().catch((error: unknown) => {
    if (error instanceof Unreachable) localStorage.setItem(LEAVING, 'yes')
  })
  if (held.value) forgetAllOf(held.value.user)
  isNow(null)
  stopLive()
}

export function onSessionEnd(act: () => void): void {
  whenSignedOut(() => {
    isNow(null)
    stopLive()
    act()
  })
}
