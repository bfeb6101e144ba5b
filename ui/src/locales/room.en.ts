/* Words of the room's layout, of following, reach and closing. The same keys as room.zh.ts. */

export const roomEn = {
  display: { title: 'Display', theme: 'Theme', dark: 'Dark', light: 'Light', auto: 'Automatic', size: 'Size', now: 'Now {share}.', kept: 'Layout and size are kept on this machine for your account.', usual: 'Usual layout' },
  pane: { queue: 'Drag or use the arrow keys to change the width of the incidents (double click: usual)', side: 'Drag or use the arrow keys to change the width of the chosen incident (double click: usual)', units: 'Drag or use the arrow keys to change the height of the units (double click: usual)', foldQueue: 'Fold the incidents', openQueue: 'Unfold the incidents', foldSide: 'Fold the chosen incident', openSide: 'Unfold the chosen incident' },
  streets: { underway: 'Ways and tracks of units on their way', soonest: '{unit} soonest, {time}', limit: 'limit {limit}', next: 'next {unit} {time}', nobody: 'no free unit gets here', gap: 'gap', lost: 'Without {unit}: {n} street sections out of reach', lostNone: 'Without {unit} nothing falls out of reach' },
  following: { title: 'Following', arrives: 'there in {time}', left: '{metres} to go', next: 'in {metres} {turn}', onto: 'onto {road}', noRoute: 'on no way to an incident', lastTrack: '{metres} driven in the last 30 minutes' },
  turn: { straight: 'straight on', left: 'turn left', right: 'turn right', u_turn: 'turn around', arrive: 'arrive' },
  five: { title: 'The five clocks', dispatch: 'Dispatch', arrival: 'Arrival', control: 'Control', settlement: 'Settled', whole: 'Closed', from: 'since the call', step: 'after the step before' },
  followUp: { who: 'Taken over by', nobody: 'nobody needed', what: 'What is to follow', hint: 'what to do; no names', told: '{who}: {text}', closed: '; taken over by {told}' },
  advised: { asAdvised: 'as advised', other: 'own choice', none: 'no advice', was: 'advised then: {units}' },
  coverOffer: { looking: 'Looking for cover moves…', dropped: 'Leave it' },
  cross: { title: 'Cross-hair moved by keys', open: 'By keys', move: 'move', fine: 'finely', zoom: 'zoom', take: 'take this place', point: 'set a point', choose: 'choose what is here', search: 'search', end: 'done', placeHint: 'street, crossing or place', centre: 'Centre', clickCentre: 'Search for a place, or pick the centre on the map' },
  late: { late: 'Late', over: '{time} over', arrivedLate: 'On scene · late' },
  training: { word: 'TRAINING', apart: 'Apart from the service: no order given here reaches a real officer' },
  paper: { map: 'Picture of the map', print: 'Print', take: 'Picture of the map' },
  slow: { link: 'Slow link' },
}
