/* What asks for attention: the core's alerts, each until somebody here has seen it; and one tone for each new incident. */

import { computed, reactive } from 'vue'
import type { AlertView } from '@/api/types'
import { isOpen, onPicture, picture } from './picture'
import { askingTone, toneOfGrade } from './tones'

const REPEATED: ReadonlySet<string> = new Set(['sos', 'limit_near', 'limit_broken', 'lost_contact', 'stopped_on_way'])
const ORDER_OF_WEIGHT = ['sos', 'limit_broken', 'lost_contact', 'stopped_on_way', 'limit_near', 'empty_area', 'acknowledge_overdue']
/** One tone and no more: nobody is waiting at a door, yet somebody should look. */
const ONCE: ReadonlySet<string> = new Set(['acknowledge_overdue', 'empty_area'])
const REPEAT_MS = 6000

const seen = reactive(new Set<string>())

export const unseenAlerts = computed<AlertView[]>(() => {
  const all = picture.value ? [...picture.value.alerts.values()] : []
  return all
    .filter((alert) => !seen.has(alert.id))
    .sort((a, b) => ORDER_OF_WEIGHT.indexOf(a.kind) - ORDER_OF_WEIGHT.indexOf(b.kind) || a.raised_at.localeCompare(b.raised_at))
})

export function see(alert: AlertView): void {
  seen.add(alert.id)
}

export function seeAll(): void {
  for (const alert of unseenAlerts.value) seen.add(alert.id)
}

/** Starts listening; returns how to stop. */
export function watchForAttention(): () => void {
  const off = onPicture((before, after) => {
    if (before === null) return
    let gravest = 9
    for (const [id, incident] of after.incidents) {
      if (isOpen(incident) && !before.incidents.has(id)) gravest = Math.min(gravest, incident.grade)
    }
    if (gravest < 9) toneOfGrade(gravest)
    for (const [id, alert] of after.alerts) {
      if (!before.alerts.has(id) && !seen.has(id) && (REPEATED.has(alert.kind) || ONCE.has(alert.kind))) {
        askingTone()
        break
      }
    }
    for (const id of seen) if (!after.alerts.has(id)) seen.delete(id)
  })
  const timer = setInterval(() => {
    if (unseenAlerts.value.some((alert) => REPEATED.has(alert.kind))) askingTone()
  }, REPEAT_MS)
  return () => {
    off()
    clearInterval(timer)
  }
}
