/* Every word in both languages, and a word for each value that the core can send. The core's own sources are the list. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { en } from '@/locales/en'
import { planningEn } from '@/locales/planning.en'
import { planningZh } from '@/locales/planning.zh'
import { zh } from '@/locales/zh'

type Words = { [key: string]: string | Words }
const core = (path: string): string => readFileSync(join(import.meta.dirname, '../../kuaijing', path), 'utf8')

function leaves(words: Words, under = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') found.set(under + key, value)
    else for (const [inner, text] of leaves(value, `${under}${key}.`)) found.set(inner, text)
  }
  return found
}
/** The planning page brings its words along when it is opened. */
const chinese = leaves({ ...zh, planning: planningZh })
const english = leaves({ ...en, planning: planningEn })

/** Values of an enumeration class in a Python source. */
function values(source: string, name: string): string[] {
  const body = source.split(`class ${name}(`)[1]?.split(/\nclass |\n[A-Z_]+ = /)[0] ?? ''
  return [...body.matchAll(/^ {4}[A-Z_0-9]+ = "([a-z_0-9]+)"/gm)].map((match) => match[1]!)
}

test('both languages have the same keys', () => {
  expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
})

test('no word is empty, and both languages take the same values', () => {
  const slots = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort()
  for (const [key, text] of chinese) {
    expect(text.trim(), key).not.toBe('')
    expect(slots(english.get(key)!), key).toEqual(slots(text))
  }
})

describe('every value that the core can send has a word', () => {
  const words = core('domain/words.py')
  const groups: [string, string][] = [
    ['UnitClass', 'class'], ['UnitStatus', 'status.unit'], ['IncidentStatus', 'status.incident'], ['AssignmentStatus', 'status.assignment'],
    ['Step', 'step'], ['Step', 'stepDone'], ['Role', 'role'], ['Origin', 'origin'], ['Outcome', 'outcome'], ['Follower', 'follower'],
  ]
  test.each(groups)('%s', (name, group) => {
    const all = values(words, name)
    expect(all.length).toBeGreaterThan(2)
    for (const value of all) expect(chinese.has(`${group}.${value}`), `${group}.${value}`).toBe(true)
  })

  test('reasons of the recommendation', () => {
    const all = values(core('engine/advice/advice.py'), 'Reason')
    expect(all.length).toBeGreaterThan(10)
    for (const value of all) expect(chinese.has(`reason.${value}`), value).toBe(true)
  })

  test('alerts', () => {
    const all = [...core('wire/alerts.py').matchAll(/AlertView\(f"[^"]*", "(\w+)"/g)].map((match) => match[1]!)
    expect(all.length).toBeGreaterThan(3)
    for (const value of all) expect(chinese.has(`alert.${value}`), value).toBe(true)
  })

  test('problems that the server names', () => {
    const all = [...core('web/problems.py').matchAll(/^ {4}"([a-z-]+)": \(\d{3},/gm)].map((match) => match[1]!.replaceAll('-', ''))
    expect(all.length).toBeGreaterThan(10)
    const unsaid = new Set(['malformedjson', 'malformedrequest', 'methodnotallowed', 'unsupportedmediatype', 'unreachable'])
    for (const value of all) if (!unsaid.has(value)) expect(chinese.has(`error.${value}`), value).toBe(true)
  })

  test('events on a timeline', () => {
    const folder = join(import.meta.dirname, '../../kuaijing/domain')
    const slices = ['incidents', 'calls', 'assignments', 'merging', 'endings'].map((name) => `${name}.py`)
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(slices))
    const events = slices.flatMap((slice) => [...core(`domain/${slice}`).matchAll(/^class (\w+):\n(?: {4}.*\n|\n)*? {4}at: Instant/gm)].map((match) => match[1]!))
    expect(events).toContain('IncidentOpened')
    expect(events.length).toBeGreaterThan(15)
    for (const event of events) expect(chinese.has(`timeline.${event.toLowerCase()}`), event).toBe(true)
  })

  test('capabilities that the default response plans ask for', () => {
    const asked = [...core('domain/defaults/response.yaml').matchAll(/capabilities: \[([^\]]+)\]/g)].flatMap((match) => match[1]!.split(',').map((c) => c.trim()))
    for (const value of asked) expect(chinese.has(`capability.${value}`), value).toBe(true)
  })
})

test('every key that a screen names exists', () => {
  const sources = (folder: string): string[] => readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? sources(join(folder, entry.name)) : /\.(vue|ts)$/.test(entry.name) ? [join(folder, entry.name)] : [])
  for (const file of sources(join(import.meta.dirname, '../src'))) {
    for (const [, key] of readFileSync(file, 'utf8').matchAll(/(?<![\w.])\$?t\('([\w.]+)'/g)) expect(chinese.has(key!), `${key} in ${file}`).toBe(true)
  }
})
