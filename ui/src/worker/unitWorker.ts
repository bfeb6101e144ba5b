/* The service worker of /unit, and of nothing else: the page with its scripts, styles and words, so that an officer's phone opens it
without a link. One shelf a build, filled whole or not at all, so that no two builds are ever mixed; the old one serves until the page
lets the new one take over. No answer of the API and no tile passes here: see docs/decisions/0100.

It becomes /unit-worker.js. It imports nothing: every browser that knows service workers runs it as it stands. */

/** Filled in by scripts/unitWorker.ts when the screens are built. */
const BUILD = '%BUILD%'
const ENTRY = '%ENTRY%'
const FILES = new Set('%FILES%'.split(' '))

const PAGE = '/unit'
const FAMILY = 'kuaijing-unit-shell-'
const SHELF = FAMILY + BUILD

interface Lasting extends Event { waitUntil(work: Promise<unknown>): void }
interface Asked extends Lasting { request: Request; respondWith(answer: Promise<Response>): void }
interface Worker {
  addEventListener(type: 'install' | 'activate', listen: (event: Lasting) => void): void
  addEventListener(type: 'fetch', listen: (event: Asked) => void): void
  addEventListener(type: 'message', listen: (event: MessageEvent) => void): void
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void> }
}
const worker = globalThis as unknown as Worker

/** A file's name changes with its content: whatever lies on the shelf of the build before is taken from there, not fetched again. */
async function asset(path: string): Promise<Response> {
  const answer = (await caches.match(path)) ?? (await fetch(path))
  if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}; the build ${BUILD} is not put on the shelf`)
  return answer
}

/** The page must be of this very build: a server that changes in the middle gives the shelf nothing. */
async function page(): Promise<Response> {
  const answer = await fetch(PAGE, { cache: 'reload', credentials: 'omit' })
  if (answer.status !== 200 || !(await answer.clone().text()).includes(ENTRY)) throw new Error(`${PAGE} is not of the build ${BUILD}`)
  return answer
}

async function fill(): Promise<void> {
  const shelf = await caches.open(SHELF)
  try {
    await Promise.all([...[...FILES].map(async (path) => shelf.put(path, await asset(path))), page().then((answer) => shelf.put(PAGE, answer))])
  } catch (fault) {
    await caches.delete(SHELF)
    throw fault
  }
}

async function clear(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(FAMILY) && name !== SHELF) await caches.delete(name)
  await worker.clients.claim()
}

const shelved = async (path: string, request: Request): Promise<Response> => (await (await caches.open(SHELF)).match(path)) ?? fetch(request)

worker.addEventListener('install', (event) => event.waitUntil(fill()))
worker.addEventListener('activate', (event) => event.waitUntil(clear()))
worker.addEventListener('message', ({ data }) => {
  if (data === 'take over') void worker.skipWaiting()
})
worker.addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url)
  if (event.request.method !== 'GET' || origin !== location.origin) return
  if (event.request.mode === 'navigate') {
    if (pathname === PAGE) event.respondWith(shelved(PAGE, event.request))
  } else if (FILES.has(pathname)) event.respondWith(shelved(pathname, event.request))
})

export {}
