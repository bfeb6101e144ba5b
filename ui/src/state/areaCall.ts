/* The area call on this screen: the one being made, or the one whose roll is looked at. Both are on the map. */

import { computed, reactive, ref } from 'vue'
import type { AreaCallView, CalledAreaBody, RollView } from '@/api/types'
import { areasOf } from './areas'
import { shapesOf, unitsWithin } from './areaCallAreas'
import { picture } from './picture'
import { drawnPoints } from './picking'
import { fixOf, fixTick } from './positions'

export type AreaKind = CalledAreaBody['kind']

/** What is being made; the corners of a polygon are those drawn on the map. */
export const draft = reactive({
  on: false,
  kind: 'circle' as AreaKind,
  centre: null as { lon: number; lat: number } | null,
  /** What lies at the centre, as it is said. */
  near: '',
  radius_m: 1000,
  beat: '',
  tier: '',
})
/** The call whose roll is shown; empty: none. */
export const shownCallId = ref('')

const planned = (kind: 'beat' | 'tier', id: string): GeoJSON.Geometry[] =>
  areasOf(kind).filter(({ properties }) => properties?.id === id).map(({ geometry }) => geometry)

export const draftArea = computed<CalledAreaBody>(() => ({
  kind: draft.kind,
  id: draft.kind === 'beat' ? draft.beat || null : draft.kind === 'tier' ? draft.tier || null : null,
  name: draft.kind === 'circle' ? draft.near : '',
  points: draft.kind === 'polygon' ? drawnPoints.value.map(({ lon, lat }): [number, number] => [lon, lat]) : [],
  lon: draft.kind === 'circle' ? draft.centre?.lon ?? null : null,
  lat: draft.kind === 'circle' ? draft.centre?.lat ?? null : null,
  radius_m: draft.kind === 'circle' ? draft.radius_m : null,
}))
const draftShapes = computed(() => (draft.on ? shapesOf(draftArea.value, planned) : []))

export const unitsInDraft = computed(() => {
  void fixTick.value
  return picture.value ? unitsWithin(draftShapes.value, picture.value.units.values(), fixOf) : []
})

export const areaCalls = computed<AreaCallView[]>(() => [...(picture.value?.area_calls.values() ?? [])].sort((a, b) => b.called_at.localeCompare(a.called_at)))
export const runningCalls = computed(() => areaCalls.value.filter((call) => call.ended_at === null))
export const shownCall = computed(() => areaCalls.value.find((call) => call.id === shownCallId.value))
export const hasAnswered = (row: RollView): boolean => row.answers.length > 0
export const answered = (call: AreaCallView): number => call.roll.filter(hasAnswered).length

export const areaCallShapes = computed<GeoJSON.Geometry[]>(() => {
  if (draft.on) return draftShapes.value
  const area = shownCall.value?.area
  return area ? shapesOf({ kind: area.kind as AreaKind, id: area.id || null, name: area.name, points: area.points, lon: area.lon, lat: area.lat, radius_m: area.radius_m || null }, planned) : []
})
/** Who is lit on the map, and whether each has answered. */
export const litUnits = computed<{ id: string; answered: boolean | null }[]>(() =>
  draft.on ? unitsInDraft.value.map(({ id }) => ({ id, answered: null })) : shownCall.value?.roll.map((row) => ({ id: row.unit, answered: hasAnswered(row) })) ?? [])

/** Moves whenever something is entered on an incident's timeline by an area call. */
export const toldOf = (incident: string): string =>
  areaCalls.value.filter((call) => call.incident === incident).map((call) => `${call.id} ${call.roll.reduce((sum, row) => sum + row.answers.length, 0)} ${call.ended_at}`).join()

/** The row that a typed line means: its number on the roll, or its call sign; with what was said after it. */
export function readAnswer(line: string, roll: readonly RollView[]): { row: RollView; text: string } | null {
  const [first = '', ...rest] = line.trim().split(/[\s:：,，]+/u)
  const sign = first.toLowerCase()
  const row = roll.find((each) => each.call_sign.toLowerCase() === sign) ?? (/^\d{1,3}$/.test(first) ? roll[Number(first) - 1] : undefined)
  return row ? { row, text: rest.join(' ') } : null
}
