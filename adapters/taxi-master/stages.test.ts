import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type StageRules, toStage } from './stages.ts'

const plain: StageRules = { overrides: {} }

describe('the stage of an order', () => {
  test('is guessed from the factory ids alone', () => {
    const stages = [1, 3, 7, 10, 11, 12, 4, 6].map((id) => toStage({ id }, plain))
    assert.deepEqual(stages, [
      'new',
      'searching',
      'assigned',
      'arrived',
      'client_in_car',
      'no_show',
      'done',
      'cancelled_company',
    ])
  })

  test('is not guessed from a factory id that the site gave another type', () => {
    assert.equal(toStage({ id: 10, type: 'aborted' }, plain), 'cancelled_company')
  })

  test('of the site’s own states follows the order’s kind, then the type', () => {
    assert.equal(toStage({ id: 51, type: 'in_work', kind: 'car_at_place' }, plain), 'arrived')
    assert.equal(toStage({ id: 51, type: 'in_work' }, plain), 'assigned')
    assert.equal(toStage({ id: 51 }, plain), 'searching')
  })

  test('is what the site says, before every guess', () => {
    const own: StageRules = { overrides: { 24: 'driver_on_way', 10: 'assigned' } }
    assert.equal(
      toStage({ id: 24, type: 'in_work', kind: 'driver_assigned', confirmed: 'not_confirmed' }, own),
      'driver_on_way',
    )
    assert.equal(toStage({ id: 10, type: 'in_work' }, own), 'assigned')
  })

  test('is searching while the driver has not agreed', () => {
    const offered = { id: 7, type: 'in_work', kind: 'driver_assigned' }
    assert.equal(toStage({ ...offered, confirmed: 'not_confirmed' }, plain), 'searching')
    assert.equal(toStage({ ...offered, confirmed: 'confirmed_by_oper' }, plain), 'assigned')
  })

  test('of the cancel state is cancelled by the client', () => {
    assert.equal(toStage({ id: 5, type: 'aborted' }, { overrides: {}, cancelState: 5 }), 'cancelled_client')
  })
})
