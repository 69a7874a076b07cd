/** Phones are shown as people read them and copied as they are stored. */
import { me } from './board.ts'
import { phone } from './format.ts'

export function shownPhone(number: string): string {
  const viewer = me.value
  return phone(number, typeof viewer === 'string' ? '' : viewer.site.country)
}

export function copyPhonesAsStored(): void {
  document.addEventListener('copy', (event) => {
    const selection = document.getSelection()
    const selected = selection?.toString() ?? ''
    if (!selection || selected === '' || event.target instanceof HTMLInputElement) return

    let copied = selected
    for (const shown of document.querySelectorAll<HTMLElement>('[data-phone]')) {
      const { phone: stored } = shown.dataset
      if (stored && selection.containsNode(shown, true)) copied = copied.replaceAll(shown.textContent, stored)
    }
    if (copied === selected) return
    event.clipboardData?.setData('text/plain', copied)
    event.preventDefault()
  })
}
