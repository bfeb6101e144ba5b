/* A picture of a map. The drawing buffer is only there while a frame is drawn, so it is taken inside `render`; what stands in canvases of
its own above the map, as the units do, has been painted by then. */

import type { Map as MapLibre } from 'maplibre-gl'

/** PNG as a data address, with the attribution that stands on every map of this data. */
export function pictureOf(map: MapLibre, attribution: string): Promise<string> {
  return new Promise((done, failed) => {
    map.once('render', () => {
      try {
        const drawn = map.getCanvas()
        const whole = document.createElement('canvas')
        whole.width = drawn.width
        whole.height = drawn.height
        const pen = whole.getContext('2d')!
        for (const layer of map.getCanvasContainer().querySelectorAll('canvas')) pen.drawImage(layer, 0, 0, drawn.width, drawn.height)
        const size = Math.round((11 * drawn.width) / Math.max(1, drawn.clientWidth))
        pen.font = `${size}px "Noto Sans CJK SC", sans-serif`
        const wide = pen.measureText(attribution).width + size
        pen.fillStyle = 'rgb(255 255 255 / 75%)'
        pen.fillRect(0, whole.height - 1.7 * size, wide, 1.7 * size)
        pen.fillStyle = '#182027'
        pen.fillText(attribution, size / 2, whole.height - 0.55 * size)
        done(whole.toDataURL('image/png'))
      } catch (error) {
        failed(error as Error)
      }
    })
    map.triggerRepaint()
  })
}

/** Hands a picture to the browser's downloads. */
export function savePicture(address: string, name: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
}
