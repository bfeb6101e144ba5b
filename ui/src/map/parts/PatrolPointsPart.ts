/* Patrol points of one beat: a ring while a visit is due, filled once it has had what it asks for. */

import { computed, defineComponent } from 'vue'
import { now, timezone } from '@/state/cityClock'
import { dueOf } from '@/state/patrolDue'
import { ownPoints } from '@/state/post'
import { preferences } from '@/state/preferences'
import { collection, feature, useShapes } from '../host'

export const PatrolPointsPart = defineComponent({
  name: 'PatrolPointsPart',
  setup() {
    const minute = computed(() => Math.floor(now.value / 60_000) * 60_000)
    const shapes = computed(() => collection((ownPoints.value ?? []).map((point) =>
      feature({ type: 'Point', coordinates: [point.lon, point.lat] }, { name: (preferences.locale === 'en' && point.name_en) || point.name, due: dueOf(point, minute.value, timezone.value) }))))
    useShapes('patrol-points', shapes, (p) => [
      {
        id: 'patrol-point', type: 'circle',
        paint: {
          'circle-radius': 5,
          'circle-color': ['match', ['get', 'due'], 'done', p.trail, p.land],
          'circle-stroke-color': ['match', ['get', 'due'], 'later', p.labelSoft, p.trail],
          'circle-stroke-width': ['match', ['get', 'due'], 'due', 2.6, 1.4],
        },
      },
      {
        id: 'patrol-point-name', type: 'symbol', minzoom: 13,
        layout: { 'text-field': ['get', 'name'], 'text-font': ['Noto Sans CJK SC Regular'], 'text-size': 11, 'text-anchor': 'top', 'text-offset': [0, 0.7], 'text-optional': true },
        paint: { 'text-color': p.labelSoft, 'text-halo-color': p.halo, 'text-halo-width': 1.4 },
      },
    ], 'slot-marks')
    return () => null
  },
})
