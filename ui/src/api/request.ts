/* One door to the core: JSON in and out, problem documents (RFC 9457) as errors, an idempotency key on each command.

A command keeps its key when it is sent again, so that a repeated one is answered, never done twice. Knows no resource. */

import type { Fault } from './types'

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly kind: string,
    readonly title: string,
    readonly detail: string,
    readonly faults: Fault[],
    readonly current: unknown,
  ) {
    super(detail || title)
  }
}

/** The request never got an answer: nobody knows whether it was done, and the same key may be sent again. */
export class Unreachable extends Error {}

let onSignedOut: () => void = () => undefined

/** What happens when the core says that the session has ended. */
export function whenSignedOut(act: () => void): void {
  onSignedOut = act
}

export function newKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16)) // randomUUID needs HTTPS; an officer's phone may not have it
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}

async function refusal(answer: Response): Promise<Refused> {
  const text = await answer.text()
  let problem: Record<string, unknown> = {}
  try {
    problem = JSON.parse(text) as Record<string, unknown>
  } catch {
    problem = { detail: text.slice(0, 200) }
  }
  const type = String(problem.type ?? '')
  return new Refused(
    answer.status,
    type.split(/[/:]/).at(-1) ?? '',
    String(problem.title ?? answer.statusText),
    String(problem.detail ?? ''),
    (problem.faults as Fault[] | undefined) ?? [],
    problem.current,
  )
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
  let answer: Response
  try {
    answer = await fetch(path, { credentials: 'same-origin', ...init })
  } catch (cause) {
    throw new Unreachable(path, { cause })
  }
  if (answer.status === 401 && !path.startsWith('/api/session')) onSignedOut()
  if (!answer.ok) throw await refusal(answer)
  if (answer.status === 204) return undefined as T
  return (await answer.json()) as T
}

/** A file that is made on demand; a refusal comes as an error and not as a page. */
export async function getFile(path: string): Promise<Blob> {
  let answer: Response
  try {
    answer = await fetch(path, { credentials: 'same-origin' })
  } catch (cause) {
    throw new Unreachable(path, { cause })
  }
  if (answer.status === 401) onSignedOut()
  if (!answer.ok) throw await refusal(answer)
  return answer.blob()
}

export function get<T>(path: string, query: Record<string, string | number | null | undefined> = {}, signal?: AbortSignal): Promise<T> {
  const words = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== null && value !== undefined && value !== '') words.set(name, String(value))
  const tail = words.toString()
  return send<T>(tail ? `${path}?${tail}` : path, signal ? { signal } : {})
}

let shut = 0

/** Shuts the way by which every command leaves this page, until what it returns is called: a replay shows and does nothing. */
export function shutCommandDoor(): () => void {
  let mine = true
  shut++
  return () => {
    if (mine) shut--
    mine = false
  }
}

/** A question that has to be a POST because it is put on record, such as opening a replay; it commands nothing. */
export function askOnRecord<T>(path: string, body: unknown): Promise<T> {
  return send<T>(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
}

/** Leaving is always possible, and how one likes the screen is no command. */
const ALWAYS: ReadonlySet<string> = new Set(['/api/session', '/api/me/preferences'])

export function command<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, key: string = newKey()): Promise<T> {
  if (shut > 0 && !ALWAYS.has(path)) return Promise.reject(new Refused(0, 'read-only', '', `${method} ${path}`, [], null))
  const headers: Record<string, string> = { 'Idempotency-Key': key }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  return send<T>(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
}
