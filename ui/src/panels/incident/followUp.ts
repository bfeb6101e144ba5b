/* Who goes on with a closed incident, as a form holds it and as the core takes it. */

import type { FollowUpBody } from '@/api/types'

export type Follower = FollowUpBody['by']
export const FOLLOWERS: readonly Follower[] = ['station', 'criminal', 'traffic', 'fire', 'medical']
export interface FollowUpDraft { by: Follower | ''; text: string }

/** Outcomes that say already who goes on. */
const HANDED: Readonly<Record<string, Follower>> = { handed_to_station: 'station', handed_to_traffic: 'traffic', handed_to_criminal: 'criminal', escorted: 'medical' }
export const handedTo = (outcome: string): Follower | '' => HANDED[outcome] ?? ''

export const noFollowUp = (): FollowUpDraft => ({ by: '', text: '' })

/** What is sent: nothing where nobody needs to go on, whatever was typed before. */
export const followUpOf = ({ by, text }: FollowUpDraft): FollowUpBody | null => (by ? { by, text: text.trim() } : null)
