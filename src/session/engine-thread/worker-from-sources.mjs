// Starts the worker from its TypeScript sources, for tests: a loader given with `--import` does not reach workers.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
