/* The keys of a sheet that stands over the screen: P prints, Escape leaves, Tab walks; no other key reaches what lies beneath. Leaving
gives the focus back to where it was. */

import { onBeforeUnmount, onMounted } from 'vue'
import { isComposed } from '@/state/keys'

export function sheetKeys(does: { print: () => void; leave: () => void }): void {
  const from = document.activeElement
  const beneath = document.getElementById('app')
  function listen(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || isComposed(event)) return
    if (event.key === 'Escape') does.leave()
    else if (event.key.toLowerCase() === 'p' && !event.repeat) does.print()
    if (!['Tab', 'Enter', ' '].includes(event.key)) event.stopPropagation()
  }
  onMounted(() => {
    window.addEventListener('keydown', listen, true)
    if (beneath) beneath.inert = true
  })
  onBeforeUnmount(() => {
    window.removeEventListener('keydown', listen, true)
    if (beneath) beneath.inert = false
    if (from instanceof HTMLElement && from.isConnected) from.focus()
  })
}
