/* Made by `npm run types` from the server's OpenAPI document; not edited by hand. */
/* eslint-disable */
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * SignInBody
         * @description ``POST /api/session``.
         */
        SignInBody: {
            user: string;
            password: string;
        };
        /**
         * Nothing
         * @description An empty body.
         */
        Nothing: Record<string, never>;
        /**
         * PreferencesBody
         * @description ``PUT /api/me/preferences``: all of them, in the place of those before.
         */
        PreferencesBody: {
            kept: {
                [key: string]: boolean | number | string | null;
            };
        };
        /**
         * CallBody
         * @description ``POST /api/calls`` and ``POST /api/incidents``. ``link_to`` adds the call to an open incident instead of opening one.
         */
        CallBody: {
            place: components["schemas"]["PlaceBody"];
            kind: string;
            /** @default null */
            grade: number | null;
            /** @default call_110 */
            origin: components["schemas"]["Origin"];
            /** @default null */
            called_at: string | null;
            /** @default  */
            words: string;
            /** @default  */
            caller: string;
            /** @default  */
            phone: string;
            /** @default null */
            link_to: string | null;
        };
        /**
         * PlaceBody
         * @description A place as the dispatcher gives it; ``crs`` names the system of ``lon`` and ``lat``.
         */
        PlaceBody: {
            lon: number;
            lat: number;
            /** @default  */
            text: string;
            /**
             * @default wgs84
             * @enum {unknown}
             */
            crs: "bd09" | "gcj02" | "wgs84";
        };
        /**
         * Origin
         * @description Where an incident came from; what a patrol finds itself is counted apart from what was called.
         * @enum {unknown}
         */
        Origin: "alarm" | "call_110" | "call_119" | "call_122" | "camera" | "community" | "officer_help" | "patrol";
        /**
         * LinkBody
         * @description ``POST /api/calls/{id}/link``: the call belongs to another incident.
         */
        LinkBody: {
            incident: string;
        };
        /**
         * UndoBody
         * @description ``unmerge``, ``reopen``.
         */
        UndoBody: {
            /** @default  */
            reason: string;
        };
        /**
         * OrdersBody
         * @description ``POST /api/incidents/{id}/orders``.
         */
        OrdersBody: {
            units: components["schemas"]["OrderLine"][];
            /** @default null */
            advice: string | null;
            /** @default false */
            by_voice: boolean;
        };
        /**
         * OrderLine
         * @description One unit of an order; ``version`` is the unit's that the dispatcher saw.
         */
        OrderLine: {
            unit: string;
            version: number;
            /** @default first */
            role: components["schemas"]["Role"];
            /**
             * @default now
             * @enum {unknown}
             */
            mode: "divert" | "now" | "queue";
        };
        /**
         * Role
         * @description Why a unit is on an incident.
         * @enum {unknown}
         */
        Role: "first" | "follower" | "reinforcement" | "support";
        /**
         * EscalateBody
         * @description ``POST /api/incidents/{id}/escalate``.
         */
        EscalateBody: {
            grade: number;
            reason: string;
            /** @default null */
            version: number | null;
        };
        /**
         * ReclassifyBody
         * @description ``POST /api/incidents/{id}/reclassify``.
         */
        ReclassifyBody: {
            kind: string;
            grade: number;
            /** @default  */
            reason: string;
            /** @default null */
            version: number | null;
        };
        /**
         * MoveBody
         * @description ``POST /api/incidents/{id}/place``.
         */
        MoveBody: {
            place: components["schemas"]["PlaceBody"];
            /** @default  */
            reason: string;
            /** @default null */
            version: number | null;
        };
        /**
         * MergeBody
         * @description ``POST /api/incidents/{id}/merge``: this incident into another.
         */
        MergeBody: {
            into: string;
            /** @default  */
            reason: string;
        };
        /**
         * NoteBody
         * @description ``POST /api/incidents/{id}/notes``.
         */
        NoteBody: {
            text: string;
            /** @default false */
            measures: boolean;
            /** @default false */
            by_voice: boolean;
        };
        /**
         * CloseBody
         * @description ``POST /api/incidents/{id}/close``. ``follow_up`` left out: nobody needs to go on with it.
         */
        CloseBody: {
            outcome: components["schemas"]["Outcome"];
            /** @default null */
            follow_up: components["schemas"]["FollowUpBody"] | null;
            /** @default  */
            note: string;
            /** @default null */
            version: number | null;
        };
        /**
         * Outcome
         * @description How an incident was closed.
         * @enum {unknown}
         */
        Outcome: "arrested" | "escorted" | "false" | "handed_to_criminal" | "handed_to_station" | "handed_to_traffic" | "hazard_removed" | "mediation" | "nobody_found" | "rescued" | "returned_to_family" | "settled";
        /**
         * FollowUpBody
         * @description Who goes on with a closed incident, and with what. No names: the words stand in the log.
         */
        FollowUpBody: {
            by: components["schemas"]["Follower"];
            /** @default  */
            text: string;
        };
        /**
         * Follower
         * @description Who goes on with it once the street police are done. Its words are those of a plan's followers.
         * @enum {unknown}
         */
        Follower: "criminal" | "fire" | "medical" | "station" | "traffic";
        /**
         * ReasonBody
         * @description Cancel, withdraw, refuse: a reason is required. Reopen, unmerge: it may stand.
         */
        ReasonBody: {
            reason: string;
            /** @default null */
            version: number | null;
            /** @default false */
            by_voice: boolean;
        };
        /**
         * StepBody
         * @description ``POST /api/assignments/{id}/{step}`` for delivered, acknowledged, en_route, on_scene, controlled, settled, cleared.
         */
        StepBody: {
            /** @default null */
            at: string | null;
            /** @default false */
            by_voice: boolean;
            /** @default  */
            note: string;
        };
        /**
         * UnitStatusBody
         * @description ``POST /api/units/{id}/status``.
         */
        UnitStatusBody: {
            status: components["schemas"]["UnitStatus"];
            /** @default  */
            reason: string;
            /** @default null */
            version: number | null;
            /** @default false */
            by_voice: boolean;
        };
        /**
         * UnitStatus
         * @description One status at a time; lost contact and stale are flags beside it, never instead of it.
         * @enum {unknown}
         */
        UnitStatus: "available" | "busy_other" | "en_route" | "off_duty" | "on_scene" | "ordered" | "out_of_service";
        /**
         * HelpBody
         * @description ``POST /api/units/{id}/help``: an officer asks for help; without a place the unit's last fix is used.
         */
        HelpBody: {
            /** @default null */
            lon: number | null;
            /** @default null */
            lat: number | null;
            /** @default  */
            text: string;
        };
        /**
         * CoverBody
         * @description ``POST /api/cover``; an empty ``moves`` with ``end`` sends units back to their beats.
         */
        CoverBody: {
            /** @default [] */
            moves: components["schemas"]["CoverLine"][];
            /** @default [] */
            end: string[];
            /** @default null */
            advice: string | null;
        };
        /**
         * CoverLine
         * @description One cover move.
         */
        CoverLine: {
            unit: string;
            version: number;
            lon: number;
            lat: number;
            /** @default  */
            text: string;
        };
        /**
         * AreaCallBody
         * @description ``POST /api/area-calls``: every unit on duty whose last position lies in the area is called.
         */
        AreaCallBody: {
            text: string;
            area: components["schemas"]["CalledAreaBody"];
            /** @default  */
            talk_group: string;
            /** @default null */
            incident: string | null;
        };
        /**
         * CalledAreaBody
         * @description Where to call: ``points`` of a polygon; ``lon``, ``lat``, ``radius_m`` of a circle; ``id`` of a beat or tier in force.
         */
        CalledAreaBody: {
            /** @enum {unknown} */
            kind: "beat" | "circle" | "polygon" | "tier";
            /** @default null */
            id: string | null;
            /** @default  */
            name: string;
            /** @default [] */
            points: [
                number,
                number
            ][];
            /** @default null */
            lon: number | null;
            /** @default null */
            lat: number | null;
            /** @default null */
            radius_m: number | null;
        };
        /**
         * AreaReceiptBody
         * @description ``POST /api/area-calls/{id}/delivered``: the unit's page shows the message.
         */
        AreaReceiptBody: {
            unit: string;
        };
        /**
         * AreaAnswerBody
         * @description ``POST /api/area-calls/{id}/answers``; a dispatcher enters what was said by voice.
         */
        AreaAnswerBody: {
            unit: string;
            /** @default  */
            text: string;
        };
        /**
         * ClosureBody
         * @description ``POST /api/closures``: factor 0 closes, 0 < factor < 1 slows. ``points`` are lon/lat pairs.
         */
        ClosureBody: {
            name: string;
            /** @default 0 */
            factor: number;
            /** @enum {unknown} */
            shape: "line" | "polygon";
            points: [
                number,
                number
            ][];
            /** @default null */
            from_at: string | null;
            /** @default null */
            until: string | null;
        };
        /**
         * PositionReport
         * @description One position report. What is no place, or in no known ``crs``, is refused by the position pipeline for this report alone.
         */
        PositionReport: {
            unit: string;
            lon: number;
            lat: number;
            /** Format: date-time */
            measured_at: string;
            /** @default null */
            crs: string | null;
            /** @default null */
            speed_mps: number | null;
            /** @default null */
            heading_deg: number | null;
            /** @default null */
            accuracy_m: number | null;
            /** @default terminal */
            source: string;
        };
        /**
         * PositionBatch
         * @description ``POST /api/positions`` takes one report or this; each is judged by itself and answered by name.
         */
        PositionBatch: {
            reports: components["schemas"]["PositionReport"][];
        };
        /**
         * DeviceBody
         * @description ``POST /api/devices``: enter a device, or approve a stranger by its protocol and key.
         */
        DeviceBody: {
            /** @enum {unknown} */
            protocol: "gpslogger" | "json" | "jt808" | "osmand" | "owntracks" | "traccar";
            key: string;
            /** @default null */
            unit: string | null;
            /** @default  */
            name: string;
            /**
             * @default wgs84
             * @enum {unknown}
             */
            crs: "bd09" | "gcj02" | "wgs84";
            /** @default  */
            code: string;
            reason: string;
        };
        /**
         * DeviceChangeBody
         * @description ``POST /api/devices/{id}``: what is left out stays as it is.
         */
        DeviceChangeBody: {
            version: number;
            reason: string;
            /** @default null */
            unit: string | null;
            /** @default null */
            name: string | null;
            /** @default null */
            crs: ("bd09" | "gcj02" | "wgs84") | null;
            /** @default null */
            code: string | null;
            /** @default false */
            new_code: boolean;
        };
        /**
         * DeviceEndBody
         * @description ``POST /api/devices/{id}/retire`` and ``/restore``.
         */
        DeviceEndBody: {
            version: number;
            reason: string;
        };
        /**
         * LookBody
         * @description ``POST /api/devices/{id}/code``: why it must be seen.
         */
        LookBody: {
            reason: string;
        };
        /**
         * TextBody
         * @description ``POST /api/units/{id}/text``.
         */
        TextBody: {
            text: string;
        };
        /**
         * VideoBody
         * @description ``POST /api/units/{id}/video``: the picture goes to the media gateway of the settings, never to us.
         */
        VideoBody: {
            /** @enum {unknown} */
            action: "start" | "stop";
            /** @default 1 */
            channel: number;
            /**
             * @default main
             * @enum {unknown}
             */
            stream: "main" | "sub";
            reason: string;
        };
        /**
         * UnitClass
         * @description What is sent.
         * @enum {unknown}
         */
        UnitClass: "car" | "command_vehicle" | "drone" | "foot" | "motorcycle";
        /**
         * OpenReplayBody
         * @description ``POST /api/replay``: a period, an incident (with a little around it), or a unit (its last twelve hours unless a period is given).
         */
        OpenReplayBody: {
            reason: string;
            /** @default null */
            from: string | null;
            /** @default null */
            to: string | null;
            /** @default null */
            incident: string | null;
            /** @default null */
            unit: string | null;
        };
        /**
         * WeightBody
         * @description ``POST /api/studies/histories/{name}/weight``: share of the whole demand that a layer gets.
         */
        WeightBody: {
            weight: number;
        };
        /**
         * JobBody
         * @description ``POST /api/studies/jobs``: ``asked`` is what the kind of job takes.
         */
        JobBody: {
            kind: string;
            /** @default  */
            draft: string;
            /** @default {} */
            asked: Record<string, never>;
        };
        /**
         * DraftBody
         * @description ``POST /api/studies/drafts``: a new draft, the plan in force or a copy of another draft.
         */
        DraftBody: {
            name: string;
            /** @default  */
            note: string;
            /** @default null */
            copy_of: string | null;
        };
        /**
         * DraftChangeBody
         * @description ``POST /api/studies/drafts/{draft}``: another name or note.
         */
        DraftChangeBody: {
            revision: number;
            name: string;
            /** @default  */
            note: string;
        };
        /**
         * MoveBlockBody
         * @description ``POST /api/studies/drafts/{draft}/move``: a block into another beat.
         */
        MoveBlockBody: {
            revision: number;
            block: number;
            beat: number;
        };
        /**
         * DraftProposeBody
         * @description ``POST /api/studies/drafts/{draft}/propose``.
         */
        DraftProposeBody: {
            revision: number;
            /** Format: date-time */
            valid_from: string;
            note: string;
        };
        /**
         * HandOverBody
         * @description ``POST /api/shift/handover``.
         */
        HandOverBody: {
            to: string;
            /** @default  */
            note: string;
        };
        /**
         * HealthView
         * @description ``status`` is ok, warming or degraded (the core cannot write).
         */
        HealthView: {
            status: string;
            version: string;
            city: string;
            units_reporting: number;
            open_incidents: number;
            measured_arrivals_today: number;
            /** @default  */
            detail: string;
            /** @default live */
            mode: string;
        };
        /**
         * SessionView
         * @description Who is signed in.
         */
        SessionView: {
            user: string;
            name: string;
            role: string;
            unit: string | null;
            audience: string;
            expires_at: string;
            /** @default null */
            platform: string | null;
            /** @default {} */
            preferences: {
                [key: string]: boolean | number | string | null;
            };
        };
        /**
         * PreferencesView
         * @description What is kept for the account; empty where nothing is.
         */
        PreferencesView: {
            kept: {
                [key: string]: boolean | number | string | null;
            };
        };
        /**
         * StateView
         * @description The whole picture at ``version``; live changes follow it by number. Lists stand in the order of their identifiers.
         */
        StateView: {
            wire: number;
            version: number;
            picture: number;
            city: string;
            city_name: string;
            fictional: boolean;
            mode: string;
            audience: string;
            ground: string;
            bbox: [
                number,
                number,
                number,
                number
            ];
            clock: components["schemas"]["ClockView"];
            plan: components["schemas"]["PlanView"];
            units: components["schemas"]["UnitView"][];
            incidents: components["schemas"]["IncidentView"][];
            calls: components["schemas"]["CallView"][];
            closures: components["schemas"]["ClosureView"][];
            today: components["schemas"]["TodayView"];
            reach: components["schemas"]["ReachView"] | null;
            shift: components["schemas"]["ShiftView"] | null;
            alerts: components["schemas"]["AlertView"][];
            health: string;
            /** @default [] */
            area_calls: components["schemas"]["AreaCallView"][];
        };
        /**
         * ClockView
         * @description The city's clock: under ``kuaijing demo --speed`` it runs faster than the wall's.
         */
        ClockView: {
            now: string;
            speed: number;
            timezone: string;
        };
        /**
         * PlanView
         * @description The plan in force, without shapes.
         */
        PlanView: {
            name: string;
            name_en: string;
            version: string;
            provisional: boolean;
            tiers: components["schemas"]["TierView"][];
            beats: components["schemas"]["BeatView"][];
            platforms: components["schemas"]["PlatformView"][];
            kinds: components["schemas"]["KindView"][];
            outcomes: string[];
        };
        /**
         * TierView
         * @description A response tier; ``rest`` has no area.
         */
        TierView: {
            id: string;
            name: string;
            name_en: string;
            limit_s: number;
        };
        /**
         * BeatView
         * @description A beat; its shape comes from ``GET /api/plan/areas`` as GeoJSON.
         */
        BeatView: {
            id: string;
            name: string;
            name_en: string;
            platform: string;
        };
        /**
         * PlatformView
         * @description A platform.
         */
        PlatformView: {
            id: string;
            name: string;
            name_en: string;
            beat: string;
            lon: number;
            lat: number;
        };
        /**
         * KindView
         * @description A kind of incident: importable data.
         */
        KindView: {
            code: string;
            scheme: string;
            parent: string | null;
            name: string;
            name_en: string;
            letters: string;
            grade: number;
            plan: string;
        };
        /**
         * UnitView
         * @description One unit.
         */
        UnitView: {
            id: string;
            call_sign: string;
            unit_class: string;
            status: string;
            version: number;
            since: string;
            platform: string;
            beat: string;
            crew_police: number;
            crew_auxiliary: number;
            leader: string;
            capabilities: string[];
            active: string | null;
            queued: string[];
            cover: components["schemas"]["PointView"] | null;
            home: components["schemas"]["PointView"] | null;
            stale: boolean;
            lost_contact: boolean;
            fix: components["schemas"]["FixView"] | null;
            /** @default null */
            beat_now: string | null;
            /** @default false */
            outside_city: boolean;
            /** @default null */
            beat_since: string | null;
            /** @default null */
            on_post: string | null;
            /** @default null */
            on_post_since: string | null;
            /** @default null */
            stopped_since: string | null;
            /** @default null */
            last_visit: string | null;
            /** @default null */
            last_visit_at: string | null;
        };
        /**
         * PointView
         * @description A WGS-84 point.
         */
        PointView: {
            lon: number;
            lat: number;
        };
        /**
         * FixView
         * @description A unit's newest accepted position.
         */
        FixView: {
            lon: number;
            lat: number;
            measured_at: string;
            received_at: string;
            /** @default null */
            speed_mps: number | null;
            /** @default null */
            heading_deg: number | null;
            /** @default  */
            source: string;
        };
        /**
         * IncidentView
         * @description One incident as it stands.
         */
        IncidentView: {
            id: string;
            version: number;
            status: string;
            origin: string;
            kind: string;
            grade: number;
            first_kind: string;
            first_grade: number;
            plan: string;
            place: components["schemas"]["PlaceView"];
            called_at: string;
            opened_at: string;
            first_ordered_at: string | null;
            arrived: components["schemas"]["IntervalView"] | null;
            controlled_at: string | null;
            settled_at: string | null;
            closed_at: string | null;
            escalated: boolean;
            outcome: string | null;
            merged_into: string | null;
            merged_from: string[];
            calls: string[];
            assignments: components["schemas"]["AssignmentView"][];
            response_s: number | null;
            citizen_s: number | null;
            within_limit: boolean | null;
            /** @default [] */
            followers: string[];
            /** @default null */
            follow_up: components["schemas"]["FollowUpView"] | null;
        };
        /**
         * PlaceView
         * @description A surveyed place.
         */
        PlaceView: {
            lon: number;
            lat: number;
            text: string;
            road: string;
            tier: string;
            tier_limit_s: number;
            beat: string | null;
            off_road_m: number | null;
            inside_city: boolean;
        };
        /**
         * IntervalView
         * @description An instant known only to lie between two fixes.
         */
        IntervalView: {
            earliest: string;
            latest: string;
        };
        /**
         * AssignmentView
         * @description One unit's part in one incident, with its own stamps: pressed ones and the measured arrival beside them.
         */
        AssignmentView: {
            id: string;
            incident: string;
            unit: string;
            call_sign: string;
            role: string;
            status: string;
            version: number;
            /** @default [] */
            by_voice: string[];
            /** @default null */
            queued_at: string | null;
            /** @default null */
            ordered_at: string | null;
            /** @default null */
            delivered_at: string | null;
            /** @default null */
            acknowledged_at: string | null;
            /** @default null */
            en_route_at: string | null;
            /** @default null */
            on_scene_at: string | null;
            /** @default null */
            cleared_at: string | null;
            /** @default null */
            arrived: components["schemas"]["IntervalView"] | null;
            /** @default null */
            pressed_gap_s: number | null;
            /** @default  */
            reason: string;
            /** @default null */
            left: components["schemas"]["IntervalView"] | null;
            /** @default null */
            stay_s: number | null;
        };
        /**
         * FollowUpView
         * @description Who goes on with a closed incident; the words are empty for the masked audience.
         */
        FollowUpView: {
            by: string;
            /** @default  */
            text: string;
        };
        /**
         * CallView
         * @description One report from outside; words, name and telephone are masked unless the audience is ``full``.
         */
        CallView: {
            id: string;
            incident: string;
            origin: string;
            called_at: string;
            received_at: string;
            place: components["schemas"]["PlaceView"];
            kind: string;
            /** @default  */
            words: string;
            /** @default  */
            caller: string;
            /** @default  */
            phone: string;
            /** @default true */
            masked: boolean;
        };
        /**
         * ClosureView
         * @description A closed or slow zone in force.
         */
        ClosureView: {
            id: string;
            name: string;
            factor: number;
            shape: string;
            points: [
                number,
                number
            ][];
            from_at: string | null;
            until: string | null;
        };
        /**
         * TodayView
         * @description Today's totals for the header.
         */
        TodayView: {
            incidents: number;
            by_kind: {
                [key: string]: number;
            };
            by_origin: {
                [key: string]: number;
            };
            mean_handling_s: number | null;
            attainment: components["schemas"]["TierAttainmentView"][];
            /** @default null */
            patrol: components["schemas"]["PatrolTodayView"] | null;
        };
        /**
         * TierAttainmentView
         * @description Measured attainment of one tier today, by both clocks.
         */
        TierAttainmentView: {
            tier: string;
            limit_s: number;
            response: components["schemas"]["ShareView"];
            citizen: components["schemas"]["ShareView"];
        };
        /**
         * ShareView
         * @description A share with its numerator, denominator and 95 % Wilson interval; ``share`` is None where nothing was counted.
         */
        ShareView: {
            met: number;
            of: number;
            share: number | null;
            low: number | null;
            high: number | null;
            /** @default 0 */
            unmeasured: number;
        };
        /**
         * PatrolTodayView
         * @description Patrol points today: how many ask for a visit, how many have had all they ask for, and visits in all.
         */
        PatrolTodayView: {
            points: number;
            complete: number;
            visits: number;
        };
        /**
         * ReachView
         * @description Live 1-3-5 reach; ``demand`` says what expected incidents rest on: ``history`` or ``street_length``.
         */
        ReachView: {
            at: string;
            demand: string;
            tiers: components["schemas"]["TierReachView"][];
        };
        /**
         * TierReachView
         * @description What the units free now reach within one tier's limit, reaction delay included.
         */
        TierReachView: {
            tier: string;
            street_m: number;
            street_reached_m: number;
            expected_per_h: number;
            expected_reached_per_h: number;
        };
        /**
         * ShiftView
         * @description Who commands now, and the note that was handed over.
         */
        ShiftView: {
            commander: string;
            since: string;
            note: string;
        };
        /**
         * AlertView
         * @description Something that asks for attention: ``acknowledge_overdue``, ``limit_near``, ``limit_broken``, ``lost_contact``, ``sos``,
         *         ``stopped_on_way``, ``empty_area``, ``mismatch``, ``history_stopped``.
         */
        AlertView: {
            id: string;
            kind: string;
            raised_at: string;
            incident: string | null;
            unit: string | null;
            /** @default null */
            area: string | null;
            /** @default null */
            share: number | null;
            /** @default null */
            backfill: components["schemas"]["BackfillView"] | null;
        };
        /**
         * BackfillView
         * @description The free unit that could restore an area soonest, as found when the alarm was raised.
         */
        BackfillView: {
            unit: string;
            call_sign: string;
            lon: number;
            lat: number;
            text: string;
            drive_s: number;
        };
        /**
         * AreaCallView
         * @description A call with its roll, in the order of the call signs.
         */
        AreaCallView: {
            id: string;
            text: string;
            area: components["schemas"]["CalledAreaView"];
            talk_group: string;
            incident: string | null;
            called_by: string;
            called_at: string;
            ended_by: string | null;
            ended_at: string | null;
            roll: components["schemas"]["RollView"][];
        };
        /**
         * CalledAreaView
         * @description Where was called; of a beat or tier the shape is the plan's.
         */
        CalledAreaView: {
            kind: string;
            id: string;
            name: string;
            points: [
                number,
                number
            ][];
            lon: number | null;
            lat: number | null;
            radius_m: number;
        };
        /**
         * RollView
         * @description One unit of the roll; without answers it is silent.
         */
        RollView: {
            unit: string;
            call_sign: string;
            delivered_at: string | null;
            delivered_by: string;
            answers: components["schemas"]["AreaAnswerView"][];
        };
        /**
         * AreaAnswerView
         * @description One answer: ``how`` is ``page`` or ``voice``, ``by`` who pressed or entered it.
         */
        AreaAnswerView: {
            text: string;
            how: string;
            by: string;
            at: string;
        };
        /**
         * CommandAnswer
         * @description What a command did, sent after the commit. A repeat with the same ``Idempotency-Key`` gets the first answer again.
         */
        CommandAnswer: {
            version: number;
            ids: {
                [key: string]: string | string[];
            };
            repeated: boolean;
        };
        /**
         * DuplicateView
         * @description A likely duplicate of a new call, with its reasons.
         */
        DuplicateView: {
            incident: string;
            score: number;
            metres: number;
            minutes: number;
            same_kind: boolean;
            words: string[];
        };
        /**
         * IncidentDetail
         * @description ``GET /api/incidents/{id}``.
         */
        IncidentDetail: {
            incident: components["schemas"]["IncidentView"];
            calls: components["schemas"]["CallView"][];
            timeline: components["schemas"]["TimelineEntry"][];
        };
        /**
         * TimelineEntry
         * @description One fact of the log, as told on a timeline. ``text_key`` names the sentence, ``data`` fills it.
         */
        TimelineEntry: {
            seq: number;
            at: string;
            type: string;
            actor: string;
            source: string;
            reason: string;
            by_voice: boolean;
            text_key: string;
            data: Record<string, never>;
        };
        /**
         * AdviceView
         * @description The whole advice for one incident at one moment.
         */
        AdviceView: {
            digest: string;
            incident: string;
            incident_version: number;
            picture_version: number;
            made_at: string;
            tier: string;
            tier_limit_s: number;
            purpose: string;
            plan: string;
            wanted: {
                [key: string]: number;
            };
            unmet: {
                [key: string]: number;
            };
            guidance: string;
            guidance_en: string;
            followers: string[];
            candidates: components["schemas"]["CandidateView"][];
            reach_before: number | null;
            reach_after: number | null;
            cover: components["schemas"]["CoverMoveView"][];
            reach_restored: number | null;
        };
        /**
         * CandidateView
         * @description One unit in the one list that covers all units.
         */
        CandidateView: {
            unit: string;
            call_sign: string;
            unit_class: string;
            status: string;
            version: number;
            order: number | null;
            role: string | null;
            arrive_median_s: number | null;
            arrive_p90_s: number | null;
            road_m: number | null;
            within_limit: number | null;
            loss_street_m: number | null;
            loss_expected_share: number | null;
            fix_age_s: number | null;
            diversion_from: string | null;
            reason: string;
            /** @default null */
            reason_value: number | null;
            /** @default  */
            reason_detail: string;
        };
        /**
         * CoverMoveView
         * @description A free unit proposed to stand by elsewhere, with what it restores.
         */
        CoverMoveView: {
            unit: string;
            call_sign: string;
            version: number;
            lon: number;
            lat: number;
            text: string;
            drive_s: number;
            gain_street_m: number;
            gain_expected_share: number;
        };
        /**
         * AdvisedOrder
         * @description One order beside the advice that stood on the dispatcher's screen.
         */
        AdvisedOrder: {
            at: string;
            seq: number;
            actor: string;
            units: components["schemas"]["OrderedUnitView"][];
            digest: string | null;
            advice: components["schemas"]["AdviceView"] | null;
        };
        /**
         * OrderedUnitView
         * @description A unit that an order named.
         */
        OrderedUnitView: {
            unit: string;
            call_sign: string;
            role: string;
            mode: string;
            assignment: string;
            place: number | null;
        };
        /**
         * TrackView
         * @description A unit's fixes by the time at which they were measured.
         */
        TrackView: {
            unit: string;
            from: string;
            to: string;
            fixes: [
                number,
                number,
                number,
                number | null,
                number | null,
                number | null,
                boolean,
                boolean,
                number
            ][];
            origins: components["schemas"]["OriginView"][];
            stops: components["schemas"]["StopView"][];
        };
        /**
         * OriginView
         * @description Where fixes came from.
         */
        OriginView: {
            source: string;
            device: string;
        };
        /**
         * StopView
         * @description The unit stood here for two minutes or longer.
         */
        StopView: {
            from: string;
            to: string;
            lon: number;
            lat: number;
        };
        /**
         * PresenceView
         * @description A unit's stay within the radius, from its first to its last fix there.
         */
        PresenceView: {
            unit: string;
            from: string;
            to: string;
            nearest_m: number;
            nearest_at: string;
            fixes: number;
        };
        /**
         * CoverOfferView
         * @description Cover moves for the city as it stands now; no moves where none is worth it.
         */
        CoverOfferView: {
            moves: components["schemas"]["CoverMoveView"][];
            reach_before: number | null;
            reach_restored: number | null;
        };
        /**
         * PatrolPointView
         * @description One patrol point today.
         */
        PatrolPointView: {
            id: string;
            name: string;
            name_en: string;
            beat: string;
            lon: number;
            lat: number;
            hours: string;
            dwell_s: number;
            asked: number;
            visits: components["schemas"]["VisitView"][];
            last_at: string | null;
        };
        /**
         * VisitView
         * @description One visit.
         */
        VisitView: {
            unit: string;
            came: components["schemas"]["IntervalView"];
            left: components["schemas"]["IntervalView"];
            dwell_s: number;
        };
        /**
         * PositionsAnswer
         * @description ``POST /api/positions``: each report judged by itself.
         */
        PositionsAnswer: {
            accepted: number;
            refused: components["schemas"]["RefusedReport"][];
        };
        /**
         * RefusedReport
         * @description A position report that moved nothing, with the reason by name.
         */
        RefusedReport: {
            index: number;
            unit: string;
            reason: string;
            detail: string;
        };
        /**
         * DevicesView
         * @description ``GET /api/devices``.
         */
        DevicesView: {
            at: string;
            silent_s: number;
            devices: components["schemas"]["DeviceView"][];
            unknown: number;
        };
        /**
         * DeviceView
         * @description ``GET /api/devices``: one device.
         */
        DeviceView: {
            id: string;
            protocol: string;
            key: string;
            unit: string | null;
            name: string;
            crs: string;
            active: boolean;
            version: number;
            /** @enum {unknown} */
            state: "connected" | "never" | "reporting" | "retired" | "silent";
            silent_since: string | null;
            contact: components["schemas"]["ContactView"] | null;
            judged: components["schemas"]["JudgedView"] | null;
            faults: {
                [key: string]: number;
            };
        };
        /**
         * ContactView
         * @description When a device was heard.
         */
        ContactView: {
            first_at: string;
            last_at: string;
            connected: boolean;
            since: string;
        };
        /**
         * JudgedView
         * @description How a device's reports were judged since the server started.
         */
        JudgedView: {
            accepted: number;
            kept: {
                [key: string]: number;
            };
            refused: {
                [key: string]: number;
            };
            offset_s: number;
            last_measured: string | null;
            last_received: string;
            speaks: boolean;
            crs_suspected: string | null;
            conflict: string | null;
        };
        /**
         * UnknownDeviceView
         * @description ``GET /api/devices/unknown``: one that called and is not in the register.
         */
        UnknownDeviceView: {
            protocol: string;
            key: string;
            first_at: string;
            last_at: string;
            count: number;
            facts: {
                [key: string]: string;
            };
        };
        /**
         * DeviceVersionView
         * @description One version of a device's entry.
         */
        DeviceVersionView: {
            version: number;
            at: string;
            actor: string;
            reason: string;
            change: string;
            unit: string | null;
            name: string;
            crs: string;
            active: boolean;
            generation: number;
            own_code: boolean;
        };
        /**
         * CodeView
         * @description The authentication code of one device, for an administrator.
         */
        CodeView: {
            device: string;
            code: string;
        };
        /**
         * TerminalAnswer
         * @description What a unit's terminal answered.
         */
        TerminalAnswer: {
            device: string;
            /** @enum {unknown} */
            result: "accepted" | "no_answer" | "refused" | "unsupported";
        };
        /**
         * IsochroneView
         * @description Streets that one unit reaches within the limit: ``[seconds, [[lon, lat], ...]]`` each.
         */
        IsochroneView: {
            unit: string;
            limit_s: number;
            streets: [
                number,
                [
                    number,
                    number
                ][]
            ][];
        };
        /**
         * RouteView
         * @description A route by road.
         */
        RouteView: {
            points: [
                number,
                number
            ][];
            seconds: number;
            metres: number;
            turns: components["schemas"]["TurnView"][];
        };
        /**
         * TurnView
         * @description One turn of a route; ``key`` names the manoeuvre.
         */
        TurnView: {
            key: string;
            road: string;
            metres: number;
            lon: number;
            lat: number;
        };
        /**
         * DailyReport
         * @description One day of the city's calendar, from its events; an incident belongs to the day on which it was opened.
         */
        DailyReport: {
            day: string;
            timezone: string;
            hours_in_day: number;
            begins_at: string;
            ends_at: string;
            made_at: string;
            complete: boolean;
            plan: string;
            plan_version: string;
            plan_provisional: boolean;
            accounts: components["schemas"]["AccountsView"];
            total: components["schemas"]["AttainmentView"];
            by_tier: components["schemas"]["AttainmentView"][];
            by_beat: components["schemas"]["AttainmentView"][];
            by_hour: components["schemas"]["AttainmentView"][];
            clocks: components["schemas"]["ClockFigures"][];
            by_kind: components["schemas"]["CountView"][];
            by_origin: components["schemas"]["CountView"][];
            by_outcome: components["schemas"]["CountView"][];
            by_follow_up: components["schemas"]["CountView"][];
            by_grade: components["schemas"]["CountView"][];
            misses: components["schemas"]["MissView"][];
            mismatches: components["schemas"]["MismatchView"][];
        };
        /**
         * AccountsView
         * @description Where every incident of the day is counted: ``incidents`` is the sum of the others.
         */
        AccountsView: {
            incidents: number;
            measured: number;
            unmeasured: number;
            running: number;
            never_ordered: number;
            cancelled_before_arrival: number;
            found_by_patrol: number;
            merged: number;
        };
        /**
         * AttainmentView
         * @description Attainment of one tier, beat or hour of the day, by both clocks; each incident against its own tier's limit.
         */
        AttainmentView: {
            key: string;
            name: string;
            name_en: string;
            limit_s: number | null;
            incidents: number;
            response: components["schemas"]["ShareView"];
            citizen: components["schemas"]["ShareView"];
            running: number;
        };
        /**
         * ClockFigures
         * @description One of the five clocks over the day: from one moment to another.
         */
        ClockFigures: {
            clock: string;
            name: string;
            name_en: string;
            counted: number;
            mean_s: number | null;
            median_s: number | null;
            p90_s: number | null;
            backwards: number;
        };
        /**
         * CountView
         * @description How many of one sort.
         */
        CountView: {
            key: string;
            name: string;
            name_en: string;
            count: number;
        };
        /**
         * MissView
         * @description An incident that missed its limit by a clock; an interval that straddles the limit is one.
         */
        MissView: {
            incident: string;
            opened_at: string;
            kind: string;
            kind_name: string;
            grade: number;
            tier: string;
            limit_s: number;
            beat: string | null;
            road: string;
            first_unit: string;
            response_s: number;
            response_over_s: number | null;
            citizen_s: number;
            citizen_over_s: number | null;
            straddles: boolean;
        };
        /**
         * MismatchView
         * @description Pressed and measured arrival differ by more than 60 seconds.
         */
        MismatchView: {
            incident: string;
            assignment: string;
            call_sign: string;
            pressed_at: string;
            measured_earliest: string;
            measured_latest: string;
            gap_s: number;
            by_voice: boolean;
        };
        /**
         * MismatchReport
         * @description ``GET /api/reports/mismatches``.
         */
        MismatchReport: {
            from: string;
            to: string;
            timezone: string;
            made_at: string;
            unit: string | null;
            beat: string | null;
            gap_limit_s: number;
            far_m: number;
            fix_within_s: number;
            total: components["schemas"]["MismatchTally"];
            by_unit: components["schemas"]["MismatchTally"][];
            by_beat: components["schemas"]["MismatchTally"][];
            presses: components["schemas"]["PressView"][];
            unmeasured: components["schemas"]["PressView"][];
            unpressed: components["schemas"]["UnpressedView"][];
        };
        /**
         * MismatchTally
         * @description Counts of one unit, one beat, or all. ``pressed`` is ``compared`` and ``unmeasured`` together.
         */
        MismatchTally: {
            key: string;
            name: string;
            name_en: string;
            pressed: number;
            compared: number;
            agree: number;
            early: number;
            late: number;
            far: number;
            unmeasured: number;
            unpressed: number;
            median_gap_s: number | null;
        };
        /**
         * PressView
         * @description One pressed arrival with what the positions say of it; listed where ``findings`` has any.
         */
        PressView: {
            incident: string;
            assignment: string;
            opened_at: string;
            unit: string;
            call_sign: string;
            beat: string | null;
            place: string;
            pressed_at: string;
            by_voice: boolean;
            measured_earliest: string | null;
            measured_latest: string | null;
            gap_s: number | null;
            fix: components["schemas"]["NearestFixView"] | null;
            findings: ("far" | "gap" | "unmeasured")[];
        };
        /**
         * NearestFixView
         * @description The position that lies nearest in time to a press.
         */
        NearestFixView: {
            at: string;
            age_s: number;
            straight_m: number;
            along_m: number | null;
            accuracy_m: number | null;
        };
        /**
         * UnpressedView
         * @description An arrival that was measured and never pressed.
         */
        UnpressedView: {
            incident: string;
            assignment: string;
            opened_at: string;
            unit: string;
            call_sign: string;
            beat: string | null;
            place: string;
            measured_earliest: string;
            measured_latest: string;
        };
        /**
         * ShiftPeriod
         * @description A shift that can be replayed: from one handover to the next, newest first.
         */
        ShiftPeriod: {
            commander: string;
            from_at: string;
            until: string | null;
        };
        /**
         * ReplayView
         * @description A replay that stands open for whoever opened it.
         */
        ReplayView: {
            id: string;
            from_at: string;
            until: string;
            incident: string | null;
            unit: string | null;
            positions: boolean;
        };
        /**
         * ReplayChunk
         * @description A stretch to play. ``until`` is where it ends: the period's end where more was asked for.
         */
        ReplayChunk: {
            from_at: string;
            until: string;
            version: number;
            frames: components["schemas"]["ReplayFrame"][];
        };
        /**
         * ReplayFrame
         * @description What a live room would have been sent at ``at``.
         */
        ReplayFrame: {
            at: string;
            changes: components["schemas"]["Changes"] | null;
            fixes: [
                string,
                number,
                number,
                number | null,
                number | null,
                number,
                number
            ][];
        };
        /**
         * Changes
         * @description The step from version ``base`` to ``version``. A client whose version is not ``base`` asks for a snapshot.
         */
        Changes: {
            /** @enum {unknown} */
            type: "changes";
            base: number;
            version: number;
            picture: number;
            put: components["schemas"]["Put"];
            gone: components["schemas"]["Gone"];
        };
        /**
         * Put
         * @description New values; lists are merged by ``id``, single ones replace.
         */
        Put: {
            /** @default [] */
            units: components["schemas"]["UnitView"][];
            /** @default [] */
            incidents: components["schemas"]["IncidentView"][];
            /** @default [] */
            calls: components["schemas"]["CallView"][];
            /** @default [] */
            closures: components["schemas"]["ClosureView"][];
            /** @default [] */
            alerts: components["schemas"]["AlertView"][];
            /** @default [] */
            area_calls: components["schemas"]["AreaCallView"][];
            /** @default null */
            plan: components["schemas"]["PlanView"] | null;
            /** @default null */
            today: components["schemas"]["TodayView"] | null;
            /** @default null */
            reach: components["schemas"]["ReachView"] | null;
            /** @default null */
            shift: components["schemas"]["ShiftView"] | null;
            /** @default null */
            clock: components["schemas"]["ClockView"] | null;
            /** @default null */
            health: string | null;
        };
        /**
         * Gone
         * @description Identifiers of what left the picture.
         */
        Gone: {
            /** @default [] */
            units: string[];
            /** @default [] */
            incidents: string[];
            /** @default [] */
            calls: string[];
            /** @default [] */
            closures: string[];
            /** @default [] */
            alerts: string[];
            /** @default [] */
            area_calls: string[];
        };
        /**
         * MarksView
         * @description The marks of the period; ``complete`` once it is wound to its end, ask again until then.
         */
        MarksView: {
            complete: boolean;
            marks: components["schemas"]["MarkView"][];
        };
        /**
         * MarkView
         * @description One tick of the slider: ``[at_ms, kind, incident, unit|null]``.
         */
        MarkView: [
            number,
            string,
            string,
            string | null
        ];
        /**
         * HitView
         * @description One place found by search.
         */
        HitView: {
            text: string;
            text_en: string;
            kind: string;
            lon: number;
            lat: number;
            detail: string;
            detail_en: string;
            score: number;
        };
        /**
         * PlanVersionView
         * @description One stored plan document.
         */
        PlanVersionView: {
            digest: string;
            name: string;
            version: string;
            provisional: boolean;
            valid_from: string;
            in_force: boolean;
        };
        /**
         * PlanAnswer
         * @description A plan document was stored and put in force.
         */
        PlanAnswer: {
            digest: string;
            version: number;
            units: number;
        };
        /**
         * StudiesView
         * @description ``GET /api/studies``: what can be studied here, and on what it would rest.
         */
        StudiesView: {
            tasks: string[];
            plan: string;
            plan_version: string;
            ground: string;
            closures: string;
            closures_count: number;
            has_history: boolean;
            kinds: components["schemas"]["KindChoice"][];
            groups: components["schemas"]["KindChoice"][];
            classes: {
                [key: string]: number;
            };
            platforms: number;
            beats: number;
            tiers: components["schemas"]["TierChoice"][];
        };
        /**
         * KindChoice
         * @description A kind or a group of kinds, by the plan's words.
         */
        KindChoice: {
            code: string;
            name: string;
            name_en: string;
        };
        /**
         * TierChoice
         * @description A tier of the plan in force.
         */
        TierChoice: {
            id: string;
            name: string;
            name_en: string;
            limit_s: number;
        };
        /**
         * DemandStudy
         * @description The whole analysis. Periods are local days, the last one not included.
         */
        DemandStudy: {
            made_for: string;
            days: number;
            history_from: string;
            records: number;
            in_period: number;
            without_place: number;
            outside: number;
            by_officers: number;
            kinds: components["schemas"]["KindLine"][];
            week: number[][];
            hot_spots: components["schemas"]["HotSpotLine"][];
            repeats: components["schemas"]["RepeatLine"][];
            repeats_looked_at: number;
            season: components["schemas"]["SeasonLine"] | null;
            scores: components["schemas"]["ScoreLine"][];
            scores_note: string;
        };
        /**
         * KindLine
         * @description One kind in the period, beside the period before and the same days a year before.
         */
        KindLine: {
            kind: string;
            now: number;
            against_before: components["schemas"]["ChangeLine"] | null;
            against_year: components["schemas"]["ChangeLine"] | null;
        };
        /**
         * ChangeLine
         * @description A ratio of daily rates with its 95 % interval; ``None`` where it cannot be said (from nothing).
         */
        ChangeLine: {
            before: number;
            ratio: number | null;
            low: number;
            high: number | null;
            certain: boolean;
        };
        /**
         * HotSpotLine
         * @description One hot spot: neighbouring hot cells, named by the longest street of the busiest.
         */
        HotSpotLine: {
            road: string;
            lon: number;
            lat: number;
            cells: number[][];
            incidents: number;
            share: number;
            times_mean: number;
            top_kinds: string[];
        };
        /**
         * RepeatLine
         * @description A kind whose incidents are followed by others nearby soon after.
         */
        RepeatLine: {
            kind: string;
            within_m: number;
            within_days: number;
            ratio: number;
            p: number;
        };
        /**
         * SeasonLine
         * @description Season and trend; see ``demand.season``.
         */
        SeasonLine: {
            months: number[];
            per_year: number;
            per_year_low: number;
            per_year_high: number;
        };
        /**
         * ScoreLine
         * @description One forecast at one share of area; see ``demand.judging``.
         */
        ScoreLine: {
            forecast: string;
            area_share: number;
            caught: number;
            incidents: number;
            pai: number;
            pai_low: number;
            pai_high: number;
            pei: number;
        };
        /**
         * BlockMap
         * @description The blocks of a city, to be drawn: rings in degrees, borders by pair, and today's beats on them.
         */
        BlockMap: {
            shapes: number[][][][];
            at: number[][];
            per_day: number[];
            borders: [
                number,
                number,
                number[][][]
            ][];
            today: number[];
            basis: string;
        };
        /**
         * HoldingView
         * @description One file on the shelf of histories and layers.
         */
        HoldingView: {
            name: string;
            /** @enum {unknown} */
            what: "cases" | "counts" | "hazards" | "incidents";
            rows: number;
            without_place: number;
            outside: number;
            by_officers: number;
            duplicates: number;
            faulty: number;
            imported_at: string;
            by: string;
            from_at: string | null;
            until: string | null;
            weight: number;
        };
        /**
         * JobView
         * @description One long job.
         */
        JobView: {
            id: string;
            kind: string;
            draft: string;
            by: string;
            asked: Record<string, never>;
            /** @enum {unknown} */
            state: "cancelled" | "done" | "failed" | "refused" | "running" | "waiting";
            step: string;
            share: number;
            asked_at: string;
            started_at: string | null;
            ended_at: string | null;
            why: string;
        };
        /**
         * DraftView
         * @description One draft.
         */
        DraftView: {
            id: string;
            name: string;
            author: string;
            made_at: string;
            changed_at: string;
            changed_by: string;
            revision: number;
            note: string;
            digest: string;
            rests_on: components["schemas"]["RestsOnView"];
            stale: ("closures" | "ground" | "plan")[];
            changed: boolean;
            beats: number;
            platforms: number;
            units: number;
            proofs: components["schemas"]["ProofView"][];
        };
        /**
         * RestsOnView
         * @description What a draft was drawn from.
         */
        RestsOnView: {
            plan: string;
            plan_version: string;
            ground: string;
            closures: string;
            demand: string;
        };
        /**
         * ProofView
         * @description A study whose answer goes with a draft.
         */
        ProofView: {
            kind: string;
            digest: string;
            made_at: string;
        };
        /**
         * DraftDetail
         * @description One draft with its beats and figures beside today's.
         */
        DraftDetail: {
            draft: components["schemas"]["DraftView"];
            beats: components["schemas"]["BeatName"][];
            labels: number[];
            platforms: number[][];
            figures: components["schemas"]["BeatFigures"];
            posts: components["schemas"]["PostLine"][];
            today_beats: components["schemas"]["BeatName"][];
            today: components["schemas"]["BeatFigures"];
            today_posts: components["schemas"]["PostLine"][];
        };
        /**
         * BeatName
         * @description A beat of a plan, in the order in which blocks name it.
         */
        BeatName: {
            id: string;
            name: string;
            name_en: string;
        };
        /**
         * BeatFigures
         * @description What a cut is judged by.
         */
        BeatFigures: {
            beats: components["schemas"]["BeatLine"][];
            balance: number;
            balance_today: number | null;
            drive_s: number;
            drive_today_s: number | null;
            compactness: number;
            border_km: number;
            crossings: number;
            moved: number | null;
            basis: string;
        };
        /**
         * BeatLine
         * @description One beat of a cut.
         */
        BeatLine: {
            beat: string;
            is_new: boolean;
            incidents_per_day: number;
            work_hours_per_day: number;
            drive_s: number;
            area_km2: number;
            compactness: number;
            platform: number[];
        };
        /**
         * PostLine
         * @description A platform of a plan with what stands there.
         */
        PostLine: {
            id: string;
            name: string;
            name_en: string;
            beat: string;
            at: number[];
            units: {
                [key: string]: number;
            };
        };
        /**
         * FleetStudy
         * @description A placing and what it promises.
         */
        FleetStudy: {
            sites: components["schemas"]["SiteLine"][];
            units: {
                [key: string]: number;
            };
            busy: number;
            attained: {
                [key: string]: number;
            };
            all_free: {
                [key: string]: number;
            };
            attainable: {
                [key: string]: number;
            };
            covered: number;
            bound: number;
            gap: number;
            optimal: boolean;
            unattainable: components["schemas"]["Unattainable"][];
            unattainable_more: number;
        };
        /**
         * SiteLine
         * @description One place with what stands there.
         */
        SiteLine: {
            lon: number;
            lat: number;
            platform: string;
            units: {
                [key: string]: number;
            };
        };
        /**
         * Unattainable
         * @description A place that no site reaches within its limit.
         */
        Unattainable: {
            name: string;
            tier: string;
            limit_s: number;
            lon: number;
            lat: number;
            share: number;
        };
        /**
         * LeastForce
         * @description The least number of units of a class that meets the standard, beside one fewer and one more.
         */
        LeastForce: {
            unit_class: string;
            target: {
                [key: string]: number;
            };
            least: number | null;
            steps: components["schemas"]["ForceStep"][];
            why_not: string;
            study: components["schemas"]["FleetStudy"] | null;
        };
        /**
         * ForceStep
         * @description One size of the force and what it attains.
         */
        ForceStep: {
            count: number;
            attained: {
                [key: string]: number;
            };
            meets: boolean;
        };
        /**
         * DayPlan
         * @description A table of moves through the day that a commander can have executed.
         */
        DayPlan: {
            periods: components["schemas"]["PeriodLine"][];
            stay_attained: {
                [key: string]: number;
            };
            attained: {
                [key: string]: number;
            };
        };
        /**
         * PeriodLine
         * @description One period of the day: where the force stands, and who changes his place when it begins.
         */
        PeriodLine: {
            from_hour: number;
            until_hour: number;
            study: components["schemas"]["FleetStudy"];
            moves: components["schemas"]["Move"][];
        };
        /**
         * Move
         * @description One unit that changes its place between two periods of the day.
         */
        Move: {
            unit_class: string;
            from_site: number;
            to_site: number;
            metres: number;
            /** @default  */
            from_place: string;
            /** @default  */
            to_place: string;
            /** @default null */
            from_at: [
                number,
                number
            ] | null;
            /** @default null */
            to_at: [
                number,
                number
            ] | null;
        };
        /**
         * Comparison
         * @description Plans beside each other on the same calls.
         */
        Comparison: {
            plans: components["schemas"]["PlanLine"][];
            differences: components["schemas"]["DifferenceLine"][][];
            blocks: components["schemas"]["BlockLine"][];
            blocks_without_enough: number;
            bin_s: number;
            days: number;
            replications: number;
            seed: number;
            calls: number;
            calls_a_day: number;
            demand: string;
            notes: string[];
            /** @default  */
            against: string;
        };
        /**
         * PlanLine
         * @description One plan under the calls.
         */
        PlanLine: {
            name: string;
            version: string;
            tiers: components["schemas"]["TierLine"][];
            within: components["schemas"]["FigureLine"];
            within_citizen: components["schemas"]["FigureLine"];
            mean_s: components["schemas"]["FigureLine"];
            median_s: components["schemas"]["FigureLine"];
            p90_s: components["schemas"]["FigureLine"];
            citizen_mean_s: components["schemas"]["FigureLine"];
            late_a_day: components["schemas"]["FigureLine"];
            queued: components["schemas"]["FigureLine"];
            utilisation: components["schemas"]["FigureLine"];
            visible_minutes_an_hour: components["schemas"]["FigureLine"];
            visible_by_block: number[];
            visible_per_street_km: number;
            moves_a_day: components["schemas"]["FigureLine"];
            arrivals: number[];
            arrivals_citizen: number[];
            hours: components["schemas"]["HourLine"][];
            cost: components["schemas"]["CostLine"];
        };
        /**
         * TierLine
         * @description One tier of a plan: share within its limit by both clocks.
         */
        TierLine: {
            tier: string;
            name: string;
            name_en: string;
            limit_s: number;
            response: components["schemas"]["FigureLine"];
            citizen: components["schemas"]["FigureLine"];
        };
        /**
         * FigureLine
         * @description A figure with its 95 % interval; ``None`` where it cannot be told. ``met`` of ``of``: the counts behind a share.
         */
        FigureLine: {
            value: number | null;
            low: number | null;
            high: number | null;
            /** @default null */
            met: number | null;
            /** @default null */
            of: number | null;
        };
        /**
         * HourLine
         * @description One hour of the day, over all days.
         */
        HourLine: {
            hour: number;
            calls: number;
            within: number | null;
            mean_s: number | null;
            visible_minutes: number;
        };
        /**
         * CostLine
         * @description What a plan takes: vehicles and people, as its force list has them on duty.
         */
        CostLine: {
            units: {
                [key: string]: number;
            };
            platforms: number;
            unit_hours_a_day: number;
            police_hours_a_day: number;
            auxiliary_hours_a_day: number;
        };
        /**
         * DifferenceLine
         * @description A later plan minus the first, call by call on the same calls.
         */
        DifferenceLine: {
            figure: string;
            value: number | null;
            low: number | null;
            high: number | null;
            certain: boolean;
        };
        /**
         * BlockLine
         * @description One block with enough calls to say something.
         */
        BlockLine: {
            block: number;
            lon: number;
            lat: number;
            calls: number;
            within: number[];
            gain: number[];
            low: number[];
            high: number[];
        };
        /**
         * ProposalView
         * @description A plan that was proposed.
         */
        ProposalView: {
            id: string;
            name: string;
            version: string;
            digest: string;
            valid_from: string;
            note: string;
            proposed_by: string;
            proposed_at: string;
            /** @enum {unknown} */
            status: "accepted" | "enacted" | "pending" | "rejected";
            decided_by: string | null;
            decided_at: string | null;
            reason: string;
            stale: boolean;
            proof: string;
        };
        /**
         * Snapshot
         * @description First message, and again after a gap or an overflow.
         */
        Snapshot: {
            /** @enum {unknown} */
            type: "snapshot";
            state: components["schemas"]["StateView"];
        };
        /**
         * PositionsFrame
         * @description Newest fixes since the last frame: ``[unit, lon, lat, speed_mps|null, heading_deg|null, measured_ms, received_ms]`` each.
         */
        PositionsFrame: {
            /** @enum {unknown} */
            type: "positions";
            at: string;
            fixes: [
                string,
                number,
                number,
                number | null,
                number | null,
                number,
                number
            ][];
        };
        /**
         * Heartbeat
         * @description Every 2 s when nothing else went out: a client that hears nothing for 6 s shows itself disconnected.
         */
        Heartbeat: {
            /** @enum {unknown} */
            type: "heartbeat";
            version: number;
            now: string;
        };
        /**
         * Resync
         * @description From the client: send me a snapshot.
         */
        Resync: {
            /** @enum {unknown} */
            type: "resync";
        };
        /**
         * Rest
         * @description From a client that nobody looks at: no positions until ``watch``. Changes and heartbeats go on, so that its alarms do.
         */
        Rest: {
            /** @enum {unknown} */
            type: "rest";
        };
        /**
         * Watch
         * @description From the client: somebody looks again. The newest position of every unit that moved meanwhile comes next, in one frame.
         */
        Watch: {
            /** @enum {unknown} */
            type: "watch";
        };
        /**
         * Problem
         * @description A problem document.
         */
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            instance: string;
            /** @default  */
            request: string;
            /** @default [] */
            faults: components["schemas"]["Fault"][];
            /** @default null */
            current: Record<string, never> | null;
        };
        /**
         * Fault
         * @description One thing wrong with a request.
         */
        Fault: {
            field: string;
            value: string;
            problem: string;
            remedy: string;
        };
        ServerMessage: components["schemas"]["Snapshot"] | components["schemas"]["Changes"] | components["schemas"]["PositionsFrame"] | components["schemas"]["Heartbeat"];
        ClientMessage: components["schemas"]["Resync"] | components["schemas"]["Rest"] | components["schemas"]["Watch"];
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
