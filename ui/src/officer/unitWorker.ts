/* The page's side of its service worker: puts it to work, hears of a newer build, lets that take over when the page says so. */

import { onBeforeUnmount, readonly, ref, type Ref } from 'vue'

const PATH = '/unit-worker.js'
const SCOPE = '/unit'
const LOOK_EVERY_MS = 10 * 60_000

export interface OwnWorker {
  /** A newer build lies ready. */
  newer: Readonly<Ref<boolean>>
  /** The newer build takes over, and the page begins anew with it. */
  takeOver(): void
}

export function useUnitWorker(): OwnWorker {
  const newer = ref(false)
  let registration: ServiceWorkerRegistration | null = null
  let timer: ReturnType<typeof setInterval> | undefined
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return { newer: readonly(newer), takeOver: () => undefined }

  const look = (): void => { newer.value = Boolean(registration?.waiting && registration.active) }
  const begun = navigator.serviceWorker.controller !== null
  const anew = (): void => { if (begun) location.reload() } // the first one only takes charge of a page that is of its build
  const watch = (found: ServiceWorkerRegistration): void => {
    registration = found
    look()
    found.addEventListener('updatefound', () => found.installing?.addEventListener('statechange', look))
    timer = setInterval(() => void found.update().catch(() => undefined), LOOK_EVERY_MS)
  }
  navigator.serviceWorker.addEventListener('controllerchange', anew)
  navigator.serviceWorker.register(PATH, { scope: SCOPE, updateViaCache: 'none' }).then(watch, () => undefined) // without it the page works as long as there is a link

  onBeforeUnmount(() => {
    clearInterval(timer)
    navigator.serviceWorker.removeEventListener('controllerchange', anew)
  })
  return { newer: readonly(newer), takeOver: () => registration?.waiting?.postMessage('take over') }
}
