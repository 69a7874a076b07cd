import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPace } from './pace.ts'

test('looks follow quickly while orders move, and slow down to the site’s pace while they stand', () => {
  const pace = openPace({ fastest: 1000, slowest: 5000 })
  assert.equal(pace.pause(), 5000)
  pace.looked({ moved: 1, took: 10 })
  assert.equal(pace.pause(), 1000)
  const pauses = Array.from({ length: 6 }, () => {
    pace.looked({ moved: 0, took: 10 })
    return pace.pause()
  })
  assert.deepEqual(pauses, [1500, 2250, 3375, 5000, 5000, 5000])
})

test('a Taxi-Master that answers slowly is asked less often, and a failed look is not hurried', () => {
  const pace = openPace({ fastest: 1000, slowest: 5000 })
  pace.looked({ moved: 3, took: 2000 })
  assert.equal(pace.pause(), 4000)
  pace.failed()
  assert.equal(pace.pause(), 5000)
})
