/* What asks for attention: the core's alerts, each until somebody here has seen it; and one tone for each new incident.

What was acknowledged and counted is kept in the browser for each account, so that a reload neither rings again nor counts again. */

import { computed, shallowRef, watch } from 'vue'
import type { AlertView } from '@/api/types'
import { inLastHour, inOrder, insistenceOf, matterOf, mostInTenMinutes, pruned, readBook, withRaised, withSeen, type AlarmBook } from './alarmBook'
import { cityTime, now } from './cityClock'
import { tellDesktop } from './desktop'
import { incidentOf, isOpen, onPicture, picture } from './picture'
import { readOnly } from './readOnly'
import { session } from './session'
import { isMuted } from './sound'
import { askingTone, sosTone, toneOfGrade } from './tones'

const REPEAT_MS = 6000
const KEY = 'kuaijing.attention'

const book = shallowRef<AlarmBook>(readBook(null))
const keptUnder = (): string => `${KEY}.${session.value?.user ?? ''}`

function keep(next: AlarmBook): void {
  if (next === book.value) return
  book.value = next
  if (readOnly.value) return // a replay's alarms are of the past and nobody's
  try {
    localStorage.setItem(keptUnder(), JSON.stringify(next))
  } catch {
    /* a browser that keeps nothing still counts for this visit */
  }
}
watch(() => session.value?.user, () => {
  book.value = readBook(typeof localStorage === 'undefined' ? null : localStorage.getItem(keptUnder()))
}, { immediate: true })

const matter = (alert: AlertView): string => matterOf(alert, alert.incident ? incidentOf(alert.incident) : undefined)

export const unseenAlerts = computed<AlertView[]>(() =>
  inOrder([...(picture.value?.alerts.values() ?? [])].filter((alert) => book.value.seen[matter(alert)] === undefined)))
/** What rings until it is seen. */
const insisting = computed(() => unseenAlerts.value.filter(({ kind }) => insistenceOf(kind) === 'until_seen'))
/** Which tone goes on: an officer's call for help is never muted. */
export const ringing = computed<'sos' | 'asking' | 'muted' | 'none'>(() => {
  if (insisting.value.some(({ kind }) => kind === 'sos')) return 'sos'
  if (insisting.value.length === 0) return 'none'
  return isMuted.value ? 'muted' : 'asking'
})
/** Alarms of the last hour of the city's time, and the most in ten minutes of it. */
export const alarmCount = computed(() => {
  const at = Math.floor(now.value / 10_000) * 10_000 + 10_000
  return { hour: inLastHour(book.value, at), tenMinutes: mostInTenMinutes(book.value, at) }
})

export function see(alert: AlertView): void {
  keep(withSeen(book.value, [matter(alert)], cityTime()))
}

export function seeAll(): void {
  keep(withSeen(book.value, unseenAlerts.value.map(matter), cityTime()))
}

function ring(): void {
  if (ringing.value === 'sos') sosTone()
  else if (ringing.value === 'asking') askingTone()
}

/** Takes in the alerts that stand: those that are new are counted; answers them. */
function take(alerts: Iterable<AlertView>): AlertView[] {
  const loud = [...alerts].filter(({ kind }) => insistenceOf(kind) !== 'silent')
  const counted = new Set(book.value.raised.map((each) => each.matter))
  const fresh = loud.filter((alert) => !counted.has(matter(alert)) && book.value.seen[matter(alert)] === undefined)
  if (fresh.length > 0) keep(withRaised(book.value, fresh.map(matter), cityTime()))
  return fresh
}

/** Starts listening; returns how to stop. `titled` says an alert in words, for a notification of the desktop. */
export function watchForAttention(titled: (alert: AlertView) => string = ({ kind }) => kind): () => void {
  const off = onPicture((before, after) => {
    if (after.alerts !== before?.alerts) {
      const fresh = inOrder(take(after.alerts.values()))
      if (fresh[0] && before !== null) {
        if (insistenceOf(fresh[0].kind) === 'until_seen') ring()
        else askingTone()
        tellDesktop(fresh.map(titled))
      }
    }
    if (before === null || before.incidents === after.incidents) return
    let gravest = 9
    for (const [id, incident] of after.incidents) {
      if (isOpen(incident) && !before.incidents.has(id) && incident.origin !== 'officer_help') gravest = Math.min(gravest, incident.grade)
    }
    if (gravest < 9) toneOfGrade(gravest)
  })
  if (picture.value) take(picture.value.alerts.values())
  const ringer = setInterval(ring, REPEAT_MS)
  const sweeper = setInterval(() => {
    const standing = new Set([...(picture.value?.alerts.values() ?? [])].map(matter))
    keep(pruned(book.value, standing, cityTime()))
  }, 600_000)
  return () => {
    off()
    clearInterval(ringer)
    clearInterval(sweeper)
  }
}
