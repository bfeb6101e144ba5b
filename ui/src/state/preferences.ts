/* How a user likes the screens: language, theme, which panels are folded and how large they are, layers, whether the tour is known. It
goes with the account to any desk (the core keeps it); sound and size of text belong to the machine. The browser keeps a copy of all,
for each account and for whoever has not signed in yet. See docs/decisions/0092-layout-on-the-machine.md. */

import { reactive, watch } from 'vue'
import { keepPreferences, type KeptPreferences } from '@/api/preferences'

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
  /** The tour of the room was dismissed for good. */
  tourSeen: boolean
}

const KEY = 'kuaijing.preferences'
const DEFAULTS: Preferences = {
  locale: 'zh', themeChoice: 'dark', theme: 'dark', scale: 0, muted: false, reach: false, underway: false, beats: true, tiers: false,
  unitsFolded: false, queueFolded: false, sideFolded: false, queueWide: null, sideWide: null, unitsTall: null, tourSeen: false,
}
/** What goes with the account. */
const ROAMING = [
  'locale', 'themeChoice', 'reach', 'underway', 'beats', 'tiers', 'unitsFolded', 'queueFolded', 'sideFolded', 'queueWide', 'sideWide', 'unitsTall', 'tourSeen',
] as const satisfies (keyof Preferences)[]
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

/** What the core keeps for the account, as far as it was changed; null while nobody is known to it. */
let remote: KeptPreferences | null = null
let pause: ReturnType<typeof setTimeout> | undefined
const PAUSE_MS = 800

/** Those of `found` that go with an account and are of the kind that they must be. */
export function roaming(found: KeptPreferences): Partial<Preferences> {
  return Object.fromEntries(ROAMING.flatMap((name) => {
    const value = found[name]
    const usual = DEFAULTS[name]
    const sort = usual === null ? 'number' : typeof usual
    if (value === undefined || (value === null ? usual !== null : typeof value !== sort)) return []
    if (name === 'locale' && value !== 'zh' && value !== 'en') return []
    if (name === 'themeChoice' && value !== 'dark' && value !== 'light' && value !== 'auto') return []
    return [[name, value]]
  }))
}

/** From now on those of this account: what the core keeps for it, else what this machine does. */
export function preferencesOf(user: string, kept?: KeptPreferences): void {
  account = user
  const own = read(`${KEY}.${user}`)
  if (own) Object.assign(preferences, DEFAULTS, own)
  if (!kept) return
  remote = { ...kept }
  Object.assign(preferences, roaming(kept))
  shown = now()
}
/** Whoever signs in next has others. */
export function preferencesOfNobody(): void {
  account = ''
  remote = null
  clearTimeout(pause)
}

const now = (): KeptPreferences => Object.fromEntries(ROAMING.map((name) => [name, preferences[name]]))
let shown = now()
/** Sends what was changed here; what was never touched stays as another desk left it. */
function send(): void {
  const before = shown
  shown = now()
  const changed = ROAMING.filter((name) => shown[name] !== before[name])
  if (!remote || changed.length === 0) return
  for (const name of changed) remote[name] = shown[name]!
  clearTimeout(pause)
  pause = setTimeout(() => { if (remote) void keepPreferences(remote).catch(() => undefined) }, PAUSE_MS) // a lost link: the browser's copy stands
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

watch(preferences, (all) => {
  send()
  try {
    localStorage.setItem(KEY, JSON.stringify(all))
    if (account) localStorage.setItem(`${KEY}.${account}`, JSON.stringify(all))
  } catch {
    /* a browser that keeps nothing still works for this visit */
  }
})
