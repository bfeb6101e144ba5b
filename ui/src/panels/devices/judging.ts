/* What is the matter with a device, from what was heard and judged of it. Figures that decide stand here and nowhere else. */

import type { DeviceView } from '@/api/types'

/** A device's clock this far off is told; the judgement has corrected it already. */
export const CLOCK_S = 5
/** So large a share of refused reports is told, once there are enough of them to say. */
export const REFUSED_SHARE = 0.2
export const ENOUGH = 20

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
    door: sum(device.faults) > 0,
    nounit: device.unit === null,
    never: device.state === 'never',
  }
  return TROUBLES.filter((trouble) => found[trouble])
}

export function isShown(device: DeviceView, shown: Shown): boolean {
  if (shown === 'all') return true
  if (shown === 'reporting' || shown === 'retired') return device.state === shown
  return troublesOf(device).includes(shown)
}

/** When it was last heard, by connection or by report; null where never. */
export function lastHeard(device: DeviceView): number | null {
  const times = [device.contact?.last_at, device.judged?.last_received].filter((at): at is string => !!at).map((at) => Date.parse(at))
  return times.length ? Math.max(...times) : null
}

/** Those with trouble first, worst first; then by how long ago they were heard; retired ones last. */
export function inOrder(devices: readonly DeviceView[]): DeviceView[] {
  const rank = (device: DeviceView): number => {
    if (!device.active) return TROUBLES.length + 1
    const [worst] = troublesOf(device)
    return worst ? TROUBLES.indexOf(worst) : TROUBLES.length
  }
  const ranks = new Map(devices.map((device) => [device.id, rank(device)]))
  return [...devices].sort((a, b) => ranks.get(a.id)! - ranks.get(b.id)! || a.key.localeCompare(b.key, 'en', { numeric: true }))
}
