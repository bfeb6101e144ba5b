/* Sending a command from this screen: refused at once when the picture is stale, and every refusal of the core is said plainly. */

import { Refused, Unreachable } from '@/api/request'
import { connected, mayCommand } from './picture'
import { notify } from './notices'

/** `UnitTaken`, `unit-taken` and `unit_taken` are one name. */
export const errorName = (kind: string): string => kind.replace(/[^a-zA-Z]/g, '').toLowerCase()

export function sayRefusal(error: unknown): void {
  if (error instanceof Refused) {
    notify('refused', `error.${errorName(error.kind)}`, { text: error.detail || error.title, faults: error.faults })
  } else if (error instanceof Unreachable) notify('refused', 'error.unreachable')
  else throw error
}

/** The answer, or null where it was refused (and said so). */
export async function send<T>(act: () => Promise<T>): Promise<T | null> {
  if (!mayCommand.value) {
    notify('refused', connected.value ? 'error.degraded' : 'error.disconnected')
    return null
  }
  try {
    return await act()
  } catch (error) {
    sayRefusal(error)
    return null
  }
}
