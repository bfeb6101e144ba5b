import { command, get } from './request'
import type { CommandAnswer, DeviceVersion, DevicesView, UnknownDevice } from './types'

/** A key may hold a slash, as `USER/DEVICE` does; the router reads a path once, the core once more. */
const at = (id: string, what = ''): string => `/api/devices/${encodeURIComponent(encodeURIComponent(id))}${what}`

export interface DeviceBody { protocol: string; key: string; unit: string | null; name: string; crs: string; code: string; reason: string }
export interface DeviceChange { version: number; reason: string; unit?: string; name?: string; crs?: string; new_code?: boolean }

export const listDevices = (signal?: AbortSignal): Promise<DevicesView> => get('/api/devices', {}, signal)
export const listUnknown = (signal?: AbortSignal): Promise<UnknownDevice[]> => get('/api/devices/unknown', {}, signal)
export const deviceHistory = (id: string, signal?: AbortSignal): Promise<DeviceVersion[]> => get(at(id, '/history'), {}, signal)

export const enterDevice = (body: DeviceBody): Promise<CommandAnswer> => command('POST', '/api/devices', body)
export const changeDevice = (id: string, body: DeviceChange): Promise<CommandAnswer> => command('POST', at(id), body)
export const retireDevice = (id: string, version: number, reason: string): Promise<CommandAnswer> => command('POST', at(id, '/retire'), { version, reason })
export const restoreDevice = (id: string, version: number, reason: string): Promise<CommandAnswer> => command('POST', at(id, '/restore'), { version, reason })
export const deviceCode = (id: string, reason: string): Promise<{ device: string; code: string }> => command('POST', at(id, '/code'), { reason })
