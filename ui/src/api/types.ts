/* The public messages, by hand after kuaijing/wire/*.py until `npm run types` writes them from OpenAPI. Times are RFC 3339 text. */

export interface PointView { lon: number; lat: number }
export interface IntervalView { earliest: string; latest: string }
export interface PlaceView {
  lon: number; lat: number; text: string; road: string; tier: string; tier_limit_s: number
  beat: string | null; off_road_m: number | null; inside_city: boolean
}
export interface AssignmentView {
  id: string; incident: string; unit: string; call_sign: string; role: string; status: string; version: number
  by_voice: string[]
  queued_at: string | null; ordered_at: string | null; delivered_at: string | null; acknowledged_at: string | null
  en_route_at: string | null; on_scene_at: string | null; cleared_at: string | null
  arrived: IntervalView | null; pressed_gap_s: number | null; reason: string
}
export interface CallView {
  id: string; incident: string; origin: string; called_at: string; received_at: string; place: PlaceView; kind: string
  words: string; caller: string; phone: string; masked: boolean
}
export interface IncidentView {
  id: string; version: number; status: string; origin: string; kind: string; grade: number
  first_kind: string; first_grade: number; plan: string; place: PlaceView
  called_at: string; opened_at: string; first_ordered_at: string | null; arrived: IntervalView | null
  controlled_at: string | null; settled_at: string | null; closed_at: string | null
  escalated: boolean; outcome: string | null; merged_into: string | null; merged_from: string[]
  calls: string[]; assignments: AssignmentView[]
  response_s: number | null; citizen_s: number | null; within_limit: boolean | null; followers: string[]
}
export interface FixView {
  lon: number; lat: number; measured_at: string; received_at: string
  speed_mps: number | null; heading_deg: number | null; source: string
}
export interface UnitView {
  id: string; call_sign: string; unit_class: string; status: string; version: number; since: string
  platform: string; beat: string; crew_police: number; crew_auxiliary: number; leader: string; capabilities: string[]
  active: string | null; queued: string[]; cover: PointView | null; home: PointView | null
  stale: boolean; lost_contact: boolean; fix: FixView | null
}
export interface TierView { id: string; name: string; name_en: string; limit_s: number }
export interface KindView {
  code: string; scheme: string; parent: string | null; name: string; name_en: string; letters: string; grade: number; plan: string
}
export interface BeatView { id: string; name: string; name_en: string; platform: string }
export interface PlatformView { id: string; name: string; name_en: string; beat: string; lon: number; lat: number }
export interface PlanView {
  name: string; name_en: string; version: string; provisional: boolean
  tiers: TierView[]; beats: BeatView[]; platforms: PlatformView[]; kinds: KindView[]; outcomes: string[]
}
export interface ClosureView {
  id: string; name: string; factor: number; shape: string; points: [number, number][]; from_at: string | null; until: string | null
}
export interface ShareView {
  met: number; of: number; share: number | null; low: number | null; high: number | null; unmeasured: number
}
export interface TierAttainmentView { tier: string; limit_s: number; response: ShareView; citizen: ShareView }
export interface TierReachView {
  tier: string; street_m: number; street_reached_m: number; expected_per_h: number; expected_reached_per_h: number
}
export interface ReachView { at: string; demand: string; tiers: TierReachView[] }
export interface TodayView {
  incidents: number; by_kind: Record<string, number>; by_origin: Record<string, number>
  mean_handling_s: number | null; attainment: TierAttainmentView[]
}
export interface ShiftView { commander: string; since: string; note: string }
export interface AlertView { id: string; kind: string; raised_at: string; incident: string | null; unit: string | null }
export interface ClockView { now: string; speed: number; timezone: string }
export interface StateView {
  wire: number; version: number; picture: number; city: string; city_name: string; fictional: boolean; mode: string; audience: string
  ground: string; bbox: [number, number, number, number]; clock: ClockView; plan: PlanView
  units: UnitView[]; incidents: IncidentView[]; calls: CallView[]; closures: ClosureView[]
  today: TodayView; reach: ReachView | null; shift: ShiftView | null; alerts: AlertView[]; health: string
}
export interface HealthView {
  status: string; version: string; city: string; units_reporting: number; open_incidents: number
  measured_arrivals_today: number; detail: string
}

export interface Put {
  units?: UnitView[]; incidents?: IncidentView[]; calls?: CallView[]; closures?: ClosureView[]; alerts?: AlertView[]
  plan?: PlanView | null; today?: TodayView | null; reach?: ReachView | null; shift?: ShiftView | null
  clock?: ClockView | null; health?: string | null
}
export interface Gone { units?: string[]; incidents?: string[]; calls?: string[]; closures?: string[]; alerts?: string[] }
export interface Snapshot { type: 'snapshot'; state: StateView }
export interface Changes { type: 'changes'; base: number; version: number; picture: number; put: Put; gone: Gone }
/** unit, lon, lat, speed in m/s, heading in degrees, measured and received in milliseconds since 1970 */
export type FixRow = [string, number, number, number | null, number | null, number, number]
export interface PositionsFrame { type: 'positions'; at: string; fixes: FixRow[] }
export interface Heartbeat { type: 'heartbeat'; version: number; now: string }
export type ServerMessage = Snapshot | Changes | PositionsFrame | Heartbeat

export interface CandidateView {
  unit: string; call_sign: string; unit_class: string; status: string; version: number
  order: number | null; role: string | null
  arrive_median_s: number | null; arrive_p90_s: number | null; road_m: number | null; within_limit: number | null
  loss_street_m: number | null; loss_expected_share: number | null; fix_age_s: number | null
  diversion_from: string | null; reason: string; reason_value: number | null; reason_detail: string
}
export interface CoverMoveView {
  unit: string; call_sign: string; version: number; lon: number; lat: number; text: string
  drive_s: number; gain_street_m: number; gain_expected_share: number
}
export interface AdviceView {
  digest: string; incident: string; incident_version: number; picture_version: number; made_at: string
  tier: string; tier_limit_s: number; purpose: string; plan: string
  wanted: Record<string, number>; unmet: Record<string, number>; guidance: string; guidance_en: string; followers: string[]
  candidates: CandidateView[]; reach_before: number | null; reach_after: number | null
  cover: CoverMoveView[]; reach_restored: number | null
}
export interface DuplicateView {
  incident: string; score: number; metres: number; minutes: number; same_kind: boolean; words: string[]
}

export interface SessionView { user: string; name: string; role: string; unit: string | null; audience: string; expires_at: string }
export interface CommandAnswer { version: number; ids: Record<string, string | string[]>; repeated: boolean }
export interface TimelineEntry {
  seq: number; at: string; type: string; actor: string; source: string; reason: string; by_voice: boolean
  text_key: string; data: Record<string, unknown>
}
export interface IncidentDetail { incident: IncidentView; calls: CallView[]; timeline: TimelineEntry[] }
export interface Hit { kind: string; text: string; detail: string; lon: number; lat: number; score: number }
export interface TurnView { key: string; road: string; metres: number; lon: number; lat: number }
export interface RouteView { points: [number, number][]; seconds: number; metres: number; turns: TurnView[] }
export interface StreetReachView { at: string; streets: [number, number | null, number, [number, number][]][] }
export interface TakenUnit { unit: string; call_sign: string; version: number; status: string; incident: string | null; change: string; offers: string[] }
export interface Fault { field: string; value: string; problem: string; remedy: string }
