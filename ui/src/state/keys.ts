/* Keys that act. Auto-repeat, half-composed (IME) input, modifiers and typing in a field are ignored; Escape works anywhere. Behind an
open dialog no key acts: nothing is ordered that is not seen. */

import { onBeforeUnmount, onMounted } from 'vue'
import { modalOpen } from './room'

export type KeyActions = Record<string, (event: KeyboardEvent) => void>

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

export const isComposed = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229

export function actionFor(event: KeyboardEvent, actions: KeyActions): ((event: KeyboardEvent) => void) | undefined {
  if (event.repeat || isComposed(event) || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return undefined
  if (event.key !== 'Escape' && (isTyping(event.target) || modalOpen.value)) return undefined
  return actions[event.key.length === 1 ? event.key.toLowerCase() : event.key]
}

export function useKeys(actions: KeyActions): void {
  const listen = (event: KeyboardEvent): void => {
    const act = actionFor(event, actions)
    if (!act) return
    event.preventDefault()
    act(event)
  }
  onMounted(() => window.addEventListener('keydown', listen))
  onBeforeUnmount(() => window.removeEventListener('keydown', listen))
}
