/* Which of the room's panels and dialogs are open on this screen. */

import { reactive } from 'vue'

export type Dialog = 'none' | 'keys' | 'shift' | 'plan' | 'closure' | 'cover'

export const room = reactive({
  intake: false,
  search: false,
  layers: false,
  dialog: 'none' as Dialog,
})
