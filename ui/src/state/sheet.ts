/* Which incident's sheet stands over the screen, ready for paper. */

import { readonly, ref } from 'vue'

const held = ref<string | null>(null)
export const sheetOf = readonly(held)

export function openSheet(incident: string): void {
  held.value = incident
}
export function closeSheet(): void {
  held.value = null
}
