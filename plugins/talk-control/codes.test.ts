import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import { mistakesIn, readCode } from './codes.ts'
import { Settings } from './settings.ts'

const settings = Value.Default(Settings, {}) as Settings
const read = (typed: string, codes = settings.codes) => readCode(typed, 'together', codes)

test('a code is known from its keys alone, with a number from the hash after it', () => {
  for (const begun of ['*', '*2', '*2102', '#', '##', '##1']) assert.deepEqual(read(begun), { is: 'begun' })
  assert.deepEqual(read('*2102#'), { is: 'warm', number: '102' })
  assert.deepEqual(read('##102#'), { is: 'blind', number: '102' })
  for (const [code, is] of [
    ['*3', 'conference'],
    ['*4', 'hold'],
    ['*5', 'park'],
    ['*8', 'driver'],
    ['*0', 'back'],
  ])
    assert.deepEqual(read(code ?? ''), { is })
})

test('who consults completes with the code alone', () => {
  for (const state of ['asking', 'consulting', 'swapped'] as const)
    assert.deepEqual(readCode('*2', state, settings.codes), { is: 'complete' })
  assert.deepEqual(readCode('*2', 'held', settings.codes), { is: 'begun' })
})

test('keys that begin no code are none of ours, and a code that is none is wrong', () => {
  for (const key of '0123456789') assert.deepEqual(read(key), { is: 'no code' })
  for (const wrong of ['*9', '#1', '*2#', '###', '*21*', `*2${'1'.repeat(16)}`])
    assert.deepEqual(read(wrong), { is: 'wrong' })
})

test('a code can be changed, and switched off', () => {
  const codes = { ...settings.codes, hold: '#4', park: '' }
  assert.deepEqual(read('#4', codes), { is: 'hold' })
  assert.deepEqual(read('*4', codes), { is: 'wrong' })
  assert.deepEqual(read('*5', codes), { is: 'wrong' })
})

test('codes that begin another, or are the same, are mistakes in the settings', () => {
  assert.deepEqual(mistakesIn(settings), [])
  const codes = { ...settings.codes, hold: '*51', park: '*5', back: '', driver: '' }
  assert.deepEqual(mistakesIn({ ...settings, codes }), ['The code *5 of park begins the code *51 of hold.'])
})
