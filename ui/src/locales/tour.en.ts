/* Words of the first-run tour, English. */
export default {
  again: 'Show the tour again', dismiss: 'Do not show again', back: 'Back', next: 'Next', done: 'Done',
  queue: 'Incidents', queueText: 'Gravest first, then oldest. The thin bar is the limit: amber at 70 %, red once broken. 1 to 9 chooses a row, N takes a new call.',
  map: 'The map', mapText: 'Shape is the class of a unit, outline its status; hollow means that its position is old. R shows the 1-3-5 reach, L the layers, F follows the chosen unit.',
  incident: 'The chosen incident', incidentText: 'Facts, clocks, advice and actions. The advice says who arrives when, with what chance, and why; O sends them, or pick others yourself.',
  units: 'Units', unitsText: 'Call sign, status, beat and the age of the position. Type a few characters to filter; what is chosen in one place is chosen everywhere.',
  header: 'Today, and the link', headerText: 'Attainment says how many of how many. When the link is lost the picture greys, says as of when, and nothing can be ordered. ? shows the keys at any time.',
}
