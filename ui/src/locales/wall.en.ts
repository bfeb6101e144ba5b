/* The words of wall, post and incident sheet in English; the same keys as wall.zh.ts. */

import type { wallZh } from './wall.zh'

export const wallEn: typeof wallZh = {
  wall: { title: 'Wall', city: 'Whole city', open: 'Open', attainment: 'Met today', free: 'Free' },
  postDesk: {
    title: 'Post desk', calm: 'No open incident in this beat', away: 'Sent elsewhere', units: 'Own units', dispatch: 'Own dispatch', nobody: 'No own unit is free; tell the command centre',
    sooner: '{unit} of another platform is sooner ({time}); tell the command centre', notOwn: 'Not in this beat: the centre commands it; only own units are logged here', otherPlatform: 'other platform',
    onPost: 'On post {post} {age}', inBeat: 'In {beat}', patrolling: 'In the beat', lost: 'Link lost {age} ago · as of {time}', noBeat: 'The plan has no beat for this platform', noPoints: 'No patrol points in this beat',
    due: 'Due', later: 'Not now', done: 'Visited', send: 'Send',
  },
  sheet: {
    title: 'Incident sheet', print: 'Print', open: 'Sheet', savePicture: 'Save the map', making: 'Drawing the map…', noPicture: 'The map is not available', printed: 'Printed {time} · {who}', facts: 'Facts', number: 'Number', kind: 'Kind', place: 'Place', status: 'Status', calledAt: 'Called at',
    clocks: 'Clocks', both: 'Arrival', limit: 'Limit', five: 'The five clocks', dispatch: 'Dispatch (call to first order)', arrival: 'Arrival (first order to measured)', control: 'Control (arrival to controlled)', settlement: 'Settlement (arrival to settled)', whole: 'Whole (call to closed)',
    units: 'Units', unit: 'Unit', role: 'Role', pressed: 'Pressed', measured: 'Measured', stay: 'Stay', timeline: 'Timeline, with what was advised', advised: 'Advised then: {units}', asAdvised: 'as advised', otherwise: 'other than advised', noAdvice: 'no advice was on screen',
    notes: 'Notes', calls: 'Calls', notClosed: 'Not closed', failed: 'The timeline cannot be read just now', map: 'Map', signature: 'Signature',
  },
}
