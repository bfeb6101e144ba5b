/* The order of the units' list is that of a plain sort, whatever changes. */
import { expect, test } from 'vitest'
import type { UnitView } from '@/api/types'
import { unitOrder } from '@/panels/units/unitOrder'

const unit = (id: string, call_sign: string, status: string): UnitView => ({ id, call_sign, status }) as UnitView
const ids = (units: readonly UnitView[]): string => units.map(({ id }) => id).join('')

test('free ones first, then by call sign as a reader counts; a new status, a new name, a new unit take their places', () => {
  const inOrder = unitOrder()
  const units = new Map([unit('a', '快10', 'available'), unit('b', '快9', 'available'), unit('c', '快1', 'on_scene')].map((each) => [each.id, each]))
  expect(ids(inOrder(units))).toBe('bac')
  expect(ids(inOrder(new Map([...units, ['b', unit('b', '快9', 'off_duty')]])))).toBe('acb')
  expect(ids(inOrder(new Map([...units, ['a', unit('a', '快2', 'available')]])))).toBe('abc')
  expect(ids(inOrder(new Map([...units, ['d', unit('d', '快3', 'available')]])))).toBe('dbac')
  expect(ids(inOrder(units))).toBe('bac')
  expect(ids(inOrder(new Map([...units, ['a', unit('a', '快10', 'of tomorrow')]])))).toBe('abc')
})
