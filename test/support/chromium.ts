/** A real browser, without a window. */
import { type Browser, chromium } from 'playwright-core'
import { chromiumPath } from './needs.ts'

/** Playwright's browser over the machine's own Chromium; end it with `close()` or `await using`. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = chromiumPath()
  if (!executablePath) throw new Error('Chromium is not installed: install the package chromium')
  // Its sandbox needs rights that root and containers do not have; only our own pages are shown.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}
