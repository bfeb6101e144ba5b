/* A notification of the desktop for alarms that come while this page is hidden. Asked for once, by a button; nothing leaves the host. */

import { readonly, ref } from 'vue'

const known = typeof Notification !== 'undefined' && globalThis.isSecureContext
const permission = ref<NotificationPermission | 'impossible'>(known ? Notification.permission : 'impossible')

export const desktopPermission = readonly(permission)

export async function askForDesktop(): Promise<void> {
  if (known) permission.value = await Notification.requestPermission()
}

/** One notification, replaced by the next: a list of what is new. */
export function tellDesktop(lines: readonly string[]): void {
  if (permission.value !== 'granted' || !document.hidden || lines.length === 0) return
  const shown = new Notification(lines[0]!, { body: lines.slice(1, 4).join('\n'), tag: 'kuaijing', requireInteraction: true })
  shown.onclick = () => {
    window.focus()
    shown.close()
  }
}
