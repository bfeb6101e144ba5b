/* Whether this browser may make a sound yet (it needs a first key or click), and until when somebody wants quiet. */

import { computed, readonly, ref } from 'vue'

const KEY = 'kuaijing.mutedUntil'
const unlocked = ref(false)
const until = ref(kept())
const wall = ref(Date.now())
const listeners = new Set<() => void>()

function kept(): number {
  try {
    return Number(localStorage.getItem(KEY)) || 0
  } catch {
    return 0
  }
}

export const soundReady = readonly(unlocked)
/** Wall time, ms; 0: not muted. */
export const mutedUntil = readonly(until)
export const isMuted = computed(() => until.value > wall.value)

export function muteFor(minutes: number): void {
  wall.value = Date.now()
  until.value = minutes > 0 ? wall.value + minutes * 60_000 : 0
  try {
    localStorage.setItem(KEY, String(until.value))
  } catch {
    /* quiet for this visit only */
  }
}

/** Called at the first key or click: until then a browser lets no page make a sound. */
export function onFirstGesture(act: () => void): void {
  listeners.add(act)
}
function gesture(): void {
  if (unlocked.value) return
  unlocked.value = true
  for (const act of listeners) act()
  window.removeEventListener('pointerdown', gesture, true)
  window.removeEventListener('keydown', gesture, true)
}
if (typeof window !== 'undefined') {
  window.addEventListener('pointerdown', gesture, true)
  window.addEventListener('keydown', gesture, true)
  setInterval(() => { if (until.value > 0) wall.value = Date.now() }, 5000)
}
