/* What stands over the screen, ready for paper: an incident's sheet, or the map as it is seen. */

import { computed, readonly, ref, shallowRef } from 'vue'

const held = ref<string | null>(null)
export const sheetOf = readonly(held)

export function openSheet(incident: string): void {
  held.value = incident
}
export function closeSheet(): void {
  held.value = null
}

/** The map as a picture, and what it is called as a file. */
const drawn = shallowRef<{ address: string; name: string } | null>(null)
export const mapPaper = readonly(drawn)

export function openMapPaper(address: string, name: string): void {
  drawn.value = { address, name }
}
export function closeMapPaper(): void {
  drawn.value = null
}
export const paperOpen = computed(() => held.value !== null || drawn.value !== null)
