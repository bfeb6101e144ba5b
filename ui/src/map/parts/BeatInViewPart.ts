/* The edge of the one beat that a wall or a post looks at, drawn whole over the dashes of its neighbours. */

import { computed, defineComponent, type PropType } from 'vue'
import { areasOf } from '@/state/areas'
import { collection, useShapes } from '../host'

export const BeatInViewPart = defineComponent({
  name: 'BeatInViewPart',
  props: { beats: { type: Array as PropType<readonly string[]>, required: true } },
  setup(props) {
    const shape = computed(() => collection(areasOf('beat').filter(({ properties }) => props.beats.includes(String(properties?.id)))))
    useShapes('beat-in-view', shape, (p) => [
      { id: 'beat-in-view-halo', type: 'line', paint: { 'line-color': p.halo, 'line-width': 6, 'line-opacity': 0.8 } },
      { id: 'beat-in-view', type: 'line', paint: { 'line-color': p.chosen, 'line-width': 2.6 } },
    ], 'slot-marks')
    return () => null
  },
})
