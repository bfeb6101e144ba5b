/* A place on an English screen: what its words name or say to be near, as the city's search calls it. */
import { beforeEach, expect, test, vi } from 'vitest'

const english: Record<string, string> = { 染坊街: 'Ranfang Street', 人民路: 'Renmin Road' }
vi.mock('@/api/search', () => ({
  searchPlaces: (text: string) => Promise.resolve(english[text] ? [{ text, text_en: english[text] }] : []),
}))

const settled = async (read: () => string): Promise<string> => {
  read()
  await new Promise((resolve) => setTimeout(resolve))
  return read()
}

beforeEach(() => vi.resetModules())

test.each([
  ['the road that the words hold', '人民路12号', '人民路', 'Renmin Road'],
  ['the street that the caller says to be near, though the map knows another', '染坊街附近', '人民路', 'Ranfang Street'],
  ['words that name nothing known stand as they were said', '老地方', '', '老地方'],
  ['no words: the road', '', '人民路', 'Renmin Road'],
])('%s', async (_, text, road, shown) => {
  const { englishPlace } = await import('@/state/englishNames')
  expect(await settled(() => englishPlace(text, road))).toBe(shown)
})
