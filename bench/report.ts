import type { Subject as Name } from './numbers.ts'
import { subjects } from './numbers.ts'
import type { Spread } from './spread.ts'
import type { Steady } from './steady.ts'

export interface Figures {
  callsPerSecond: number
  ringToAnswerMs: Spread
  /** Of the Node program; of Asterisk for the plain dialplan. */
  cpuMsPerCall: number
  asteriskCpuMsPerCall: number
  /** Calls that failed at a rate every subject must carry. */
  failedCalls: number
}

export interface CallbusFigures extends Figures {
  ringToDecisionMs: Spread
  memoryMiB: number
  growthMiB: number
  heapGrowthMiB: number
}

export type Report = Record<Exclude<Name, 'callbus'>, Figures> & { callbus: CallbusFigures }

interface Goal {
  says: string
  isMet: boolean
  found: string
}

/** Mebibytes that come and go by themselves between two looks at the same process. */
const noise = 8

function goalsOf({ ariClient, bareAri, callbus }: Report): Goal[] {
  const ratio = (says: string, value: number, isMet: boolean): Goal => ({
    says,
    isMet,
    found: `× ${round(value)}`,
  })
  const toBare = callbus.callsPerSecond / bareAri.callsPerSecond
  const toClient = callbus.callsPerSecond / ariClient.callsPerSecond
  const cpu = callbus.cpuMsPerCall / ariClient.cpuMsPerCall
  const above = callbus.ringToAnswerMs.p50 - bareAri.ringToAnswerMs.p50
  const worst = callbus.ringToAnswerMs.p99 / ariClient.ringToAnswerMs.p99
  return [
    ratio('calls per second at least 0.9 × the bare program', toBare, toBare >= 0.9),
    ratio('calls per second at least 1.2 × ari-client', toClient, toClient >= 1.2),
    ratio('CPU of Node per call at most 0.6 × ari-client', cpu, cpu <= 0.6),
    {
      says: 'ring to answer, median less than 5 ms above the bare program',
      isMet: above < 5,
      found: `+ ${round(above)} ms`,
    },
    ratio('ring to answer, p99 at most 0.5 × ari-client', worst, worst <= 0.5),
    {
      says: `no growth of memory (${noise} MiB come and go)`,
      isMet: callbus.growthMiB < noise,
      found: `${round(callbus.growthMiB)} MiB`,
    },
  ]
}

export function toTable(report: Report): string {
  const { ariClient, bareAri, callbus, dialplan } = report
  const rows: [string, (figures: Figures) => number][] = [
    ['calls/s sustained', (of) => of.callsPerSecond],
    ['ring to answer p50, ms', (of) => of.ringToAnswerMs.p50],
    ['ring to answer p99, ms', (of) => of.ringToAnswerMs.p99],
    ['CPU per call, ms', (of) => of.cpuMsPerCall],
    ['CPU of Asterisk per call, ms', (of) => of.asteriskCpuMsPerCall],
  ]
  const head = ['', ...subjects, 'callbus ÷ dialplan', 'callbus ÷ ariClient']
  const body = rows.map(([name, of]) => [
    name,
    ...[dialplan, ariClient, bareAri, callbus].map((figures) => round(of(figures))),
    round(of(callbus) / of(dialplan)),
    round(of(callbus) / of(ariClient)),
  ])
  const { growthMiB, heapGrowthMiB, memoryMiB, ringToDecisionMs } = callbus
  return [
    aligned([head, ...body]),
    'CPU per call is of the Node program; for the plain dialplan it is Asterisk’s.',
    '',
    `Callbus, ring to decision: p50 ${round(ringToDecisionMs.p50)} ms, p99 ${round(ringToDecisionMs.p99)} ms`,
    `Callbus, memory with parallel calls: ${round(memoryMiB)} MiB; growth after many calls: ${round(growthMiB)} MiB, of the heap ${round(heapGrowthMiB)} MiB`,
    '',
    ...goalsOf(report).map(({ found, isMet, says }) => `${isMet ? 'met    ' : 'NOT met'}  ${says}: ${found}`),
  ].join('\n')
}

export function toSteadyTable(steady: ReadonlyMap<Name, Steady>): string {
  const head = ['', 'p50, ms', 'p99, ms', 'CPU per call, ms', 'failed']
  const body = [...steady].map(([name, { cpuMsPerCall, failed, ringToAnswerMs }]) => [
    name,
    ...[ringToAnswerMs.p50, ringToAnswerMs.p99, cpuMsPerCall, failed].map(round),
  ])
  return aligned([head, ...body])
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2)
}

function aligned(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  '),
    )
    .join('\n')
}
