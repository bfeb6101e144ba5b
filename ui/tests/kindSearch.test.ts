import { expect, test } from 'vitest'
import type { KindView } from '@/api/types'
import { findKinds } from '@/panels/intake/kindSearch'

const kind = (name: string, name_en: string, letters: string): KindView => ({ code: letters, scheme: 'x', parent: null, name, name_en, letters, grade: 3, plan: 'p' })
const KINDS = [kind('打架斗殴', 'Fight', 'dj'), kind('盗窃', 'Theft', 'dq'), kind('盗窃车辆', 'Vehicle theft', 'dc'), kind('家庭纠纷', 'Family dispute', 'jt')]
const names = (typed: string): string[] => findKinds(KINDS, typed).map(({ name }) => name)

test('exact letters come first', () => expect(names('dq')[0]).toBe('盗窃'))
test('the first letter offers all that begin so', () => expect(names('d')).toEqual(['打架斗殴', '盗窃', '盗窃车辆']))
test('a name or part of it finds', () => {
  expect(names('盗窃')[0]).toBe('盗窃')
  expect(names('纠纷')).toEqual(['家庭纠纷'])
})
test('English finds', () => expect(names('theft')).toEqual(['盗窃', '盗窃车辆']))
test('nothing typed offers nothing', () => expect(names('  ')).toEqual([]))
