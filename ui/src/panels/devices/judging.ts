/* What is the matter with a device, from what was heard and judged of it. Figures that decide stand here and nowhere else. */

import type { DeviceView } from '@/api/types'

/** A device's clock this far off is told; the judgement has corrected it already. */
export const CLOCK_S = 5
/** So large a share of refused reports is told, once there are enough of them to say. */
export const REFUSED_SHARE = 0.2
export const ENOUGH = 20
/** Of these one is enough: somebody else may be at the door, or a call for help was lost. Others happen on any bad line. */
const GRAVE = new Set(['wrong_code', 'locked', 'too_many_tries', 'other_phone', 'sos_without_unit', 'sos_stale', 'sos_not_raised'])
/** So many messages refused at the door are told, where they are this share of all. */
export const AT_THE_DOOR = 10
export const DOOR_SHARE = 0.01

export const TROUBLES = ['silent', 'conflict', 'crs', 'clock', 'refused', 'door', 'nounit', 'never'] as const
export type Trouble = (typeof TROUBLES)[number]
export const SHOWN = ['all', 'reporting', ...TROUBLES, 'retired'] as const
export type Shown = (typeof SHOWN)[number]

export const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((total, n) => total + n, 0)

/** Everything that is the matter, worst first; nothing of a device that was retired. */
export function troublesOf(device: DeviceView): Trouble[] {
  if (!device.active) return []
  const judged = device.judged
  const refused = judged ? sum(judged.refused) : 0
  const all = refused + (judged ? judged.accepted + sum(judged.kept) : 0)
  const found: Record<Trouble, boolean> = {
    silent: device.state === 'silent' || device.state === 'connected',
    conflict: judged !== null && judged.conflict !== null,
    crs: judged !== null && judged.crs_suspected !== null,
    clock: judged !== null && Math.abs(judged.offset_s) >= CLOCK_S,
    refused: all >= ENOUGH && refused / all >= REFUSED_SHARE,
    door: Object.keys(device.faults).some((reason) => GRAVE.has(reason)) || (sum(device.faults) >= AT_THE_DOOR && sum(device.faults) >= DOOR_SHARE * all),
    nounit: device.unit === null,
    never: device.state === 'never',
  }
  return TROUBLES.filter((trouble) => found[trouble])
}

export function isShown(device: DeviceView, shown: Shown, troubles: readonly Trouble[] = troublesOf(device)): boolean {
  if (shown === 'all') return true
  if (shown === 'reporting' || shown === 'retired') return device.state === shown
  return troubles.includes(shown)
}

/** A device with what is the matter with it and the words by which it is found: thousands are looked through at each stroke. */
export interface Judged { device: DeviceView; troubles: Trouble[]; told: string }

/** When it was last heard, by connection or by report; null where never. */
export function lastHeard(device: DeviceView): number | null {
  const times = [device.contact?.last_at, device.judged?.last_received].filter((at): at is string => !!at).map((at) => Date.parse(at))
  return times.length ? Math.max(...times) : null
}

/** Those with trouble first, worst first; retired ones last. */
export function inOrder<T extends { device: DeviceView; troubles: readonly Trouble[] }>(rows: readonly T[]): T[] {
  const rank = ({ device, troubles }: T): number => (!device.active ? TROUBLES.length + 1 : troubles[0] ? TROUBLES.indexOf(troubles[0]) : TROUBLES.length)
  return [...rows].sort((a, b) => rank(a) - rank(b) || byNumber.compare(a.device.key, b.device.key))
}
const byNumber = new Intl.Collator('en', { numeric: true })
