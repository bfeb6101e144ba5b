/* Clicks and looks: what a click on the map chooses, and moving the map to what was chosen elsewhere, only if it is out of view. */

import type { MapMouseEvent } from 'maplibre-gl'
import { defineComponent, onBeforeUnmount, watch } from 'vue'
import { clickedAt, intendedPlace, pickMode } from '@/state/picking'
import { fixOf } from '@/state/positions'
import { chooseIncident, chooseUnit, chosen, chosenIncident, hoveredUnit } from '@/state/selection'
import { featuresAt, useMap } from '../host'
import { nearestUnit } from './UnitsPart'

const EDGE = 60

export const MapActions = defineComponent({
  name: 'MapActions',
  setup() {
    const map = useMap()

    function click(event: MapMouseEvent): void {
      if (clickedAt({ lon: event.lngLat.lng, lat: event.lngLat.lat })) return
      const unit = nearestUnit?.(event.point, 12)
      const incident = featuresAt(map, event.point, ['incident'])[0]?.properties.id as string | undefined
      if (unit) chooseUnit(unit)
      else if (incident) chooseIncident(incident)
    }
    let last = 0
    function move(event: MapMouseEvent): void {
      const now = performance.now()
      if (now - last < 60) return
      last = now
      if (pickMode.value !== 'none') {
        map.getCanvas().style.cursor = 'crosshair'
        return
      }
      const unit = nearestUnit?.(event.point, 10) ?? null
      hoveredUnit.value = unit
      map.getCanvas().style.cursor = unit || featuresAt(map, event.point, ['incident'], 2).length > 0 ? 'pointer' : ''
    }
    function intoView(at: [number, number], zoom?: number): void {
      const p = map.project(at)
      const { clientWidth, clientHeight } = map.getCanvas()
      if (p.x > EDGE && p.y > EDGE && p.x < clientWidth - EDGE && p.y < clientHeight - EDGE && map.getZoom() >= (zoom ?? 0)) return
      map.easeTo({ center: at, zoom: Math.max(map.getZoom(), zoom ?? 0), duration: 500 })
    }
    map.on('click', click)
    map.on('mousemove', move)
    watch(chosen, (now) => {
      if (now?.kind === 'incident' && chosenIncident.value) intoView([chosenIncident.value.place.lon, chosenIncident.value.place.lat], 12.5)
      else if (now?.kind === 'unit') {
        const fix = fixOf(now.id)
        if (fix) intoView([fix.lon, fix.lat])
      }
    })
    watch(intendedPlace, (at) => {
      if (at) intoView([at.lon, at.lat], 14)
    })
    onBeforeUnmount(() => {
      map.off('click', click)
      map.off('mousemove', move)
    })
    return () => null
  },
})
