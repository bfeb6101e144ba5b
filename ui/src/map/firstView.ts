/* What the map shows first: where the plan's platforms stand, with their surroundings. A road that leads far out of the city, or a
platform alone at its end, does not make the city small. Pure. */

type Box = [number, number, number, number]

const FAR = 3
const AROUND = 0.4
const FEWEST = 3

const middle = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

export function firstView(bbox: Box, platforms: readonly { lon: number; lat: number }[]): Box {
  if (platforms.length < FEWEST) return bbox
  const [lon, lat] = [middle(platforms.map((each) => each.lon)), middle(platforms.map((each) => each.lat))]
  const narrow = Math.cos((lat * Math.PI) / 180)
  const away = (each: { lon: number; lat: number }): number => Math.hypot((each.lon - lon) * narrow, each.lat - lat)
  const usual = middle(platforms.map(away))
  const near = platforms.filter((each) => away(each) <= FAR * usual)
  const lons = near.map((each) => each.lon)
  const lats = near.map((each) => each.lat)
  const box: Box = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]
  const [wide, tall] = [box[2] - box[0], box[3] - box[1]]
  if (wide <= 0 || tall <= 0) return bbox
  return [
    Math.max(bbox[0], box[0] - wide * AROUND), Math.max(bbox[1], box[1] - tall * AROUND),
    Math.min(bbox[2], box[2] + wide * AROUND), Math.min(bbox[3], box[3] + tall * AROUND),
  ]
}
