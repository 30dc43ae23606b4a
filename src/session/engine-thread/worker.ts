/** The entry of an engine thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../base/assert.ts';
import { createVm } from '../../kvm/vm.ts';
import { EngineHost } from './engine-host.ts';
import type { Endpoint } from './protocol.ts';
import type { WorkerData } from './spawn.ts';
import { warmUp } from './warm-up.ts';

assert(parentPort !== null, 'started as a worker thread');
const { window } = workerData as WorkerData;
warmUp();
new EngineHost(parentPort as Endpoint, { createVm, window, now: () => Date.now() });
