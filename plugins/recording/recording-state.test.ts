import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nextState, type RecordingState, recordingStates } from './recording-state.ts'

const Happenings = fc.array(fc.constantFrom('taken' as const, 'missing' as const))

test('whatever happens in whatever order, a recording that was taken once stays stored', () => {
  fc.assert(
    fc.property(Happenings, (happenings) => {
      let state: RecordingState = 'recording'
      for (const happening of happenings) {
        state = nextState(state, happening) ?? state
        assert.ok(recordingStates.includes(state))
      }
      if (happenings.length > 0) assert.equal(state, happenings.includes('taken') ? 'stored' : 'lost')
    }),
  )
})
