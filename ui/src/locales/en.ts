/* The words in English; the same keys as zh.ts. */

import type { zh } from './zh'

export const en: typeof zh = {
  title: 'Kuaijing',
  unknown: 'Unknown',
  do: { dismiss: 'Dismiss', cancel: 'Cancel', close: 'Close', fold: 'Fold', send: 'Send' },
  header: {
    more: 'More', expected: 'expected incidents {share} ({met}/{all} an hour)',
    today: 'Incidents today', open: '{n} open', others: 'other', handling: 'Mean handling', responseClock: 'Arrived in time (order to arrival)', citizenClock: 'Call to arrival',
    clockHint: 'Response clock: first order to measured arrival. Hover a figure for call to arrival and the 95 % interval', minutes: '{n} min', interval: '95 % interval {low}–{high}', unmeasured: '{n} unmeasured',
    reach: 'Reach now', reachHint: { history: 'Share of expected incidents that units free now reach within the limit, reaction time included', street_length: 'No incident history: share of street length that units free now reach within the limit' },
    streets: 'streets', fictional: 'Fictional city', provisional: 'Provisional plan', shift: 'Shift', report: 'Report', plan: 'Plan', sound: 'Sound', muted: 'Muted', mute: 'Turn sound off', unmute: 'Turn sound on',
    theme: 'Light or dark', light: 'Light', dark: 'Dark', signOut: 'Sign out',
  },
  mode: { live: 'Live', demo: 'Demo', training: 'Training' },
  link: {
    live: 'Live', lost: 'Disconnected', asOf: 'as of {time}', connecting: 'Connecting…', loading: 'Loading…', degraded: 'Degraded', warming: 'Warming up',
    lostLong: 'Disconnected. The picture stands at {time}; no command can be sent. Reconnecting by itself', degradedLong: 'Degraded: the core cannot write and will refuse commands; this clears by itself',
  },
  map: {
    title: 'Map of the city', zoomIn: 'Zoom in', zoomOut: 'Zoom out', failed: 'This browser cannot show the map (no WebGL); everything else works', layers: 'Layers', reach: '1-3-5 reach', follow: 'Follow', following: 'Following {unit}', closures: 'Closures',
    beats: 'Beat boundaries', tiers: '1-3-5 tiers', reachStreets: 'Streets reached in time', reached: 'reached in time', gap: 'gap',
  },
  queue: {
    title: 'Incidents', newCall: 'New call', calls: '{n} calls', callsHint: 'Several calls, one incident', escalated: 'escalated', arrived: 'arrived', sinceCall: 'waiting', limit: 'limit {limit}',
    noUnits: 'no unit sent', empty: 'No open incidents', ended: 'Ended today: {n}',
  },
  incident: {
    inBeat: 'in {beat}',
    title: 'Chosen incident', none: 'No incident chosen. Press 1–9 to choose, N for a new call', grade: 'Grade {n}', firstKind: 'first: {kind}, grade {n}', noPlaceName: 'Point on the map', units: 'Units sent', moreUnits: 'Send more',
    byVoice: 'Entered by the desk', voiceMark: 'v', measured: 'Measured arrival', notMeasured: 'Arrival not yet measured', gap: 'pressed {gap} apart', voice: 'By voice:', withdraw: 'Withdraw', withdrawReason: 'Reason for withdrawing (required)',
  },
  clock: { response: 'Order to arrival', citizen: 'Call to arrival', limit: 'limit {limit} · {tier}', calledAt: 'called {time}', arrival: 'Measured arrival', met: 'in time', missed: 'late', notMeasured: 'not arrived' },
  fact: {
    origin: 'Origin', beat: 'Beat', road: 'Road', place: 'Place', outside: 'outside the city', noRoad: 'no road for cars nearby', offRoad: '{m} off the road', closed: 'Closed', outcome: 'Outcome', mergedInto: 'Merged into', mergedFrom: 'Merged from',
  },
  act: {
    note: 'Note', escalate: 'Escalate', reclassify: 'Reclassify', move: 'Correct place', merge: 'Merge', unmerge: 'Undo merge', close: 'Close', cancel: 'Cancel incident', reopen: 'Reopen',
    into: 'Merge into', measures: 'Measures were taken', moveHint: 'Click the right place on the map',
    words: { note: 'Text', escalate: 'Reason (required)', reclassify: 'Remark', merge: 'Remark', close: 'Closing remark', cancel: 'Reason (required)', reopen: 'Remark' },
  },
  call: { title: 'Calls', masked: 'masked', unlink: 'Make it its own incident' },
  advice: {
    unmetCapability: 'no unit proposed has what is needed: {capability}',
    title: 'Recommended', reinforcement: 'Reinforcement', limit: 'limit {limit}', unit: 'Unit', arrives: 'Arrives', inTime: 'In time', loses: 'Costs', lossTitle: 'Percentage points of expected incidents no longer reached in time while the unit is gone', lossHint: 'Streets no longer reached in time: {metres}',
    p90: 'not longer in 90 % of cases', loading: 'Working out the recommendation…', unmet: '{role}: {n} missing, no unit free or none reachable', none: 'No unit can be sent', ownPicks: 'Own choice:', order: 'Order ({n})', takeProposal: 'Take proposal',
    reach: 'Reach {before} → {after}', reachHint: 'Reach of the city: now → once the proposed units are gone', followers: 'Followers', others: 'All {n} others and why', pick: 'Send', leave: 'Leave out', fixAge: 'fix {age} old',
    diversion: 'Diversion (on its way to {incident}).', again: 'New recommendation', queue: 'Queue', divert: 'Divert', taken: '{unit} is now “{status}”', takenFor: 'incident {incident}',
  },
  reason: {
    nearest: 'arrives first', cover: 'arrives about as soon, costs the city {figure} points less', cover_later: '{detail} s later, costs the city {figure} points less', cover_class: 'arrives about as soon, class preferred', cover_passed: 'would cost the city {figure} points', capability: 'has what is needed: {detail}', together: 'soonest together with the others', diversion: 'diverted from something lesser, {detail}', diversion_offered: 'may be diverted from something lesser, {detail}',
    busy: 'busy with {detail}', busy_other: 'busy with other work', queued_elsewhere: '{figure} tasks queued already', off_duty: 'off duty', out_of_service: 'out of service', already_on_it: 'already on this incident', wrong_class: 'wrong class: {detail}', missing_capability: 'sooner by {figure}, but lacks: {detail}', no_contact: 'no contact for {figure}', no_position: 'no position', stale: 'position {figure} old', farther: 'later by {figure}', sooner: 'sooner alone, not together', could_go: 'free, could go', beyond_horizon: 'beyond 10 minutes', unreachable: 'not reachable by road, {figure} as the crow flies', off_road: 'no road there, {figure} as the crow flies', other: 'not chosen',
  },
  capability: { arrest: 'arrest', command: 'command', cordon: 'cordon', extinguisher: 'extinguisher', first_aid: 'first aid', mediation: 'mediation', negotiation: 'negotiation', traffic: 'traffic', video: 'video', water_rescue: 'water rescue', investigation: 'investigation', case: 'case work', medical: 'medical' },
  cover: { title: 'Cover moves', reach: 'Reach {before} → {after}', order: 'Order {n}', point: 'a point', gain: 'restores {share}', end: 'Back to beat' },
  unit: {
    fromHome: 'no position, taken to be at its base', heads: { sign: 'Call sign', class: 'Class', status: 'Status', beat: 'Beat', since: 'For', fix: 'Position', doing: 'Doing' },
    title: 'Units', free: '{n} of {all} free', filter: 'Filter by call sign, class, status, beat', none: 'No units', noneFound: 'No unit matches', noFix: 'no position', lost: 'lost contact', stale: 'stale position', cover: 'on a cover move',
    class: 'Class', crew: 'Crew', crewOf: '{police} police, {auxiliary} auxiliary', platform: 'Platform', since: 'In status', fix: 'Position', ago: '{age} ago', queued: 'Queued', toIncident: 'Show incident', setStatus: 'Set status (by voice)',
  },
  class: { command_vehicle: 'Command vehicle', car: 'Car', motorcycle: 'Motorcycle', foot: 'On foot', drone: 'Drone' },
  role: { first: 'first', support: 'support', follower: 'follower', reinforcement: 'reinforcement' },
  step: { delivered: 'Delivered', acknowledged: 'Acknowledge', en_route: 'On the way', on_scene: 'On scene', controlled: 'Controlled', settled: 'Settled', cleared: 'Clear' },
  stepDone: { delivered: 'received the order', acknowledged: 'acknowledged', en_route: 'set off', on_scene: 'reported on scene', controlled: 'reports the scene controlled', settled: 'reports it settled', cleared: 'clear' },
  actor: { actors: 'Simulated crew', demo: 'Demo account', tracking: 'Positioning', system: 'System' },
  stamp: { ordered: 'Ordered', delivered: 'Delivered', acknowledged: 'Ack.', en_route: 'On way', on_scene: 'On scene', cleared: 'Clear' },
  status: {
    unit: { off_duty: 'Off duty', available: 'Free', ordered: 'Ordered', en_route: 'On the way', on_scene: 'On scene', busy_other: 'Busy', out_of_service: 'Out of use' },
    incident: { open: 'Waiting', dispatched: 'Ordered', responding: 'Responding', on_scene: 'On scene', handling: 'Handling', closed: 'Closed', merged: 'Merged', cancelled: 'Cancelled' },
    assignment: { queued: 'Queued', ordered: 'Ordered', delivered: 'Delivered', acknowledged: 'Acknowledged', en_route: 'On the way', on_scene: 'On scene', cleared: 'Clear', refused: 'Refused', withdrawn: 'Withdrawn' },
  },
  origin: { call_110: '110 call', call_119: '119 call', call_122: '122 call', alarm: 'One-key alarm', community: 'Community', patrol: 'Found on patrol', camera: 'Seen on camera', officer_help: 'Officer needs help' },
  outcome: {
    settled: 'Settled', mediation: 'Led to mediation', handed_to_station: 'Handed to station', handed_to_traffic: 'Handed to traffic squad', handed_to_criminal: 'Handed to criminal squad', escorted: 'Escorted', rescued: 'Rescued', returned_to_family: 'Returned to family',
    hazard_removed: 'Hazard removed', arrested: 'Arrested', false: 'False alarm', nobody_found: 'Nobody found',
  },
  kind: { unknown: 'Unknown kind' },
  follower: { criminal: 'Criminal squad', fire: 'Fire station', medical: 'Ambulance (120)', station: 'Local station', traffic: 'Traffic squad' },
  tier: { rest: 'Elsewhere' },
  alert: { acknowledge_overdue: 'Not acknowledged', limit_near: 'Limit near', limit_broken: 'Limit broken', lost_contact: 'Lost contact on the way', sos: 'Officer needs help', more: '{n} more', seeAll: 'Seen all' },
  timeline: {
    title: 'Timeline', failed: 'The timeline cannot be read just now', other: 'Entry',
    incidentopened: 'Opened: {kind}, grade {grade}{at}', comma: ', {text}', logged: 'logged {time}', calltaken: 'Call taken ({origin})', calllinked: 'Call linked (from {from})', callunlinked: 'Call taken out (from {from})', helpraised: '{unit} asks for help', personalwordsforgotten: 'Personal words forgotten',
    incidentreclassified: 'Now {kind}, grade {grade}', incidentmoved: 'Place corrected: {place}', noteadded: '{text}', incidentescalated: 'Escalated to grade {grade}', incidentmerged: 'Merged into {into}', incidentunmerged: 'Merge undone', incidentclosed: 'Closed: {outcome}', incidentcancelled: 'Cancelled', incidentreopened: 'Reopened',
    incidentcontrolled: '{unit} reports the scene controlled', incidentsettled: '{unit} reports it settled', assignmentqueued: '{unit} queued ({role})', assignmentordered: '{unit} ordered ({role})', assignmentstamped: '{unit} {step}', arrivalmeasured: '{unit} measured on scene (interval {width})', assignmentcleared: '{unit} clear',
    assignmentrefused: '{unit} refuses', assignmentwithdrawn: '{unit} withdrawn', unitstatusset: '{unit} changed status', unitcontactchanged: '{unit} contact changed',
  },
  intake: {
    noKinds: 'No kinds of incident: import a plan first', outside: 'This place is beyond the city’s roads: opening asks once more', openOutside: 'Open outside the city',
    noPlace: 'No such place; click the map', title: 'New call', place: 'Place', placeHint: 'name, crossing, pinyin initials, coordinates', orMap: 'or click the map', kind: 'Kind', kindHint: 'letters or name, such as dj for a fight', grade: 'Grade', kindGrade: 'by kind ({n})', words: 'What was said', caller: 'Caller', phone: 'Telephone', open: 'Open incident', duplicates: 'Perhaps the same (digit links)',
    why: '{metres} away, within {minutes} min', sameKind: 'same kind', sharedWords: 'both say {words}', link: 'Link', searchFailed: 'Place search is not available; click the map', mapPlace: 'Map point {lon}, {lat}',
  },
  search: { title: 'Search', hint: 'call sign, incident number, place', unit: 'Unit', incident: 'Incident', place: 'Place' },
  closure: {
    title: 'Closures and slow zones', hint: 'Click point by point on the map; routes follow at once', line: 'Line', polygon: 'Area', back: 'Undo point', points: '{n} points', name: 'Name', unnamed: 'Temporary closure', closed: 'Closed', half: 'Slow, 50 %', quarter: 'Slow, 25 %', slow: 'Slow, {share} %', until: 'Until', open: 'no end', hours: '{n} h', place: 'Put in force', lift: 'Lift', none: 'Nothing is closed',
  },
  plan: {
    none: 'No plan in force: import or choose one',
    title: 'Plan of the force', version: 'version {version}', counts: '{beats} beats, {platforms} platforms, {units} units, {kinds} kinds of incident', export: 'Export', import: 'Import', importHint: 'Choose one ZIP or all files of the plan (plan.yaml, GeoJSON, CSV/XLSX). One fault and nothing is applied', choose: 'Choose files…', send: 'Check and put in force', needsAdministrator: 'Importing a plan needs an administrator', faults: '{n} faults; the plan is not in force', where: 'Where', found: 'Found', problem: 'Problem and remedy',
  },
  shift: { title: 'Shift', commander: 'Duty commander', since: 'since {time}', nobody: 'No duty commander entered', openNow: '{n} incidents open now', to: 'Hand over to', note: 'Note', handOver: 'Hand over' },
  keys: { escalate: 'escalate the chosen incident', merge: 'merge the chosen incident', close: 'close the chosen incident', cover: 'order the cover moves', title: 'Keys', new: 'new call', order: 'order the chosen units', digits: 'act on that row of the list', search: 'search units, incidents, places', follow: 'follow the chosen unit', reach: '1-3-5 reach', layers: 'layers', closures: 'closures and slow zones', units: 'fold the list of units', back: 'one step back', help: 'this page' },
  signin: { sub: 'Command of the rapid street police', user: 'User', password: 'Password', go: 'Sign in' },
  officer: {
    wordsMasked: 'what was said is withheld',
    startHint: 'Once started, this phone reports its position every few seconds, and an order sounds and vibrates', start: 'Start duty', chooseUnit: 'Act for unit (demo)', noOrder: 'Standing by', keepOpen: 'Keep this page open; an order will sound', offlineSince: 'No link (since {time}). What you press is kept and sent in order later', waiting: '{n} waiting to be sent', positionRefused: 'Position refused: your arrival cannot be measured. Allow it in the browser', positionUnavailable: 'No position on this device (needs HTTPS and location): your arrival cannot be measured',
    way: '{metres}, about {time}', allDone: 'This order is done', refuse: 'Cannot', refuseHint: 'Reason (required)', noteHint: 'What you found', help: 'Help', hold: 'hold 1 s', helpSent: 'Call for help sent',
    did: { acknowledged: 'Acknowledge', en_route: 'On the way', on_scene: 'On scene', controlled: 'Controlled', cleared: 'Clear', delivered: 'Delivered', note: 'Note', refuse: 'Cannot', help: 'Help', onDuty: 'start duty' },
  },
  said: { ordered: 'Ordered: {units}', cover: '{n} cover moves ordered', planImported: 'The plan is in force', handedOver: 'Handed over to {name}' },
  error: {
    other: 'Not done', unreachable: 'The server does not answer', disconnected: 'Disconnected: no command can be sent', degraded: 'Degraded: the core cannot write', unittaken: 'A unit has changed meanwhile; nothing was ordered', staleincident: 'Somebody changed the incident meanwhile; look again', staleunit: 'The unit changed meanwhile; look again', staleplan: 'The recommendation is old; ask for a new one', notallowed: 'Not allowed, or not in this state', unitoffduty: 'The unit is off duty', duplicateorder: 'The unit is on this incident already', alreadyended: 'It has ended', mergecycle: 'They cannot be merged into each other', reasonrequired: 'A reason is required', notfound: 'Not found', unknownincident: 'No such incident', unknownunit: 'No such unit', unknownassignment: 'No such assignment', unknowncall: 'No such call', unknownclosure: 'No such closure', refused: 'Several faults; nothing was done', badrequest: 'Something is filled in wrongly', badplan: 'The plan has faults', keyreused: 'Sent twice', warming: 'Warming up; wait a moment', noplan: 'No plan is in force', toolarge: 'Too large', wrongpassword: 'Wrong name or password', noaccounts: 'No account exists yet; the administrator makes the first', lockedout: 'Account locked for a while', notsignedin: 'Sign in first', foreignorigin: 'Request from another site', internalerror: 'Internal error', texttoolong: 'The text is too long', textunreadable: 'The text holds characters that cannot be read', gradeunknown: 'Grades are 1 to 4', valueunknown: 'Not a known value', identifiertaken: 'The identifier is taken',
  },
  report: {
    missesBy: 'order to arrival {response} · call to arrival {citizen}', took: 'Took',
    title: 'Daily report', day: 'Day', back: 'Back to the room', csv: 'Download CSV', xlsx: 'Download XLSX', loading: 'Counting…', empty: 'Nothing to count on that day', failed: 'The report is not available', incomplete: 'The day goes on; counted until {time}',
    byTier: 'By tier', byBeat: 'By beat', byHour: 'By hour', byKind: 'By kind', byOrigin: 'By origin', byOutcome: 'By outcome', byGrade: 'By grade', clocks: 'The five clocks', clock: 'Clock', counted: 'Counted', mean: 'Mean', median: 'Median', p90: '90th percentile',
    misses: 'Missed the limit', noMisses: 'No incident missed its limit', mismatches: 'Pressed and measured differ by more than 60 s', response: 'Order to arrival', citizen: 'Call to arrival', share: 'In time', interval: '95 % interval', met: 'Met/of', unmeasured: 'Unmeasured', running: 'Awaiting arrival', incidents: 'Incidents',
    incident: 'Number', opened: 'Opened', kind: 'Kind', place: 'Road', limit: 'Limit', tier: 'Tier', beat: 'Beat', hour: 'Hour', over: 'Over by', first: 'First', straddles: 'interval straddles', pressed: 'Pressed', measured: 'Measured', gap: 'Apart',
    accounts: { incidents: 'Incidents', measured: 'Measured', unmeasured: 'Unmeasured', running: 'Awaiting arrival', never_ordered: 'Never ordered', cancelled_before_arrival: 'Cancelled before arrival', found_by_patrol: 'Found by patrol', merged: 'Merged' },
    note: 'Left out of the shares: cancelled before arrival, found by patrol, never ordered. An arrival interval that straddles the limit counts as not met. Intervals are 95 % Wilson.',
  },
}
