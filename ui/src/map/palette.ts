/* Colours of the map in its two themes: the base nearly grey, units as the cities know them. */

export interface MapPalette {
  land: string; water: string; green: string; building: string; buildingEdge: string
  roadMajor: string; roadMiddle: string; roadMinor: string; roadAlley: string; rail: string; roadEdge: string
  label: string; labelSoft: string; labelWater: string; halo: string
  beat: string; gap: string; reached: string; closure: string; slow: string; route: string; routeFaint: string; trail: string; chosen: string
  incident: string; incidentText: string; broken: string; near: string; tier: string
  units: Record<string, string>; unitEdge: string; unitRing: string
}

const UNITS_DARK = { command_vehicle: '#4d9dff', car: '#ff5a52', motorcycle: '#ffd23d', foot: '#f4f7f9', drone: '#b891ff' }
const UNITS_LIGHT = { command_vehicle: '#1763d1', car: '#d1261d', motorcycle: '#f0b400', foot: '#ffffff', drone: '#7442d6' }

export const PALETTES: Record<'dark' | 'light', MapPalette> = {
  dark: {
    land: '#12181d', water: '#16252f', green: '#152019', building: '#182026', buildingEdge: '#1d262d',
    roadMajor: '#4a5863', roadMiddle: '#3a4650', roadMinor: '#2b353d', roadAlley: '#242d34', rail: '#2c343a', roadEdge: '#0c1114',
    label: '#a7b4be', labelSoft: '#7f8e99', labelWater: '#6f93a8', halo: '#0f1418',
    beat: '#e8eef2', gap: '#d0722f', reached: '#4e7f92', closure: '#ff7066', slow: '#e8ad3d', route: '#9fd0f5', routeFaint: '#6d93b0', trail: '#7fd6c2',
    chosen: '#ffffff', incident: '#f2f5f7', incidentText: '#10161a', broken: '#ff7066', near: '#e8ad3d', tier: '#9fb4c4',
    units: UNITS_DARK, unitEdge: '#0a0e11', unitRing: '#ffffff',
  },
  light: {
    land: '#eef0f1', water: '#c3d6e2', green: '#dbe6d9', building: '#e2e5e7', buildingEdge: '#d3d8db',
    roadMajor: '#ffffff', roadMiddle: '#ffffff', roadMinor: '#fafbfb', roadAlley: '#f4f5f6', rail: '#b9c1c7', roadEdge: '#b9c2c9',
    label: '#37434d', labelSoft: '#5b6973', labelWater: '#38657f', halo: '#f7f9fa',
    beat: '#3a444c', gap: '#c2500d', reached: '#5f97ad', closure: '#b3160d', slow: '#9a6500', route: '#1b5e96', routeFaint: '#6d93b0', trail: '#0d7a66',
    chosen: '#111820', incident: '#1b242b', incidentText: '#ffffff', broken: '#b3160d', near: '#9a6500', tier: '#54646f',
    units: UNITS_LIGHT, unitEdge: '#1a2228', unitRing: '#111820',
  },
}
