/* The analysts' workroom: demand, blocks, drafts, long jobs, proposals. */

import { command, get, getFile } from './request'
import type { BlockMap, CommandAnswer, Comparison, DayPlan, DemandStudy, DraftDetail, DraftView, FleetStudy, Holding, JobView, LeastForce, ProposalView, StudiesView } from './types'

export interface DemandWanted { until: string; days: number; kinds: string[]; group: boolean; officers: boolean }
export interface Answers { platforms: FleetStudy; force: LeastForce; day: DayPlan; compare: Comparison; compare_drafts: Comparison }

const draft = (id: string, what = ''): string => `/api/studies/drafts/${encodeURIComponent(id)}${what}`
const proposal = (id: string, what: string): string => `/api/proposals/${encodeURIComponent(id)}/${what}`

export const studies = (): Promise<StudiesView> => get('/api/studies')
export const demandStudy = (wanted: DemandWanted, signal?: AbortSignal): Promise<DemandStudy> =>
  get('/api/studies/demand', { until: wanted.until, days: wanted.days, kinds: wanted.kinds.join(','), group: String(wanted.group), officers: String(wanted.officers) }, signal)
export const blockMap = (): Promise<BlockMap> => get('/api/studies/blocks')
export const listHistories = (): Promise<Holding[]> => get('/api/studies/histories')
export const weighHistory = (name: string, weight: number): Promise<Holding> => command('POST', `/api/studies/histories/${encodeURIComponent(name)}/weight`, { weight })

export const listDrafts = (): Promise<DraftView[]> => get('/api/studies/drafts')
export const draftDetail = (id: string, signal?: AbortSignal): Promise<DraftDetail> => get(draft(id), {}, signal)
export const createDraft = (name: string, copyOf: string | null): Promise<DraftView> => command('POST', '/api/studies/drafts', { name, copy_of: copyOf })
export const renameDraft = (id: string, revision: number, name: string, note: string): Promise<DraftView> => command('POST', draft(id), { revision, name, note })
export const deleteDraft = (id: string): Promise<unknown> => command('DELETE', draft(id))
export const moveBlock = (id: string, revision: number, block: number, beat: number): Promise<DraftDetail> => command('POST', draft(id, '/move'), { revision, block, beat })
export const draftFiles = (id: string): string => draft(id, '/export')
export const draftAnswer = <Kind extends keyof Answers>(id: string, kind: Kind): Promise<Answers[Kind]> => get(draft(id, `/answers/${kind}`))
export const reportPage = (id: string, revision: number): string => `${draft(id, '/report')}?form=html#${revision}`
export const reportPdf = (id: string): Promise<Blob> => getFile(`${draft(id, '/report')}?form=pdf`)
export const proposeDraft = (id: string, revision: number, validFrom: string, note: string): Promise<CommandAnswer> =>
  command('POST', draft(id, '/propose'), { revision, valid_from: validFrom, note })

export const listJobs = (): Promise<JobView[]> => get('/api/studies/jobs')
export const startJob = (kind: string, id: string, asked: Record<string, unknown>): Promise<JobView> => command('POST', '/api/studies/jobs', { kind, draft: id, asked })
export const cancelJob = (id: string): Promise<JobView> => command('DELETE', `/api/studies/jobs/${encodeURIComponent(id)}`)

export interface ProposalProof { figures: DraftDetail['figures']; today: DraftDetail['today']; beats: DraftDetail['beats'] }
export const listProposals = (): Promise<ProposalView[]> => get('/api/proposals')
export const proposalProof = (id: string): Promise<ProposalProof> => get(proposal(id, 'proof'))
export const proposalAreas = (id: string): Promise<GeoJSON.FeatureCollection> => get(proposal(id, 'areas'))
export const acceptProposal = (id: string): Promise<CommandAnswer> => command('POST', proposal(id, 'accept'), {})
export const rejectProposal = (id: string, reason: string): Promise<CommandAnswer> => command('POST', proposal(id, 'reject'), { reason })
