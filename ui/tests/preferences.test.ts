/* What goes with an account to another desk, and what stays with the machine. */
import { nextTick } from 'vue'
import { beforeEach, expect, test, vi } from 'vitest'

const sent: unknown[] = []
beforeEach(() => {
  vi.resetModules()
  vi.useFakeTimers()
  localStorage.clear()
  sent.length = 0
  vi.stubGlobal('fetch', vi.fn(async (_: string, init: RequestInit) => {
    sent.push(JSON.parse(String(init.body)))
    return new Response(String(init.body), { status: 200 })
  }))
})

test('what the core keeps is shown, and what it does not know is left as this machine has it', async () => {
  localStorage.setItem('kuaijing.preferences.wang', JSON.stringify({ locale: 'en', muted: true, queueWide: 400 }))
  const { preferences, preferencesOf } = await import('@/state/preferences')
  preferencesOf('wang', { queueWide: 260, sideFolded: true })
  expect(preferences).toMatchObject({ locale: 'en', muted: true, queueWide: 260, sideFolded: true })
  await nextTick()
  vi.runAllTimers()
  expect(sent).toEqual([]) // nobody changed anything here
})

test('only what was changed here is sent, once for many changes; sound and size of text stay with the machine', async () => {
  const { preferences, preferencesOf } = await import('@/state/preferences')
  preferencesOf('wang', { queueWide: 260 })
  await nextTick()
  preferences.scale = 2
  preferences.muted = true
  preferences.reach = true
  await nextTick()
  preferences.locale = 'en'
  await nextTick()
  vi.runAllTimers()
  expect(sent).toEqual([{ kept: { queueWide: 260, reach: true, locale: 'en' } }])
})

test('what another release kept and this one cannot read is passed over', async () => {
  const { roaming } = await import('@/state/preferences')
  expect(roaming({ locale: 'fr', themeChoice: 'neon', queueWide: 'wide', reach: 1, unknown: true, beats: false, sideWide: null, muted: true })).toEqual({ beats: false, sideWide: null })
})

test('nothing is sent for an account that has signed out', async () => {
  const { preferences, preferencesOf, preferencesOfNobody } = await import('@/state/preferences')
  preferencesOf('wang', {})
  await nextTick()
  preferences.reach = true
  await nextTick()
  preferencesOfNobody()
  vi.runAllTimers()
  expect(sent).toEqual([])
})
