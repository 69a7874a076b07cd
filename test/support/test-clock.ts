/** The clock that a test moves. */
export { type MovedClock as TestClock, openMovedClock as openTestClock, settled } from '#core/moved-clock.ts'
