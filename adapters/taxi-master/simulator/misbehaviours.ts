/** Illnesses by name, for whoever wants to see how his own program bears them. */
import type { Clock } from '#core/clock.ts'
import type { TaxiMasterSimulator } from './simulator.ts'

interface Patient {
  simulator: TaxiMasterSimulator
  clock: Clock
  signal: AbortSignal
}

interface Misbehaviour {
  about: string
  begin(patient: Patient): Promise<void> | void
}

const minute = 60_000

export const misbehaviours: Record<string, Misbehaviour> = {
  slow: {
    about: 'answers after 3 s',
    begin: ({ simulator }) => void simulator.misbehave({ delay: 3_000 }),
  },
  silent: {
    about: 'takes requests and never answers',
    begin: ({ simulator }) => void simulator.misbehave({ delay: Number.POSITIVE_INFINITY }),
  },
  down: { about: 'nobody listens', begin: ({ simulator }) => simulator.goDown() },
  reset: {
    about: 'drops every connection',
    begin: ({ simulator }) => void simulator.misbehave({ reset: true }),
  },
  nonsense: {
    about: 'answers something that is neither JSON nor XML',
    begin: ({ simulator }) => void simulator.misbehave({ nonsense: 'Servlet error', status: 502 }),
  },
  broken: {
    about: 'answers code 10, an error inside',
    begin: ({ simulator }) => void simulator.misbehave({ code: 10 }),
  },
  off: {
    about: 'answers code 3, the API is switched off',
    begin: ({ simulator }) => void simulator.misbehave({ code: 3 }),
  },
  forgetful: {
    about: 'does what is asked and loses every answer',
    begin: ({ simulator }) => void simulator.misbehave({ lostAnswer: true }),
  },
  twice: {
    about: 'sends everything to its Oktell twice',
    begin: ({ simulator }) => simulator.outgoing.repeat(2),
  },
  lossy: {
    about: 'every other message to its Oktell is lost',
    begin: ({ simulator }) => simulator.outgoing.loseEvery(2),
  },
  restarts: {
    about: 'restarts every minute, loses its timers and fires some events twice',
    async begin({ simulator, clock, signal }) {
      while (!signal.aborted) {
        await clock.sleep(minute, signal).catch(() => undefined)
        if (!signal.aborted) await simulator.restart({ catchUp: true })
      }
    },
  },
}
