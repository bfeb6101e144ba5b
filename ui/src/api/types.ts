/* The public messages by name, from the generated OpenAPI types. Answers carry every field; request bodies stay as they are. */

import type { components } from './openapi'

type Schemas = components['schemas']
/** Every field present, at every depth: an answer never leaves out a field that has a default. */
type Full<T> = T extends object ? { [K in keyof T]-?: Full<T[K]> } : T
type Answer<Name extends keyof Schemas> = Full<Schemas[Name]>

export type StateView = Answer<'StateView'>
export type ClockView = Answer<'ClockView'>
export type UnitView = Answer<'UnitView'>
export type IncidentView = Answer<'IncidentView'>
export type AssignmentView = Answer<'AssignmentView'>
export type CallView = Answer<'CallView'>
export type ClosureView = Answer<'ClosureView'>
export type AlertView = Answer<'AlertView'>
export type AreaCallView = Answer<'AreaCallView'>
export type RollView = Answer<'RollView'>
export type AreaCallBody = Schemas['AreaCallBody']
export type CalledAreaBody = Schemas['CalledAreaBody']
export type FollowUpBody = Schemas['FollowUpBody']
export type KindView = Answer<'KindView'>
export type HealthView = Answer<'HealthView'>
export type SessionView = Answer<'SessionView'>
export type CommandAnswer = Answer<'CommandAnswer'>
export type IncidentDetail = Answer<'IncidentDetail'>
export type TimelineEntry = Answer<'TimelineEntry'>
export type AdviceView = Answer<'AdviceView'>
export type CandidateView = Answer<'CandidateView'>
export type PatrolPointView = Answer<'PatrolPointView'>
export type CoverMoveView = Answer<'CoverMoveView'>
export type CoverOffer = Answer<'CoverOfferView'>
export type DuplicateView = Answer<'DuplicateView'>
export type RouteView = Answer<'RouteView'>
export type TrackView = Answer<'TrackView'>
export type PresenceView = Answer<'PresenceView'>
export type Hit = Answer<'HitView'>
export type Fault = Answer<'Fault'>
export type DailyReport = Answer<'DailyReport'>
export type AttainmentView = Answer<'AttainmentView'>
export type MismatchReport = Answer<'MismatchReport'>
export type PressView = Answer<'PressView'>
export type MismatchTally = Answer<'MismatchTally'>
export type DevicesView = Answer<'DevicesView'>
export type DeviceView = Answer<'DeviceView'>
export type DeviceVersion = Answer<'DeviceVersionView'>
export type UnknownDevice = Answer<'UnknownDeviceView'>
export type ReplayView = Answer<'ReplayView'>
export type MarksView = Answer<'MarksView'>
export type ReplayChunk = Omit<Answer<'ReplayChunk'>, 'frames'> & { frames: { at: string; changes: Changes | null; fixes: FixRow[] }[] }
export type ShiftPeriod = Answer<'ShiftPeriod'>
export type AdvisedOrder = Answer<'AdvisedOrder'>

export type OrderLine = Full<Schemas['OrderLine']>
export type CallBody = Schemas['CallBody']
export type ClosureBody = Schemas['ClosureBody']
export type PositionReport = Schemas['PositionReport']
export type UnitStatus = Schemas['UnitStatus']
export type Role = Schemas['Role']
export type Outcome = Schemas['Outcome']
export type Origin = Schemas['Origin']

type Lists = 'units' | 'incidents' | 'calls' | 'closures' | 'alerts' | 'area_calls'
export type Put = Partial<Pick<StateView, Lists | 'plan' | 'today' | 'reach' | 'shift' | 'clock' | 'health'>>
export type Gone = Partial<Record<Lists, string[]>>
export interface Snapshot { type: 'snapshot'; state: StateView }
export interface Changes { type: 'changes'; base: number; version: number; picture: number; put: Put; gone: Gone }
export type PositionsFrame = Answer<'PositionsFrame'> & { type: 'positions' }
export type FixRow = PositionsFrame['fixes'][number]
export interface Heartbeat { type: 'heartbeat'; version: number; now: string }
export type ServerMessage = Snapshot | Changes | PositionsFrame | Heartbeat
export type ClientMessage = Schemas['ClientMessage']

/** What a conflict says of a unit that was not as it was seen. */
export interface TakenUnit { unit: string; call_sign: string; version: number; status: string; incident: string | null; change: string; offers: string[] }

export type StudiesView = Answer<'StudiesView'>
export type DemandStudy = Answer<'DemandStudy'>
export type BlockMap = Answer<'BlockMap'>
export type Holding = Answer<'HoldingView'>
export type DraftView = Answer<'DraftView'>
export type DraftDetail = Answer<'DraftDetail'>
export type BeatFigures = Answer<'BeatFigures'>
export type FleetStudy = Answer<'FleetStudy'>
export type LeastForce = Answer<'LeastForce'>
export type DayPlan = Answer<'DayPlan'>
export type JobView = Answer<'JobView'>
export type ProposalView = Answer<'ProposalView'>
export type Comparison = Answer<'Comparison'>
export type FigureLine = Answer<'FigureLine'>
