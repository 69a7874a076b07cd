/** The dispatch program that Callbus asks: the simulator, in a process of its own. */
import { settingsFor } from '../../adapters/taxi-master/simulator/company.ts'
import { startTaxiMasterSimulator } from '../../adapters/taxi-master/simulator/simulator.ts'
import { answerTheBench } from './answering.ts'

answerTheBench(settingsFor(await startTaxiMasterSimulator()))
