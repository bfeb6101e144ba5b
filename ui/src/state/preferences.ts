/* What this user likes on this machine: language, theme, sound, which panels are folded. Kept in the browser, nowhere else. */

import { reactive, watch } from 'vue'

export interface Preferences {
  locale: 'zh' | 'en'
  theme: 'dark' | 'light'
  muted: boolean
  reach: boolean
  beats: boolean
  tiers: boolean
  unitsFolded: boolean
  queueFolded: boolean
}

const KEY = 'kuaijing.preferences'
const DEFAULTS: Preferences = {
  locale: 'zh', theme: 'dark', muted: false, reach: false, beats: true, tiers: false, unitsFolded: false, queueFolded: false,
}

function read(): Preferences {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>) }
  } catch {
    return { ...DEFAULTS }
  }
}

export const preferences = reactive<Preferences>(read())

watch(preferences, (now) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(now))
  } catch {
    /* a browser that keeps nothing still works for this visit */
  }
})
