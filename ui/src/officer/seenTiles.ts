/* Map tiles that were seen stay on the phone, so that the map is there in a dead spot. At most MOST_TILES, the oldest go first;
a tile never seen is an empty one, and the ground stays plain. Signing out forgets them: they tell where somebody has been.

Loaded on the page itself (MapLibre's own protocol), not by its worker, which no service worker of /unit reaches. */

import { addProtocol } from 'maplibre-gl'
import { TILES_KEPT } from '@/state/keptDuty'

export const MOST_TILES = 300
const PROTOCOL = 'seen'
/** A link that is half dead does not hold up what lies here. */
const PATIENCE_MS = 2500
/** In front of `/tiles/…` in a style: these tiles are kept. */
export const SEEN = `${PROTOCOL}:/`

/** What of Cache Storage is needed; none without HTTPS. */
export type TileShelf = Pick<Cache, 'match' | 'put' | 'keys' | 'delete'>
export type Fetch = (path: string, signal: AbortSignal) => Promise<Response>

async function keep(shelf: TileShelf, path: string, answer: Response): Promise<void> {
  await shelf.delete(path) // so that it counts as the newest
  await shelf.put(path, answer)
  const held = await shelf.keys()
  await Promise.all(held.slice(0, Math.max(0, held.length - MOST_TILES)).map((old) => shelf.delete(old)))
}

/** The tile as the server has it, else as it was last seen, else an empty one. */
export async function tile(path: string, shelf: TileShelf | null, ask: Fetch, signal: AbortSignal): Promise<ArrayBuffer> {
  const known = await shelf?.match(path)
  const asked = ask(path, signal).catch(() => null)
  const answer = await (known ? Promise.race([asked, after(PATIENCE_MS)]) : asked)
  if (signal.aborted) throw new DOMException(`${path} is no longer wanted`, 'AbortError')
  if (answer?.status === 204) return new ArrayBuffer(0)
  if (answer?.ok) {
    if (shelf) await keep(shelf, path, answer.clone()).catch(() => undefined) // a full phone still shows the map
    return answer.arrayBuffer()
  }
  return known?.arrayBuffer() ?? new ArrayBuffer(0)
}

const after = (ms: number): Promise<null> => new Promise((done) => setTimeout(() => done(null), ms))
const ask: Fetch = (path, signal) => fetch(path, { credentials: 'same-origin', signal })

export function keepSeenTiles(): void {
  const shelf = typeof caches === 'undefined' ? null : caches.open(TILES_KEPT).catch(() => null)
  addProtocol(PROTOCOL, async ({ url }, { signal }) => ({ data: await tile(url.slice(SEEN.length), await shelf, ask, signal) }))
}
