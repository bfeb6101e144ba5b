/* What an officer pressed, kept on the phone until the core has answered: in order, each with its device's time and its key, so
that a repeat is answered and never done twice. Survives a lost link and a closed page. Knows no screen. */

import { command, newKey, Refused, Unreachable } from '@/api/request'

export interface Waiting {
  key: string
  path: string
  body: Record<string, unknown>
  /** What was pressed, for the screen: a step, `note`, `help`, `refuse`. */
  what: string
  /** Assignment or incident it belongs to. */
  of: string
}

export type Send = (path: string, body: Record<string, unknown>, key: string) => Promise<unknown>
export interface Keep { read(): string | null; write(text: string): void }

const sendNow: Send = (path, body, key) => command('POST', path, body, key)

/** Answers that say "later", not "no": the core is warming, degraded or gone. */
const later = (error: unknown): boolean => error instanceof Unreachable || (error instanceof Refused && (error.status >= 500 || error.status === 429 || error.status === 401))

export class Outbox {
  private held: Waiting[]
  private running = false

  constructor(
    private readonly keep: Keep,
    private readonly changed: (waiting: readonly Waiting[]) => void,
    private readonly refused: (item: Waiting, why: Refused) => void,
    private readonly took: (item: Waiting) => void = () => undefined,
    private readonly send: Send = sendNow,
  ) {
    this.held = read(keep)
    changed(this.held)
  }

  get waiting(): readonly Waiting[] {
    return this.held
  }

  add(path: string, body: Record<string, unknown>, what: string, of: string): Promise<void> {
    this.set([...this.held, { key: newKey(), path, body, what, of }])
    return this.flush()
  }

  /** Sends what waits, oldest first; stops at the first that gets no answer. A refused one is told and dropped. */
  async flush(): Promise<void> {
    if (this.running) return
    this.running = true
    try {
      while (this.held.length > 0) {
        const item = this.held[0]!
        try {
          await this.send(item.path, item.body, item.key)
          this.took(item)
        } catch (error) {
          if (later(error)) return
          if (!(error instanceof Refused)) throw error
          this.refused(item, error)
        }
        this.set(this.held.filter(({ key }) => key !== item.key))
      }
    } finally {
      this.running = false
    }
  }

  /** Signing out: what was not sent is gone. */
  clear(): void {
    this.set([])
  }

  private set(next: Waiting[]): void {
    this.held = next
    this.keep.write(JSON.stringify(next))
    this.changed(next)
  }
}

function read(keep: Keep): Waiting[] {
  try {
    const found: unknown = JSON.parse(keep.read() ?? '[]')
    return Array.isArray(found) ? (found as Waiting[]) : []
  } catch {
    return []
  }
}

export const keptUnder = (name: string, storage: Storage = localStorage): Keep => ({
  read: () => storage.getItem(name),
  write: (text) => storage.setItem(name, text),
})
