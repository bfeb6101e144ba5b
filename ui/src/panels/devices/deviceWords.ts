/* Names of what stands in the register, in the user's language: protocol, unit, reasons, what a stranger said. */

import type { UnitView } from '@/api/types'
import { useWords } from '@/locales/words'
import { unitById, unitBySign } from '@/state/devices'

export function useDeviceWords() {
  const { t, te } = useWords()
  return {
    protocol: (name: string): string => t(`devices.protocols.${name}`),
    crs: (name: string): string => t(`devices.systems.${name}`),
    /** Call sign; the identifier where the force does not hold it. */
    unit: (id: string | null): string => (id === null ? t('devices.noUnit') : (unitById.value.get(id)?.call_sign ?? id)),
    /** The unit that was typed, by call sign or identifier; null where there is none. */
    unitTyped: (text: string): UnitView | null => unitBySign.value.get(text.trim()) ?? unitById.value.get(text.trim()) ?? null,
    reason: (name: string): string => (te(`devices.reasons.${name}`) ? t(`devices.reasons.${name}`) : t('devices.reasons.other')),
    /** What a stranger said, named where the name is known. */
    facts: (said: Record<string, string>): string =>
      Object.entries(said).map(([name, value]) => (te(`devices.facts.${name}`) ? `${t(`devices.facts.${name}`)} ${value}` : value)).join(' · '),
    /** Counts by reason, most first. */
    counts: (by: Record<string, number>): string =>
      Object.entries(by).sort((a, b) => b[1] - a[1]).map(([name, n]) => `${te(`devices.reasons.${name}`) ? t(`devices.reasons.${name}`) : t('devices.reasons.other')} ${n}`).join(' · '),
  }
}
