/* Every key that acts in the room stands in the list of keys, in both languages. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { en } from '@/locales/en'
import { zh } from '@/locales/zh'

const SRC = join(__dirname, '..', 'src')
const read = (path: string): string => readFileSync(join(SRC, path), 'utf8')
const ROOM_FOLDERS = ['incident', 'cover', 'recommendation', 'queue', 'units', 'attention', 'areacall', 'layout', 'intake', 'header', 'search', 'shift']

/** The names of keys given to `useKeys({ … })`; digits are listed as one. */
function keysOf(source: string): string[] {
  const found: string[] = []
  for (const part of source.split('useKeys({').slice(1)) {
    const body = part.slice(0, part.search(/\n?\}\)/))
    for (const match of body.matchAll(/(?:^|[\n{,])\s*(?:'([^']+)'|([A-Za-z]+)):/g)) found.push((match[1] ?? match[2])!)
  }
  return found.filter((key) => key.length === 1 || key === 'Escape')
}

const dialog = read('panels/keys/KeysDialog.vue')
const listed = [...dialog.matchAll(/\['([^']+)', '(\w+)'\]/g)].map((match) => ({ key: match[1]!, word: match[2]! }))

describe('the list of keys', () => {
  const sources = [read('pages/RoomPage.vue')]
  for (const folder of ROOM_FOLDERS) {
    const path = join(SRC, 'panels', folder)
    for (const name of readdirSync(path)) if (name.endsWith('.vue')) sources.push(read(`panels/${folder}/${name}`))
  }

  it('names every key that acts in the room', () => {
    const acting = sources.flatMap(keysOf).map((key) => (key === 'Escape' ? 'Esc' : key.toUpperCase()))
    expect(acting.length).toBeGreaterThan(10)
    const names = new Set(listed.map(({ key }) => key))
    expect(acting.filter((key) => !names.has(key))).toEqual([])
  })

  it('says what each does in both languages', () => {
    const words = [zh.keys, en.keys] as Record<string, string>[]
    for (const { word } of listed) for (const language of words) expect(language[word], word).toBeTruthy()
  })
})
