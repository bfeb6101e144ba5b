/* Whether this screen only shows: a replay stands in the room's panels, and nothing that is seen there can be commanded. */

import { readonly, ref } from 'vue'
import { shutCommandDoor } from '@/api/request'

const held = ref(0)

export const readOnly = readonly(held) as Readonly<typeof held>

/** From now on nothing leaves this page but questions; returns how to end that. */
export function showOnly(): () => void {
  const open = shutCommandDoor()
  held.value++
  let mine = true
  return () => {
    if (!mine) return
    mine = false
    held.value--
    open()
  }
}
