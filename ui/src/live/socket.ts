/* The live link: opens, listens, notices silence, returns by itself. Knows messages, not what they mean to a screen.

Six seconds without a word count as disconnected, although the socket may still look open: a control room must not trust a picture
that has stopped. */

import type { ClientMessage, ServerMessage } from '@/api/types'
import { waitBefore } from './backoff'

export const SILENCE_MS = 6000

export interface LiveLink {
  resync(): void
  /** While nobody looks: no positions, on this connection and on those after it. */
  rest(resting: boolean): void
  stop(): void
}

export interface LiveListener {
  message(message: ServerMessage): void
  /** The link stands (the first message came) or is lost. */
  linked(up: boolean): void
}

export function liveAddress(location: Pick<Location, 'protocol' | 'host'>): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/live`
}

export function openLive(address: string, listener: LiveListener, Socket: typeof WebSocket = WebSocket): LiveLink {
  let socket: WebSocket | null = null
  let attempt = 0
  let stopped = false
  let resting = false
  let silence: ReturnType<typeof setTimeout> | undefined
  let retry: ReturnType<typeof setTimeout> | undefined

  const lose = (): void => {
    clearTimeout(silence)
    const old = socket
    socket = null
    if (old) {
      old.onopen = old.onmessage = old.onclose = old.onerror = null
      old.close()
    }
    if (stopped) return
    listener.linked(false)
    clearTimeout(retry)
    retry = setTimeout(connect, waitBefore(attempt++))
  }

  const heard = (): void => {
    clearTimeout(silence)
    silence = setTimeout(lose, SILENCE_MS)
  }

  function connect(): void {
    const opened = new Socket(address)
    socket = opened
    heard()
    opened.onopen = () => { if (resting) say('rest') }
    opened.onmessage = (event: MessageEvent<string>) => {
      heard()
      attempt = 0
      listener.linked(true)
      listener.message(JSON.parse(event.data) as ServerMessage)
    }
    opened.onclose = lose
    opened.onerror = lose
  }

  const say = (type: ClientMessage['type']): void => {
    if (socket?.readyState === 1) socket.send(JSON.stringify({ type }))
  }

  const awake = (): void => {
    if (socket === null && !stopped) {
      clearTimeout(retry)
      attempt = 0
      connect()
    }
  }
  globalThis.addEventListener?.('online', awake)
  connect()

  return {
    resync: () => say('resync'),
    rest: (wanted) => {
      if (resting === wanted) return
      resting = wanted
      say(wanted ? 'rest' : 'watch')
    },
    stop: () => {
      stopped = true
      globalThis.removeEventListener?.('online', awake)
      clearTimeout(retry)
      lose()
    },
  }
}
