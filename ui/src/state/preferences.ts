/* What a user likes on this machine: language, theme, size of text, sound, which panels are folded and how large they are. Kept in
the browser: for each account its own, and the last used for whoever has not signed in yet. See docs/decisions/0092. */

import { reactive, watch } from 'vue'

export type ThemeChoice = 'dark' | 'light' | 'auto'

export interface Preferences {
  locale: 'zh' | 'en'
  /** What the user asked for; `theme` is what is shown. */
  themeChoice: ThemeChoice
  theme: 'dark' | 'light'
  /** Enlargement of the room; 0 is by the screen. */
  scale: number
  muted: boolean
  reach: boolean
  /** Ways and tracks of everybody on the way. */
  underway: boolean
  beats: boolean
  tiers: boolean
  unitsFolded: boolean
  queueFolded: boolean
  sideFolded: boolean
  /** Sizes in pixels; null is the usual size for the screen. */
  queueWide: number | null
  sideWide: number | null
  unitsTall: number | null
}

const KEY = 'kuaijing.preferences'
const DEFAULTS: Preferences = {
  locale: 'zh', themeChoice: 'dark', theme: 'dark', scale: 0, muted: false, reach: false, underway: false, beats: true, tiers: false,
  unitsFolded: false, queueFolded: false, sideFolded: false, queueWide: null, sideWide: null, unitsTall: null,
}
const daylight = typeof matchMedia === 'undefined' ? null : matchMedia('(prefers-color-scheme: light)')

/** What was kept under that key, or null. A theme kept before there was a choice is the choice. */
export function kept(text: string | null): Partial<Preferences> | null {
  try {
    const found = JSON.parse(text ?? 'null') as Partial<Preferences> | null
    return found && typeof found === 'object' ? { themeChoice: found.theme ?? DEFAULTS.themeChoice, ...found } : null
  } catch {
    return null
  }
}

function read(key: string): Partial<Preferences> | null {
  try {
    return kept(localStorage.getItem(key))
  } catch {
    return null
  }
}

export const preferences = reactive<Preferences>({ ...DEFAULTS, ...read(KEY) })
let account = ''

/** From now on those of this account: its own where it has some on this machine. */
export function preferencesOf(user: string): void {
  account = user
  const own = read(`${KEY}.${user}`)
  if (own) Object.assign(preferences, DEFAULTS, own)
}

export function usualLayout(): void {
  const { unitsFolded, queueFolded, sideFolded, queueWide, sideWide, unitsTall, scale } = DEFAULTS
  Object.assign(preferences, { unitsFolded, queueFolded, sideFolded, queueWide, sideWide, unitsTall, scale })
}

const NEXT: Record<ThemeChoice, ThemeChoice> = { dark: 'light', light: 'auto', auto: 'dark' }
export const nextTheme = (): ThemeChoice => NEXT[preferences.themeChoice]
export function changeTheme(): void {
  preferences.themeChoice = nextTheme()
}

function showTheme(): void {
  const { themeChoice } = preferences
  preferences.theme = themeChoice === 'auto' ? (daylight?.matches ? 'light' : 'dark') : themeChoice
}
watch(() => preferences.themeChoice, showTheme, { immediate: true, flush: 'sync' })
daylight?.addEventListener?.('change', showTheme)

watch(preferences, (now) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(now))
    if (account) localStorage.setItem(`${KEY}.${account}`, JSON.stringify(now))
  } catch {
    /* a browser that keeps nothing still works for this visit */
  }
})
