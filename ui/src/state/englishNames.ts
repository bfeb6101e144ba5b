/* English names of roads and places, as the city's own search knows them; asked for once each, one after the other, only on an English
screen. Where none is known the local name stands. */

import { reactive } from 'vue'
import { searchPlaces } from '@/api/search'

const known = reactive(new Map<string, string>())
const waiting: string[] = []
let asking = false
const ASK_AGAIN_MS = 15_000

async function work(): Promise<void> {
  if (asking) return
  asking = true
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const wanted = name
    const hits = await searchPlaces(wanted, null, 3, new AbortController().signal).catch(() => null)
    if (hits === null) setTimeout(() => known.delete(wanted), ASK_AGAIN_MS) // no answer: a later look asks again, not the next one at once
    else known.set(wanted, hits.find(({ text }) => text === wanted)?.text_en || wanted)
  }
  asking = false
}

/** The English name, or the name itself until it is known. */
export function englishName(name: string): string {
  const found = known.get(name)
  if (found !== undefined) return found
  if (!name) return name
  queueMicrotask(() => {
    if (known.has(name)) return
    known.set(name, name)
    waiting.push(name)
    void work()
  })
  return name
}

/** A place in English: its road, or the place that its words name or say to be near; words that name neither stand as they were said. */
export function englishPlace(text: string, road: string): string {
  if (text && road && text !== road && text.includes(road)) return englishName(road)
  return englishName(text.replace(/附近$/, '') || road)
}
