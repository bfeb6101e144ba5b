/* Whether this is the service, a demo or training. Asked of the core before anybody signs in; later the picture says so too. */

import { computed, ref } from 'vue'
import { health } from '@/api/state'
import { picture } from './picture'

const asked = ref<string | null>(null)
const AGAIN_MS = 5000

export const mode = computed(() => picture.value?.mode ?? asked.value)
export const isTraining = computed(() => mode.value === 'training')

/** Asks until it is known. */
export async function findMode(): Promise<void> {
  try {
    asked.value = (await health()).mode
  } catch {
    setTimeout(() => void findMode(), AGAIN_MS)
  }
}
