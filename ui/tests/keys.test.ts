import { expect, test, vi } from 'vitest'
import { actionFor } from '@/state/keys'

const press = (init: KeyboardEventInit, target?: HTMLElement): KeyboardEvent => {
  const event = new KeyboardEvent('keydown', init)
  Object.defineProperty(event, 'target', { value: target ?? document.body })
  return event
}
const actions = { n: vi.fn(), Escape: vi.fn() }

test('a key acts, upper case too', () => {
  expect(actionFor(press({ key: 'n' }), actions)).toBe(actions.n)
  expect(actionFor(press({ key: 'N' }), actions)).toBe(actions.n)
})
test('auto-repeat never acts', () => expect(actionFor(press({ key: 'n', repeat: true }), actions)).toBeUndefined())
test('half-composed input never acts', () => {
  expect(actionFor(press({ key: 'n', isComposing: true }), actions)).toBeUndefined()
  expect(actionFor(press({ key: 'n', keyCode: 229 } as KeyboardEventInit), actions)).toBeUndefined()
})
test('typing in a field acts on nothing but Escape', () => {
  const field = document.createElement('input')
  expect(actionFor(press({ key: 'n' }, field), actions)).toBeUndefined()
  expect(actionFor(press({ key: 'Escape' }, field), actions)).toBe(actions.Escape)
})
test('a browser shortcut stays the browser’s', () => expect(actionFor(press({ key: 'n', ctrlKey: true }), actions)).toBeUndefined())
