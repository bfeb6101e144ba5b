import { get, newKey, Refused, Unreachable } from './request'

import type { Fault } from './types'

/** Tiers, beats, beat edges (each shared edge once), beat labels, platforms and patrol points; property `kind` says which. */
export const planAreas = (): Promise<GeoJSON.FeatureCollection> => get('/api/plan/areas')

/** Sends plan files; every fault is listed in the refusal. */
export async function importPlan(files: File[]): Promise<unknown> {
  const form = new FormData()
  for (const file of files) form.append('files', file, file.name)
  let answer: Response
  try {
    answer = await fetch('/api/plan', { method: 'POST', body: form, headers: { 'Idempotency-Key': newKey() }, credentials: 'same-origin' })
  } catch (cause) {
    throw new Unreachable('/api/plan', { cause })
  }
  const body = (await answer.json().catch(() => ({}))) as Record<string, unknown>
  if (!answer.ok) {
    throw new Refused(answer.status, String(body.type ?? ''), String(body.title ?? ''), String(body.detail ?? ''), (body.faults as Fault[]) ?? [], null)
  }
  return body
}
