/* Whether anybody can see this page. A hidden tab keeps what alarms need and lets the rest wait; once it is seen again, everything is
caught up at once. */

import { readonly, ref } from 'vue'

const page = typeof document === 'undefined' ? null : document
const held = ref(!page?.hidden)
const listeners = new Set<(seen: boolean) => void>()

export const visible = readonly(held)

/** Called at each change; returns how to stop. */
export function onVisible(listen: (seen: boolean) => void): () => void {
  listeners.add(listen)
  return () => listeners.delete(listen)
}

/** `work` every so many milliseconds while somebody sees it, and at once when it is seen again. */
export function whileVisible(everyMs: number, work: () => void): () => void {
  const timer = setInterval(() => { if (held.value) work() }, everyMs)
  const off = onVisible((seen) => { if (seen) work() })
  return () => {
    clearInterval(timer)
    off()
  }
}

page?.addEventListener('visibilitychange', () => {
  if (held.value === !page.hidden) return
  held.value = !page.hidden
  for (const listen of listeners) listen(held.value)
})
