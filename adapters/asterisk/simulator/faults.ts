/** A request as the faults see it. */
export interface SeenRequest {
  method: string
  /** Without the query: `channels/ID/answer`. */
  path: string
}

interface Rule {
  method?: string
  path?: RegExp
  /** How many requests it meets; all of them when left out. */
  times?: number
}

/** How the exchange misbehaves, on demand. Each rule wears off after its `times`. */
export interface Faults {
  delay(rule: Rule & { milliseconds: number }): void
  refuse(rule: Rule & { status: number; message?: string }): void
  /** The request is done, the answer never comes. */
  swallowAnswer(rule: Rule): void
  loseEvents(rule: { type: string; times?: number }): void
  clear(): void

  delayOf(request: SeenRequest): number
  refusalOf(request: SeenRequest): { status: number; message: string } | undefined
  swallows(request: SeenRequest): boolean
  loses(type: string): boolean
}

export function openFaults(): Faults {
  const delays: (Rule & { milliseconds: number })[] = []
  const refusals: (Rule & { status: number; message?: string })[] = []
  const swallowed: Rule[] = []
  const lost: { type: string; times?: number }[] = []

  return {
    delay: (rule) => void delays.push({ ...rule }),
    refuse: (rule) => void refusals.push({ ...rule }),
    swallowAnswer: (rule) => void swallowed.push({ ...rule }),
    loseEvents: (rule) => void lost.push({ ...rule }),
    clear() {
      for (const rules of [delays, refusals, swallowed, lost]) rules.length = 0
    },

    delayOf: (request) => take(delays, (rule) => meets(rule, request))?.milliseconds ?? 0,
    refusalOf(request) {
      const rule = take(refusals, (one) => meets(one, request))
      return rule && { status: rule.status, message: rule.message ?? 'Refused on demand' }
    },
    swallows: (request) => take(swallowed, (rule) => meets(rule, request)) !== undefined,
    loses: (type) => take(lost, (rule) => rule.type === type) !== undefined,
  }
}

function meets(rule: Rule, { method, path }: SeenRequest): boolean {
  return (
    (rule.method === undefined || rule.method === method) && (rule.path === undefined || rule.path.test(path))
  )
}

function take<One extends { times?: number }>(rules: One[], fits: (rule: One) => boolean): One | undefined {
  const rule = rules.find(fits)
  if (rule?.times !== undefined && --rule.times <= 0) rules.splice(rules.indexOf(rule), 1)
  return rule
}
