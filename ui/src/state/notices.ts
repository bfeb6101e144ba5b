/* Short words to the person at this screen: what was refused and why, what went through. Newest first, five at most. */

import { readonly, ref } from 'vue'
import type { Fault } from '@/api/types'

export interface Notice {
  id: number
  level: 'said' | 'warning' | 'refused'
  /** Translation key, or empty where `text` is the core's own words. */
  key: string
  values: Record<string, string | number>
  text: string
  faults: Fault[]
}

let counter = 0
const held = ref<Notice[]>([])
export const notices = readonly(held)

export function notify(level: Notice['level'], key: string, rest: Partial<Pick<Notice, 'values' | 'text' | 'faults'>> = {}): void {
  const id = ++counter
  held.value = [{ id, level, key, values: {}, text: '', faults: [], ...rest }, ...held.value].slice(0, 5)
  setTimeout(() => dismiss(id), level === 'said' ? 4000 : 15_000)
}

export function dismiss(id: number): void {
  held.value = held.value.filter((notice) => notice.id !== id)
}
