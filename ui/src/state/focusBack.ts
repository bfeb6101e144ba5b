/* Whoever closes a panel or a dialog finds the focus where it was before, so that the keyboard never begins again at the top. */

import { effectScope, watch, type WatchSource } from 'vue'
import { room } from './room'

const from = new Map<string, HTMLElement>()

export function rememberFocus(of: string): void {
  const at = document.activeElement
  if (at instanceof HTMLElement && at !== document.body) from.set(of, at)
  else from.delete(of)
}

/** Only where the focus has gone nowhere else in between. */
export function giveFocusBack(of: string): void {
  const to = from.get(of)
  from.delete(of)
  setTimeout(() => { // after the panel is gone
    const at = document.activeElement
    if (to?.isConnected && (at === null || at === document.body)) to.focus()
  })
}

/** For the room's own panels; returns how to stop. */
export function keepFocusBack(): () => void {
  const scope = effectScope()
  const keep = (of: string, open: WatchSource<boolean>): void => {
    watch(open, (is) => (is ? rememberFocus(of) : giveFocusBack(of)), { flush: 'sync' })
  }
  scope.run(() => {
    keep('intake', () => room.intake)
    keep('search', () => room.search)
    keep('dialog', () => room.dialog !== 'none')
    keep('layers', () => room.layers)
  })
  return () => {
    scope.stop()
    from.clear()
  }
}
