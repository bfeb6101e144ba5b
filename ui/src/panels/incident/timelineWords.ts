/* One log entry as a sentence: the event's name chooses it, the event's fields fill it, coded values in the user's words. */

import type { TimelineEntry } from '@/api/types'
import { duration } from '@/format/time'
import { useWords } from '@/locales/words'
import { unitOf } from '@/state/picture'

export function useTimelineWords() {
  const { t, te, word, kind } = useWords()

  function said({ type, data }: TimelineEntry): string {
    const key = `timeline.${type.replace(/[^a-zA-Z]/g, '').toLowerCase()}`
    if (!te(key)) return t('timeline.other')
    const text = (name: string): string => (typeof data[name] === 'string' || typeof data[name] === 'number' ? String(data[name]) : '')
    const place = data.place as { text?: string; road?: string } | undefined
    const seconds = typeof data.earliest === 'string' && typeof data.latest === 'string' ? (Date.parse(data.latest) - Date.parse(data.earliest)) / 1000 : null
    return t(key, {
      unit: text('call_sign') || unitOf(text('unit'))?.call_sign || '',
      kind: data.kind ? kind(text('kind')) : '',
      grade: text('grade'),
      step: data.step ? word('step', text('step')) : '',
      role: data.role ? word('role', text('role')) : '',
      outcome: data.outcome ? word('outcome', text('outcome')) : '',
      origin: data.origin ? word('origin', text('origin')) : '',
      place: place?.text || place?.road || '',
      text: text('text'),
      into: text('into'),
      incident: text('incident'),
      from: text('from_incident'),
      width: duration(seconds),
    })
  }
  return { said }
}
