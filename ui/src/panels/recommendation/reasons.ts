/* Why a unit stands where it does in the advice, as one line: the core's word, its figure and its detail in the user's language. */

import type { CandidateView } from '@/api/types'
import { distance, points } from '@/format/figures'
import { duration } from '@/format/time'
import { useWords } from '@/locales/words'

export function useReasons() {
  const { t, te, word } = useWords()

  function detail(c: CandidateView): string {
    if (c.reason === 'capability' || c.reason === 'missing_capability') return te(`capability.${c.reason_detail}`) ? t(`capability.${c.reason_detail}`) : c.reason_detail
    if (c.reason === 'wrong_class') return c.reason_detail ? word('class', c.reason_detail) : ''
    return c.reason_detail
  }
  function figure(c: CandidateView): string {
    if (c.reason_value === null) return ''
    if (c.reason === 'cover') return points(c.reason_value).replace('−', '')
    if (c.reason === 'unreachable' || c.reason === 'off_road') return distance(c.reason_value)
    if (c.reason === 'queued_elsewhere') return String(c.reason_value)
    return duration(c.reason_value)
  }
  /** Some reasons read otherwise for a unit that was passed over, or where no figure goes with them. */
  function key(c: CandidateView): string {
    if (c.reason === 'cover' && c.order === null) return 'cover_passed'
    if (c.reason === 'cover') return c.reason_value === 0 ? 'cover_class' : Number(c.reason_detail) >= 1 ? 'cover_later' : 'cover'
    if (c.reason === 'diversion') return c.order === null ? 'diversion_offered' : 'diversion'
    if (c.reason === 'farther') return c.reason_value === null ? 'could_go' : c.reason_value < 0 ? 'sooner' : 'farther'
    if (c.reason === 'busy' && !c.reason_detail) return 'busy_other'
    return c.reason
  }
  const reason = (c: CandidateView): string => {
    const at = `reason.${key(c)}`
    return te(at) ? t(at, { detail: detail(c), figure: figure(c) }) : t('reason.other')
  }
  return { reason }
}
