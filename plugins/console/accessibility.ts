/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** Checks that run inside the page; each is whole in itself, because the browser gets only its text. */

/** Texts whose colour stands out too little from what is behind them. */
export function lowContrasts(least: number): string[] {
  type Colour = readonly [red: number, green: number, blue: number, alpha: number]
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (!canvas) throw new Error('no canvas')

  const toColour = (css: string): Colour => {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = css
    canvas.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data
    return [red, green, blue, alpha / 255]
  }
  const behind = (element: Element): Colour => {
    for (let at: Element | null = element; at; at = at.parentElement) {
      const colour = toColour(getComputedStyle(at).backgroundColor)
      if (colour[3] === 1) return colour
    }
    return [255, 255, 255, 1]
  }
  const light = (colour: Colour) => {
    const [red = 0, green = 0, blue = 0] = colour.slice(0, 3).map((each) => {
      const part = each / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }

  return [...document.querySelectorAll('body *')].flatMap((element) => {
    const text = [...element.childNodes].filter(
      (node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim(),
    )
    if (!text.length || !element.checkVisibility() || element instanceof HTMLOptionElement) return []
    const [one, other] = [light(toColour(getComputedStyle(element).color)), light(behind(element))]
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
    return contrast < least ? [`${element.textContent.trim().slice(0, 40)}: ${contrast.toFixed(2)}`] : []
  })
}

/** Controls without a name for who cannot see them. */
export function namelessControls(): string[] {
  return [...document.querySelectorAll<HTMLElement>('button, input, select, a, table, aside, section')]
    .filter((control) => {
      const label = control.getAttribute('aria-label') ?? control.textContent.trim()
      const isLabelled = control.hasAttribute('aria-labelledby')
      const labels = 'labels' in control ? (control.labels as NodeList | null) : null
      return label === '' && !isLabelled && !labels?.length
    })
    .map((control) => control.outerHTML.slice(0, 80))
}

/** What is wider than its place, so that something is cut off or the page has to be moved sideways. */
export function overflowing(): string[] {
  return [document.documentElement, ...document.querySelectorAll('.sheet, .story, .top')]
    .filter((box) => box.scrollWidth > box.clientWidth)
    .map((box) => `${box.tagName} ${box.className}: ${box.scrollWidth} > ${box.clientWidth}`)
}
