/* The live link: silence is a loss, a loss is healed by itself. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { waitBefore } from '@/live/backoff'
import { openLive, SILENCE_MS } from '@/live/socket'

class FakeSocket {
  static made: FakeSocket[] = []
  readyState = 1
  sent: string[] = []
  onmessage: ((event: { data: string }) => void) | null = null
  onopen: (() => void) | null = null
  onclose: (() => void) | null = null
  onerror: (() => void) | null = null
  constructor(readonly address: string) { FakeSocket.made.push(this) }
  send(text: string): void { this.sent.push(text) }
  close(): void { this.readyState = 3 }
  hear(message: object): void { this.onmessage?.({ data: JSON.stringify(message) }) }
}
const heartbeat = { type: 'heartbeat', version: 1, now: '2026-11-21T00:00:00Z' }

beforeEach(() => {
  vi.useFakeTimers()
  FakeSocket.made = []
})
afterEach(() => void vi.useRealTimers())

function open() {
  const states: boolean[] = []
  const link = openLive('ws://x/api/live', { message: () => undefined, linked: (up) => states.push(up) }, FakeSocket as unknown as typeof WebSocket)
  return { link, states, socket: () => FakeSocket.made.at(-1)! }
}

test('six seconds without a word count as disconnected, and a new link is tried', () => {
  const { states, socket, link } = open()
  socket().hear(heartbeat)
  vi.advanceTimersByTime(SILENCE_MS - 1)
  expect(states).toEqual([true])
  vi.advanceTimersByTime(1)
  expect(states).toEqual([true, false])
  vi.advanceTimersByTime(600)
  expect(FakeSocket.made).toHaveLength(2)
  socket().hear(heartbeat)
  expect(states).toEqual([true, false, true])
  link.stop()
})

test('a heartbeat every two seconds keeps the link', () => {
  const { states, socket, link } = open()
  for (let i = 0; i < 20; i++) {
    socket().hear(heartbeat)
    vi.advanceTimersByTime(2000)
  }
  expect(new Set(states)).toEqual(new Set([true]))
  link.stop()
})

test('a closed socket waits longer with each attempt, eight seconds at most', () => {
  expect([0, 1, 2, 3, 4, 20].map((attempt) => waitBefore(attempt, () => 1))).toEqual([500, 1000, 2000, 4000, 8000, 8000])
  expect(waitBefore(4, () => 0)).toBe(4000)
})

test('a stopped link does not come back', () => {
  const { link } = open()
  link.stop()
  vi.advanceTimersByTime(60_000)
  expect(FakeSocket.made).toHaveLength(1)
})

test('a link that rests says so on each connection, and once when it is to watch again', () => {
  const { link, socket } = open()
  link.rest(true)
  link.rest(true)
  expect(socket().sent).toEqual(['{"type":"rest"}'])
  vi.advanceTimersByTime(SILENCE_MS + 600)
  expect(FakeSocket.made).toHaveLength(2)
  socket().onopen?.()
  expect(socket().sent).toEqual(['{"type":"rest"}'])
  link.rest(false)
  expect(socket().sent.at(-1)).toBe('{"type":"watch"}')
  link.stop()
})

test('resync asks the server for a snapshot', () => {
  const { link, socket } = open()
  link.resync()
  expect(socket().sent).toEqual(['{"type":"resync"}'])
  link.stop()
})
