/* Open incidents: a disc with the grade's numeral, heavier for the more urgent; amber and red only by the clock. */

import { computed, defineComponent, ref, onBeforeUnmount } from 'vue'
import { i18n } from '@/locales'
import { clocksOf } from '@/state/clocks'
import { cityTime } from '@/state/cityClock'
import { kindOf, openIncidents } from '@/state/picture'
import { intendedPlace } from '@/state/picking'
import { preferences } from '@/state/preferences'
import { chosenIncident, chosenIncidentId } from '@/state/selection'
import { whileVisible } from '@/state/visible'
import { collection, feature, useShapes } from '../host'

/** The disc stands above its place, so that a unit on scene does not hide the grade. */
const ABOVE: [number, number] = [0, -19]
const FONT = ['Noto Sans CJK SC Bold']

export const IncidentsPart = defineComponent({
  name: 'IncidentsPart',
  setup() {
    const beat = ref(0)
    onBeforeUnmount(whileVisible(2000, () => beat.value++))

    const incidents = computed(() => {
      void beat.value
      const now = cityTime()
      const open = openIncidents.value
      const shown = chosenIncident.value && !open.includes(chosenIncident.value) ? [...open, chosenIncident.value] : open
      return collection(shown.map((incident) => {
        const kind = kindOf(incident.kind)
        return feature({ type: 'Point', coordinates: [incident.place.lon, incident.place.lat] }, {
          id: incident.id,
          grade: incident.grade,
          pressure: clocksOf(incident, now).pressure,
          chosen: incident.id === chosenIncidentId.value,
          name: incident.origin === 'officer_help' ? i18n.global.t('origin.officer_help') : ((preferences.locale === 'en' && kind?.name_en) || kind?.name || ''),
        })
      }))
    })
    useShapes('incidents', incidents, (p) => [
      {
        id: 'incident-chosen', type: 'circle', filter: ['==', ['get', 'chosen'], true],
        paint: { 'circle-radius': 20, 'circle-color': 'rgba(0,0,0,0)', 'circle-stroke-color': p.chosen, 'circle-stroke-width': 2, 'circle-translate': ABOVE },
      },
      { id: 'incident-place', type: 'circle', paint: { 'circle-radius': 3.5, 'circle-color': p.incident, 'circle-stroke-color': p.halo, 'circle-stroke-width': 1.5 } },
      {
        id: 'incident', type: 'circle',
        paint: {
          'circle-radius': ['match', ['get', 'grade'], 1, 13, 2, 11.5, 3, 10, 9],
          'circle-color': p.incident,
          'circle-translate': ABOVE,
          'circle-stroke-color': ['match', ['get', 'pressure'], 'broken', p.broken, 'near', p.near, p.halo],
          'circle-stroke-width': ['match', ['get', 'pressure'], 'calm', 1.5, 3.5],
        },
      },
      {
        id: 'incident-grade', type: 'symbol',
        layout: { 'text-field': ['to-string', ['get', 'grade']], 'text-font': FONT, 'text-size': 13, 'text-allow-overlap': true, 'text-ignore-placement': true },
        paint: { 'text-color': p.incidentText, 'text-translate': ABOVE },
      },
      {
        id: 'incident-name', type: 'symbol', minzoom: 12,
        layout: { 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': 12, 'text-anchor': 'top', 'text-offset': [0, 0.8], 'text-optional': true },
        paint: { 'text-color': p.label, 'text-halo-color': p.halo, 'text-halo-width': 1.6 },
      },
    ], 'slot-top')

    const intended = computed(() => {
      const at = intendedPlace.value
      return collection(at ? [feature({ type: 'Point', coordinates: [at.lon, at.lat] })] : [])
    })
    useShapes('intended', intended, (p) => [
      { id: 'intended-ring', type: 'circle', paint: { 'circle-radius': 16, 'circle-color': 'rgba(0,0,0,0)', 'circle-stroke-color': p.chosen, 'circle-stroke-width': 2 } },
      { id: 'intended-dot', type: 'circle', paint: { 'circle-radius': 3.5, 'circle-color': p.chosen } },
    ], 'slot-top')
    return () => null
  },
})
