/* Units on the map: follows the picture and the fixes, draws through their own canvas, picks labels, follows a unit. */

import { defineComponent, onBeforeUnmount, watch } from 'vue'
import type { UnitView } from '@/api/types'
import { duration } from '@/format/time'
import { cityTime } from '@/state/cityClock'
import { onPicture, picture } from '@/state/picture'
import { fixOf, onFixes } from '@/state/positions'
import { chosen, followedUnit, hoveredUnit } from '@/state/selection'
import { visible } from '@/state/visible'
import { palette, useMap } from '../host'
import { iconIndex, outlineOf, turnsWithHeading } from '../units/icons'
import { mercatorX, mercatorY, Movement } from '../units/movement'
import { labelRows } from '../units/labelRows'
import { UnitsOverlay } from '../units/overlay'
import { paced } from '../units/pace'

const LABELS_FROM_ZOOM = 13.2
const LABELS_EVERY_S = 0.5
const FOLLOW_ZOOM = 14.5
const NOT_DRAWN: ReadonlySet<string> = new Set(['off_duty', 'out_of_service'])

const seconds = (): number => performance.now() / 1000
const glides = (): boolean => !new URLSearchParams(location.search).has('still') && !matchMedia('(prefers-reduced-motion: reduce)').matches

const drawn = (unit: UnitView): boolean => !NOT_DRAWN.has(unit.status) && fixOf(unit.id) !== undefined

function labelOf(unit: UnitView): string {
  const fix = fixOf(unit.id)
  if (!fix || !(unit.stale || unit.lost_contact)) return unit.call_sign
  return `${unit.call_sign} ${duration(Math.floor((cityTime() - fix.measured) / 10_000) * 10)}`
}

const marked = (): string[] => [chosen.value?.kind === 'unit' ? chosen.value.id : null, hoveredUnit.value].filter((id) => id !== null)

export const UnitsPart = defineComponent({
  name: 'UnitsPart',
  setup() {
    const map = useMap()
    const centre = map.getCenter()
    const movement = new Movement(mercatorX(centre.lng), mercatorY(centre.lat))
    const overlay = new UnitsOverlay(map, movement, palette.value, seconds)
    let labelledAt = 0
    let labelsDue = true

    const painting = paced(() => {
      if (labelsDue && seconds() - labelledAt >= LABELS_EVERY_S) relabel()
      overlay.draw()
      return labelsDue || movement.until > seconds()
    }, overlay.painted)

    let marks: readonly string[] = marked()
    function look(unit: UnitView): void {
      const heading = fixOf(unit.id)?.heading ?? 0
      movement.look(unit.id, iconIndex(unit.unit_class, outlineOf(unit)), turnsWithHeading(unit.unit_class) ? heading : 0, marks.includes(unit.id))
    }

    function take(ids: Iterable<string>, drive: boolean): void {
      const now = seconds()
      const units = picture.value?.units
      const glide = drive && glides()
      const following = followedUnit.value
      let followed = false
      for (const id of ids) {
        const unit = units?.get(id)
        const fix = fixOf(id)
        if (!unit || !fix || !drawn(unit)) movement.remove(id)
        else {
          movement.place(id, fix.lon, fix.lat, now, glide)
          look(unit)
        }
        followed ||= id === following
      }
      if (followed) follow()
      labelsDue = true
      painting.wake()
    }

    function relabel(): void {
      labelledAt = seconds()
      labelsDue = false
      const units = picture.value?.units
      if (map.getZoom() < LABELS_FROM_ZOOM || !units) movement.unlabel()
      else {
        const textOf = (id: string): string => {
          const unit = units.get(id)
          return unit ? labelOf(unit) : ''
        }
        labelRows(movement, overlay.view(), overlay.atlas, labelledAt, textOf)
      }
    }
    function relabelNow(): void {
      relabel()
      painting.now()
    }

    function follow(): void {
      const fix = followedUnit.value ? fixOf(followedUnit.value) : undefined
      if (fix) map.easeTo({ center: [fix.lon, fix.lat], zoom: Math.max(map.getZoom(), FOLLOW_ZOOM), duration: 800, easing: (t) => t })
    }

    const offFixes = onFixes(take)
    const offPicture = onPicture((before, after) => {
      if (before?.units === after.units) return
      for (const [id, unit] of after.units) {
        const old = before?.units.get(id)
        if (old === unit) continue
        if (!drawn(unit)) movement.remove(id)
        else if (movement.has(id)) look(unit)
        else take([id], false)
        if (old && old.status !== unit.status && unit.status === 'ordered') movement.pulse(id, seconds())
      }
      for (const id of movement.ids.filter((held) => !after.units.has(held))) movement.remove(id)
      labelsDue = true
      painting.wake()
    })
    const stopMarks = watch(marked, (now, before) => {
      marks = now
      for (const id of [...before, ...now]) {
        const unit = picture.value?.units.get(id)
        if (unit) look(unit)
      }
      painting.now()
    })
    const stopTheme = watch(palette, (now) => {
      overlay.recolour(now)
      relabelNow()
    })
    const stopFollow = watch(followedUnit, follow)
    const stopSeen = watch(visible, (seen) => { if (seen) relabelNow() }, { flush: 'sync' })
    map.on('moveend', relabelNow)
    take(picture.value?.units.keys() ?? [], false)

    /** Nearest drawn unit within `slack` pixels of a point on the map. */
    function nearest(at: { x: number; y: number }, slack: number): string | null {
      const view = overlay.view()
      const now = seconds()
      let best: string | null = null
      let bound = slack * slack
      movement.ids.forEach((id, row) => {
        const [dx, dy] = movement.drawnAt(row, now)
        const d = (view.x + dx * view.world - at.x) ** 2 + (view.y + dy * view.world - at.y) ** 2
        if (d < bound) [best, bound] = [id, d]
      })
      return best
    }
    nearestUnit = nearest

    onBeforeUnmount(() => {
      nearestUnit = null
      map.off('moveend', relabelNow)
      painting.stop()
      offFixes()
      offPicture()
      stopMarks()
      stopTheme()
      stopFollow()
      stopSeen()
      overlay.remove()
    })
    return () => null
  },
})

/** Set while units are on a map. */
export let nearestUnit: ((at: { x: number; y: number }, slack: number) => string | null) | null = null
