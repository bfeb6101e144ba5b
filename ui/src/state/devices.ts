/* The device register on this screen, asked for again and again: it is not pushed. A failed question leaves what was there, and says so. */

import { computed, readonly, ref, shallowRef } from 'vue'
import { listDevices, listUnknown } from '@/api/devices'
import { Refused, Unreachable } from '@/api/request'
import { wholeState } from '@/api/state'
import type { DevicesView, UnitView, UnknownDevice } from '@/api/types'
import { setClock } from './cityClock'

const OFTEN_MS = 3000
/** A list of thousands weighs megabytes. */
const SELDOM_MS = 12_000
const MANY = 1000

export const devices = shallowRef<DevicesView | null>(null)
export const strangers = shallowRef<UnknownDevice[]>([])
export const units = shallowRef<UnitView[]>([])
export const unitById = computed(() => new Map(units.value.map((unit) => [unit.id, unit])))
export const unitBySign = computed(() => new Map(units.value.map((unit) => [unit.call_sign, unit])))
const wrong = ref<'' | 'unreachable' | 'refused'>('')
/** Why the list is not fresh; empty while it is. */
export const devicesFault = readonly(wrong)

export async function refreshDevices(): Promise<void> {
  try {
    ;[devices.value, strangers.value] = await Promise.all([listDevices(), listUnknown()])
    wrong.value = ''
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Unreachable)) throw error
    wrong.value = error instanceof Refused ? 'refused' : 'unreachable'
  }
}

export async function loadUnits(): Promise<void> {
  try {
    const state = await wholeState()
    setClock(state.clock)
    units.value = state.units
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Unreachable)) throw error
  }
}

/** Keeps asking until what it returns is called. */
export function followDevices(): () => void {
  let stopped = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const again = async (): Promise<void> => {
    if (document.visibilityState === 'visible') await refreshDevices()
    if (!stopped) timer = setTimeout(() => void again(), (devices.value?.devices.length ?? 0) > MANY ? SELDOM_MS : OFTEN_MS)
  }
  void loadUnits()
  void again()
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}
