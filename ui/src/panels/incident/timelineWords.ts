/* One log entry as a sentence: the event's name chooses it, the event's fields fill it, coded values in the user's words. */

import type { TimelineEntry } from '@/api/types'
import { duration } from '@/format/time'
import { useWords } from '@/locales/words'
import { picture, unitOf } from '@/state/picture'

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

/** When it happened, by the entry's own stamp; the log's time may be later, when a link was away. */
export function happenedAt({ at, type, data }: TimelineEntry): number {
  const own = Date.parse(text(type === 'ArrivalMeasured' ? data.latest : type === 'SceneLeft' ? data.earliest : type === 'UnitStopped' ? data.since : data.at))
  return Number.isFinite(own) ? own : Date.parse(at)
}

/** Newest first; of one instant, as it was logged, but the call before the incident that it opened. */
export function newestFirst(entries: readonly TimelineEntry[]): TimelineEntry[] {
  const rank = ({ type }: TimelineEntry): number => (type === 'CallTaken' ? 0 : type === 'IncidentOpened' ? 1 : 2)
  return entries.toSorted((a, b) => happenedAt(b) - happenedAt(a) || rank(b) - rank(a) || b.seq - a.seq)
}

export function useTimelineWords() {
  const { t, te, word, kind, placeName, followedUp } = useWords()

  function said({ type, data }: TimelineEntry): string {
    const key = `timeline.${type.replace(/[^a-zA-Z]/g, '').toLowerCase()}`
    if (!te(key)) return t('timeline.other')
    const place = data.place as { text?: string; road?: string; lon?: number; lat?: number } | undefined
    const named = place?.text || place?.road ? placeName({ text: place.text ?? '', road: place.road ?? '', beat: null }) : ''
    const seconds = typeof data.earliest === 'string' && typeof data.latest === 'string' ? (Date.parse(data.latest) - Date.parse(data.earliest)) / 1000 : null
    return t(key, {
      unit: text(data.call_sign) || unitOf(text(data.unit))?.call_sign || '',
      kind: data.kind ? kind(text(data.kind)) : '',
      grade: text(data.grade),
      step: data.step ? word('stepDone', text(data.step)) : '',
      role: data.role ? word('role', text(data.role)) : '',
      outcome: data.outcome ? word('outcome', text(data.outcome)) : '',
      after: data.follow_up ? t('followUp.closed', { told: followedUp(data.follow_up as { by: string; text: string }) }) : '',
      origin: data.origin ? word('origin', text(data.origin)) : '',
      place: named || (place?.lon !== undefined && place.lat !== undefined ? `${place.lon.toFixed(5)}, ${place.lat.toFixed(5)}` : '—'),
      at: named && t('timeline.comma', { text: named }),
      text: text(data.text),
      n: String(((data.silent ?? data.units) as unknown[] | undefined)?.length ?? ''),
      said: text(data.text) && t('timeline.colon', { text: text(data.text) }),
      into: text(data.into),
      incident: text(data.incident),
      from: text(data.from_incident),
      width: duration(seconds),
      stay: duration(Number(data.stay_least_s)),
      stood: duration(Number(data.stood_s)),
    })
  }
  /** Who did it: what acts by itself has a word, a person stands by the account's name. */
  function actor({ actor: by, source }: TimelineEntry): string {
    const acted = picture.value?.mode !== 'live' && (by === 'actors' || by === 'demo')
    const key = source === 'tracking' ? 'tracking' : source === 'engine' ? 'system' : acted ? by : ''
    return key ? t(`actor.${key}`) : by
  }
  return { said, actor }
}
