/* Streets by whether the units free now reach them within their tier's limit; a gap is the warmer, heavier line, so that it reads
without colour too, and it pulses once when it opens. With a candidate under the pointer: the streets lost without it. */

import type { MapMouseEvent } from 'maplibre-gl'
import { computed, defineComponent, onBeforeUnmount, shallowRef, watch } from 'vue'
import { reachStreets } from '@/api/reach'
import { pickMode } from '@/state/picking'
import { connected, picture } from '@/state/picture'
import { preferences } from '@/state/preferences'
import { lostWithout, newGaps, streetUnder, type Street } from '@/state/reachLook'
import { collection, featuresAt, useMap, useShapes } from '../host'

const LEAST_PAUSE_MS = 2500
const PULSE_MS = 1600

export const ReachPart = defineComponent({
  name: 'ReachPart',
  setup() {
    const map = useMap()
    const streets = shallowRef<GeoJSON.FeatureCollection>(collection([]))
    useShapes('reach', streets, (p) => [
      {
        id: 'reach-street', type: 'line', layout: { 'line-cap': 'round' },
        paint: {
          'line-color': ['case', ['get', 'reached'], p.reached, p.gap],
          'line-width': ['interpolate', ['linear'], ['zoom'], 10, ['case', ['get', 'reached'], 0.5, 1], 14, ['case', ['get', 'reached'], 1.4, 2.6], 17, ['case', ['get', 'reached'], 3, 5]],
          'line-opacity': ['case', ['get', 'reached'], 0.7, 0.95],
        },
      },
    ], 'slot-routes')
    const fresh = shallowRef<GeoJSON.FeatureCollection>(collection([]))
    useShapes('reach-fresh', fresh, (p) => [
      {
        id: 'reach-fresh', type: 'line', layout: { 'line-cap': 'round' },
        paint: { 'line-color': p.gap, 'line-width': ['interpolate', ['linear'], ['zoom'], 11, 3, 15, 10], 'line-opacity': 0, 'line-opacity-transition': { duration: PULSE_MS, delay: 0 } },
      },
    ], 'slot-routes')
    const lost = computed(() => lostWithout.value?.streets ?? collection([]))
    useShapes('reach-lost', lost, (p) => [
      { id: 'reach-lost', type: 'line', layout: { 'line-cap': 'butt' }, paint: { 'line-color': p.gap, 'line-width': ['interpolate', ['linear'], ['zoom'], 10, 2, 15, 5], 'line-dasharray': [1.2, 0.6] } },
    ], 'slot-routes')

    let fading: ReturnType<typeof setTimeout> | undefined
    function pulse(features: GeoJSON.Feature[]): void {
      clearTimeout(fading)
      fresh.value = collection(features)
      map.setPaintProperty('reach-fresh', 'line-opacity', 0.85)
      fading = setTimeout(() => {
        if (map.getLayer('reach-fresh')) map.setPaintProperty('reach-fresh', 'line-opacity', 0)
      }, PULSE_MS)
    }

    let asking = false
    let again = false
    async function ask(): Promise<void> {
      if (!preferences.reach || !connected.value) return
      if (asking) {
        again = true
        return
      }
      asking = true
      try {
        const answer = await reachStreets()
        if (preferences.reach) {
          const opened = newGaps(streets.value, answer)
          streets.value = answer
          if (opened.length > 0) pulse(opened)
        }
      } catch {
        /* the header's figure stays; the layer comes with the next change */
      }
      setTimeout(() => {
        asking = false
        if (again) {
          again = false
          void ask()
        }
      }, LEAST_PAUSE_MS)
    }
    watch(() => preferences.reach, (on) => {
      if (on) void ask()
      else {
        streets.value = fresh.value = collection([])
        streetUnder.value = null
      }
    }, { immediate: true })
    watch([() => picture.value?.reach?.at, connected], () => void ask())

    let last = 0
    function look(event: MapMouseEvent): void {
      const now = performance.now()
      if (!preferences.reach || now - last < 80) return
      last = now
      const found = pickMode.value === 'none' ? featuresAt(map, event.point, ['reach-street'], 4)[0] : undefined
      streetUnder.value = found ? { x: event.point.x, y: event.point.y, street: found.properties as Street } : null
    }
    const leave = (): void => { streetUnder.value = null }
    map.on('mousemove', look)
    map.on('mouseout', leave)
    onBeforeUnmount(() => {
      again = false
      clearTimeout(fading)
      leave()
      map.off('mousemove', look)
      map.off('mouseout', leave)
    })
    return () => null
  },
})
