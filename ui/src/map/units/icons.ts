/* The shapes of units, drawn once into one canvas: class is shape and colour, status is the outline, so that it reads without
colour too. Drawn pointing north; the wedges are turned by the heading, the ring is round. */

import type { MapPalette } from '../palette'

export const CLASSES = ['command_vehicle', 'car', 'motorcycle', 'foot', 'drone'] as const
export const OUTLINES = ['free', 'ordered', 'en_route', 'on_scene', 'busy', 'stale', 'lost'] as const
export type Outline = (typeof OUTLINES)[number]

/** Edge of one cell in CSS pixels; shapes keep clear of the border. */
export const CELL = 40
/** Every shape without a ring, with its outline, lies within a circle of this share of its cell. */
export const REACH = 0.7
/** Column of the shapes with a ring. */
export const RINGED = OUTLINES.indexOf('on_scene')

export const iconIndex = (unitClass: string, outline: Outline): number => {
  const row = Math.max(0, CLASSES.indexOf(unitClass as (typeof CLASSES)[number]))
  return row * OUTLINES.length + OUTLINES.indexOf(outline)
}

export const turnsWithHeading = (unitClass: string): boolean => unitClass === 'car' || unitClass === 'motorcycle'

export function outlineOf(unit: { status: string; stale: boolean; lost_contact: boolean }): Outline {
  if (unit.lost_contact) return 'lost'
  if (unit.stale) return 'stale'
  switch (unit.status) {
    case 'available': return 'free'
    case 'ordered': return 'ordered'
    case 'en_route': return 'en_route'
    case 'on_scene': return 'on_scene'
    default: return 'busy'
  }
}

function shape(pen: CanvasRenderingContext2D, unitClass: string): void {
  pen.beginPath()
  if (unitClass === 'command_vehicle') pen.rect(-7.5, -7.5, 15, 15)
  else if (unitClass === 'car') wedge(pen, 10, 7.5)
  else if (unitClass === 'motorcycle') wedge(pen, 7.5, 5.2)
  else if (unitClass === 'drone') {
    pen.moveTo(0, -8)
    pen.lineTo(8, 0)
    pen.lineTo(0, 8)
    pen.lineTo(-8, 0)
    pen.closePath()
  } else pen.arc(0, 0, 5, 0, Math.PI * 2)
}

function wedge(pen: CanvasRenderingContext2D, tall: number, wide: number): void {
  pen.moveTo(0, -tall)
  pen.lineTo(wide, tall * 0.8)
  pen.lineTo(0, tall * 0.42)
  pen.lineTo(-wide, tall * 0.8)
  pen.closePath()
}

export function drawIcon(pen: CanvasRenderingContext2D, unitClass: string, outline: Outline, p: MapPalette): void {
  const fill = p.units[unitClass] ?? p.units.foot!
  const hollow = outline === 'stale' || outline === 'lost'
  pen.lineJoin = 'round'
  shape(pen, unitClass)
  if (hollow) {
    pen.lineWidth = 4
    pen.strokeStyle = p.unitEdge
    pen.stroke()
    shape(pen, unitClass)
    pen.lineWidth = 2
    pen.strokeStyle = fill
    if (outline === 'lost') pen.setLineDash([2.5, 2.5])
    pen.stroke()
    pen.setLineDash([])
    return
  }
  pen.globalAlpha = outline === 'busy' ? 0.5 : 1
  pen.lineWidth = outline === 'ordered' || outline === 'en_route' ? 5 : 3
  pen.strokeStyle = outline === 'ordered' || outline === 'en_route' ? p.unitRing : p.unitEdge
  pen.stroke()
  pen.fillStyle = fill
  pen.fill()
  pen.lineWidth = 1
  pen.strokeStyle = p.unitEdge
  pen.stroke()
  pen.globalAlpha = 1
  if (outline === 'on_scene') {
    pen.beginPath()
    pen.arc(0, 0, 14, 0, Math.PI * 2)
    pen.lineWidth = 2
    pen.strokeStyle = p.unitRing
    pen.stroke()
  }
}

export function iconAtlas(p: MapPalette, ratio: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = CELL * OUTLINES.length * ratio
  canvas.height = CELL * CLASSES.length * ratio
  const pen = canvas.getContext('2d')!
  CLASSES.forEach((unitClass, row) =>
    OUTLINES.forEach((outline, column) => {
      pen.setTransform(ratio, 0, 0, ratio, (column + 0.5) * CELL * ratio, (row + 0.5) * CELL * ratio)
      drawIcon(pen, unitClass, outline, p)
    }),
  )
  return canvas
}
