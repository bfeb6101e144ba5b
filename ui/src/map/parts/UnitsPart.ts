/* Units on the map: follows the picture and the fixes, draws through the custom layer, picks labels, follows a unit. */

import { defineComponent, onBeforeUnmount, watch } from 'vue'
import type { UnitView } from '@/api/types'
import { duration } from '@/format/time'
import { cityTime } from '@/state/cityClock'
import { onPicture, picture } from '@/state/picture'
import { fixOf, onFixes } from '@/state/positions'
import { chosen, followedUnit, hoveredUnit } from '@/state/selection'
import { palette, useMap } from '../host'
import { iconIndex, outlineOf, turnsWithHeading } from '../units/icons'
import { declutter } from '../units/labels'
import { UnitsLayer } from '../units/layer'
import { mercatorX, mercatorY, Movement } from '../units/movement'

const LABELS_FROM_ZOOM = 13.2
const FOLLOW_ZOOM = 14.5
/** Repaints while units glide are capped, and take at most a quarter of the time: smooth enough for an eye, cheap enough for twelve
 * hours, also on a machine that draws without a graphics card. */
const FRAME_MS = 66
const MOST_FRAME_MS = 1000
const SHARE = 4
const NOT_DRAWN: ReadonlySet<string> = new Set(['off_duty', 'out_of_service'])

const seconds = (): number => performance.now() / 1000
const glides = (): boolean => !new URLSearchParams(location.search).has('still') && !matchMedia('(prefers-reduced-motion: reduce)').matches

export const UnitsPart = defineComponent({
  name: 'UnitsPart',
  setup() {
    const map = useMap()
    const centre = map.getCenter()
    const movement = new Movement(mercatorX(centre.lng), mercatorY(centre.lat))
    const layer = new UnitsLayer(movement, palette.value, seconds)
    map.addLayer(layer, 'slot-top')

    const drawn = (unit: UnitView): boolean => !NOT_DRAWN.has(unit.status) && fixOf(unit.id) !== undefined

    function look(unit: UnitView): void {
      const heading = fixOf(unit.id)?.heading ?? 0
      const marked = (chosen.value?.kind === 'unit' && chosen.value.id === unit.id) || hoveredUnit.value === unit.id
      movement.look(unit.id, iconIndex(unit.unit_class, outlineOf(unit)), turnsWithHeading(unit.unit_class) ? heading : 0, marked)
    }

    function take(ids: Iterable<string>): void {
      const now = seconds()
      for (const id of ids) {
        const unit = picture.value?.units.get(id)
        const fix = fixOf(id)
        if (!unit || !fix || !drawn(unit)) movement.remove(id)
        else {
          movement.place(id, fix.lon, fix.lat, now, glides())
          look(unit)
        }
      }
      if (followedUnit.value) follow()
      relabel()
    }

    function labelOf(unit: UnitView): string {
      const fix = fixOf(unit.id)
      if (!fix || !(unit.stale || unit.lost_contact)) return unit.call_sign
      return `${unit.call_sign} ${duration(Math.floor((cityTime() - fix.measured) / 10_000) * 10)}`
    }

    function relabel(): void {
      if (layer.labels.length < movement.count) layer.labels = new Float32Array(movement.count * 2)
      layer.labels.fill(-1)
      if (map.getZoom() >= LABELS_FROM_ZOOM && picture.value) {
        const now = seconds()
        const units = movement.ids.map((id) => picture.value!.units.get(id))
        const points = movement.ids.map((id) => {
          const at = map.project(movement.positionOf(id, now)!)
          return { x: at.x + 12, y: at.y, wide: 12 + 7 * (picture.value!.units.get(id)?.call_sign.length ?? 6) }
        })
        const { clientWidth, clientHeight } = map.getCanvas()
        declutter(points, { wide: clientWidth, tall: clientHeight }).forEach((shown, row) => {
          const unit = units[row]
          if (shown && unit) layer.labels[row] = layer.atlas.slotOf(labelOf(unit))
        })
      }
      map.triggerRepaint()
    }

    function follow(): void {
      const fix = followedUnit.value ? fixOf(followedUnit.value) : undefined
      if (fix) map.easeTo({ center: [fix.lon, fix.lat], zoom: Math.max(map.getZoom(), FOLLOW_ZOOM), duration: 800, easing: (t) => t })
    }

    const offFixes = onFixes((ids) => take(ids))
    const offPicture = onPicture((before, after) => {
      if (before?.units === after.units) return
      const changed: string[] = []
      for (const [id, unit] of after.units) {
        const old = before?.units.get(id)
        if (old === unit) continue
        changed.push(id)
        if (old && old.status !== unit.status && unit.status === 'ordered') movement.pulse(id, seconds())
      }
      for (const id of movement.ids.filter((held) => !after.units.has(held))) movement.remove(id)
      for (const id of changed) {
        const unit = after.units.get(id)!
        if (!drawn(unit)) movement.remove(id)
        else if (movement.has(id)) look(unit)
        else take([id])
      }
      relabel()
    })
    const stopMarks = watch([chosen, hoveredUnit], () => {
      for (const id of movement.ids) {
        const unit = picture.value?.units.get(id)
        if (unit) look(unit)
      }
      map.triggerRepaint()
    })
    const stopTheme = watch(palette, (now) => {
      layer.recolour(now)
      relabel()
    })
    const stopFollow = watch(followedUnit, follow)
    let frames: ReturnType<typeof setTimeout>
    function frame(): void {
      if (document.hidden || movement.until <= seconds() - FRAME_MS / 1000) {
        frames = setTimeout(frame, FRAME_MS)
        return
      }
      const asked = performance.now()
      map.once('render', () => {
        frames = setTimeout(frame, Math.min(MOST_FRAME_MS, Math.max(FRAME_MS, SHARE * (performance.now() - asked))))
      })
      map.triggerRepaint()
    }
    frames = setTimeout(frame, FRAME_MS)
    map.on('moveend', relabel)
    take(picture.value?.units.keys() ?? [])

    /** Nearest drawn unit within `slack` pixels of a point on the map. */
    function nearest(at: { x: number; y: number }, slack: number): string | null {
      let best: string | null = null
      let bound = slack * slack
      const now = seconds()
      for (const id of movement.ids) {
        const p = map.project(movement.positionOf(id, now)!)
        const d = (p.x - at.x) ** 2 + (p.y - at.y) ** 2
        if (d < bound) [best, bound] = [id, d]
      }
      return best
    }
    nearestUnit = nearest

    onBeforeUnmount(() => {
      nearestUnit = null
      map.off('moveend', relabel)
      clearTimeout(frames)
      offFixes()
      offPicture()
      stopMarks()
      stopTheme()
      stopFollow()
      map.removeLayer(layer.id)
    })
    return () => null
  },
})

/** Set while units are on a map. */
export let nearestUnit: ((at: { x: number; y: number }, slack: number) => string | null) | null = null
