/* The planning workspace: what is studied, which draft is open, which jobs run, what is proposed. Refusals stand until the next try. */

import { computed, reactive, ref, shallowRef } from 'vue'
import { Refused, Unreachable } from '@/api/request'
import {
  blockMap, cancelJob, createDraft, deleteDraft, demandStudy, draftAnswer, draftDetail, listDrafts, listHistories, listJobs, listProposals, moveBlock, startJob, studies,
  type Answers, type DemandWanted,
} from '@/api/studies'
import type { BlockMap, DemandStudy, DraftDetail, DraftView, Holding, JobView, ProposalView, StudiesView } from '@/api/types'

export type Tab = 'demand' | 'beats' | 'fleet' | 'compare' | 'publish'
export const TABS: readonly Tab[] = ['demand', 'beats', 'fleet', 'compare', 'publish']
const EVERY_MS = 1000
const RUNNING: readonly string[] = ['waiting', 'running']

export const tab = ref<Tab>('demand')
export const overview = shallowRef<StudiesView | null>(null)
export const blocks = shallowRef<BlockMap | null>(null)
export const histories = shallowRef<Holding[]>([])
export const drafts = shallowRef<DraftView[] | null>(null)
export const jobs = shallowRef<JobView[]>([])
export const proposals = shallowRef<ProposalView[]>([])
export const opened = shallowRef<DraftDetail | null>(null)
export const openedId = ref<string | null>(null)
export const answers = shallowRef<Partial<Answers>>({})
export const demand = shallowRef<DemandStudy | null>(null)
export const wanted = reactive<DemandWanted>({ until: '', days: 28, kinds: [], group: true, officers: false })
export const demandBusy = ref(false)
export const moving = ref(false)
/** The block that is about to be moved, and the beat that the figures point at. */
export const chosenBlock = ref<number | null>(null)
export const chosenBeat = ref<number | null>(null)
export const byHand = ref(false)
/** What the draft is compared with: another draft, else the plan that it was drawn from. */
export const compareWith = ref('')
export const comparison = computed(() => (compareWith.value ? answers.value.compare_drafts : answers.value.compare) ?? null)
/** A place the map is asked to show. */
export const lookAt = shallowRef<[number, number] | null>(null)
/** What was refused last, in the core's own words. */
export const refused = ref('')

export const running = computed(() => jobs.value.filter((job) => RUNNING.includes(job.state)))
export const jobOf = (kind: string): JobView | undefined => jobs.value.find((job) => job.kind === kind && job.draft === openedId.value)
export const isRunning = (job: JobView | undefined): boolean => job !== undefined && RUNNING.includes(job.state)

/** Does it; a refusal is kept to be shown, and nothing else is thrown away. */
export async function attempt<T>(act: () => Promise<T>): Promise<T | undefined> {
  refused.value = ''
  try {
    return await act()
  } catch (error) {
    if (error instanceof Refused) refused.value = error.faults.length && !error.detail ? error.faults.map((fault) => fault.problem).join('; ') : error.detail || error.title
    else if (error instanceof Unreachable) refused.value = 'unreachable'
    else throw error
    return undefined
  }
}

let asking = new AbortController()
export async function askDemand(): Promise<void> {
  asking.abort()
  const mine = (asking = new AbortController())
  demandBusy.value = true
  try {
    const found = await attempt(() => demandStudy({ ...wanted, kinds: [...wanted.kinds] }, mine.signal))
    if (mine !== asking) return
    if (found) demand.value = found
    demandBusy.value = false
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'AbortError')) throw error
  }
}

async function readAnswers(detail: DraftDetail): Promise<void> {
  const found: Partial<Answers> = {}
  for (const { kind } of detail.draft.proofs) {
    if (kind === 'platforms') found.platforms = await draftAnswer(detail.draft.id, 'platforms')
    else if (kind === 'force') found.force = await draftAnswer(detail.draft.id, 'force')
    else if (kind === 'day') found.day = await draftAnswer(detail.draft.id, 'day')
    else if (kind === 'compare_drafts') found.compare_drafts = await draftAnswer(detail.draft.id, 'compare_drafts')
    else if (kind === 'compare') found.compare = await draftAnswer(detail.draft.id, 'compare')
  }
  if (openedId.value === detail.draft.id) answers.value = found
}

export async function openDraft(id: string | null): Promise<void> {
  openedId.value = id
  chosenBlock.value = null
  chosenBeat.value = null
  if (opened.value?.draft.id !== id) {
    opened.value = null
    answers.value = {}
    compareWith.value = ''
  }
  if (id === null) return
  const detail = await attempt(() => draftDetail(id))
  if (!detail || openedId.value !== id) return
  opened.value = detail
  await attempt(() => readAnswers(detail))
}

export async function refreshDrafts(): Promise<void> {
  drafts.value = await listDrafts()
}

export async function newDraft(name: string, copyOf: string | null): Promise<void> {
  const made = await attempt(() => createDraft(name, copyOf))
  if (!made) return
  await refreshDrafts()
  await openDraft(made.id)
}

export async function dropDraft(id: string): Promise<void> {
  await attempt(() => deleteDraft(id))
  if (openedId.value === id) await openDraft(null)
  await refreshDrafts()
}

/** A block into another beat: the figures of the answer stand at once, a refusal leaves everything as it was. */
export async function giveBlock(block: number, beat: number): Promise<void> {
  const held = opened.value
  if (!held || moving.value || held.labels[block] === beat) return
  moving.value = true
  const detail = await attempt(() => moveBlock(held.draft.id, held.draft.revision, block, beat))
  moving.value = false
  if (!detail || openedId.value !== detail.draft.id) return
  opened.value = detail
  answers.value = {}
  await refreshDrafts()
}

export async function begin(kind: string, asked: Record<string, unknown>): Promise<void> {
  const id = openedId.value
  if (!id) return
  await attempt(() => startJob(kind, id, asked))
  await lookAtJobs()
}

export async function stopJob(id: string): Promise<void> {
  await attempt(() => cancelJob(id))
  await lookAtJobs()
}

/** Jobs as they stand; where one of the open draft has ended, the draft is read again. */
async function lookAtJobs(): Promise<void> {
  const before = new Map(jobs.value.map((job) => [job.id, job.state]))
  const found = await listJobs()
  jobs.value = found
  const ended = found.filter((job) => !RUNNING.includes(job.state) && RUNNING.includes(before.get(job.id) ?? ''))
  if (ended.length === 0) return
  await refreshDrafts()
  if (ended.some((job) => job.draft === openedId.value && job.state === 'done')) await openDraft(openedId.value)
}

export async function refreshProposals(): Promise<void> {
  proposals.value = await listProposals()
}

let timer = 0
/** Reads everything once and looks at the jobs again and again; what is returned stops it. */
export function followPlanning(): () => void {
  let on = true
  const again = async (): Promise<void> => {
    if (!on) return
    await attemptQuietly(lookAtJobs)
    if (on) timer = window.setTimeout(() => void again(), running.value.length ? EVERY_MS : 5 * EVERY_MS)
  }
  void attempt(async () => {
    overview.value = await studies()
    await Promise.all([refreshDrafts(), refreshProposals(), listHistories().then((found) => (histories.value = found))])
    void attempt(async () => { blocks.value = await blockMap() })
    if (overview.value.has_history) void askDemand()
  }).then(again)
  return () => {
    on = false
    window.clearTimeout(timer)
    asking.abort()
  }
}

/** A look that failed is made again a second later; the page says so only where a person asked for something. */
async function attemptQuietly(act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Unreachable)) throw error
  }
}
