/** The pages that are there for whoever is signed in, in their order. */
import { computed } from '@preact/signals'
import { hasTariffs } from './tariffs.ts'
import { type View, view, views } from './view.ts'
import { hasDesk, hasFloor } from './work.ts'

const isThere: Record<View, () => boolean> = {
  calls: () => true,
  desk: () => hasDesk.value,
  floor: () => hasFloor.value,
  tariffs: () => hasTariffs.value,
}

export const viewsThere = computed(() => views.filter((name) => isThere[name]()))

export const viewShown = computed(() => (isThere[view.value]() ? view.value : 'calls'))
