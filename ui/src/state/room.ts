/* Which of the room's panels and dialogs are open on this screen. */

import { computed, reactive, type WritableComputedRef } from 'vue'

export type Dialog = 'none' | 'keys' | 'shift' | 'plan' | 'closure' | 'cover' | 'tracks' | 'areacall' | 'display'

export const room = reactive({
  intake: false,
  search: false,
  layers: false,
  /** Whether likely duplicates are on screen: the digits are theirs. */
  duplicates: false,
  dialog: 'none' as Dialog,
})

/** Whether a dialog stands before everything: the keys of what lies behind it rest. */
export const modalOpen = computed(() => ['keys', 'shift', 'plan', 'display'].includes(room.dialog))

/** Whether a panel covers the left of the map. */
export const panelOverMap = computed(() => room.dialog === 'closure' || room.dialog === 'areacall' || room.dialog === 'tracks')

/** Whether that dialog is open; closing it (which it also reports after its animation) closes no other. */
export function dialogOpen(which: Dialog): WritableComputedRef<boolean> {
  return computed({
    get: () => room.dialog === which,
    set: (on) => {
      if (on) room.dialog = which
      else if (room.dialog === which) room.dialog = 'none'
    },
  })
}
