/** One request for every operation that succeeds on the fixtures, and how to make each refusal that is an operation's own. */
import type { InjectOptions } from 'fastify';

export interface Fixtures {
  /** Names of VMs: one stopped, one running. */
  readonly vm: string;
  readonly running: string;
  /** One with a board. */
  readonly boarded: string;
  readonly run: string;
  readonly session: string;
  /** Not in use, and in use. */
  readonly image: string;
  readonly usedImage: string;
}

type Make = (fixtures: Fixtures) => InjectOptions;
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

function request(method: Method, url: string, payload?: object): InjectOptions {
  return { method, url, ...(payload === undefined ? {} : { payload }) };
}

const PC = '0x6030000000100040';
const vcpu = (vm: string) => `/v1/vms/${vm}/vcpus/0`;
const at = (vm: string, address: string, more = '') => `/v1/vms/${vm}/memory?address=${address}${more}`;

/** Requests on a VM, so that the same can be asked of a running one and of none. */
const ON_VM: Readonly<Record<string, (vm: string) => InjectOptions>> = {
  getVm: (vm) => request('GET', `/v1/vms/${vm}`),
  changeVm: (vm) => request('PATCH', `/v1/vms/${vm}`, { labels: { a: 'b' } }),
  deleteVm: (vm) => request('DELETE', `/v1/vms/${vm}`),
  pauseVm: (vm) => request('POST', `/v1/vms/${vm}/pause`),
  getDigest: (vm) => request('GET', `/v1/vms/${vm}/digest`),
  resetVm: (vm) => request('POST', `/v1/vms/${vm}/reset`),
  listVcpus: (vm) => request('GET', `/v1/vms/${vm}/vcpus`),
  getVcpu: (vm) => request('GET', vcpu(vm)),
  initVcpu: (vm) => request('POST', `${vcpu(vm)}/init`, {}),
  getMpState: (vm) => request('GET', `${vcpu(vm)}/mp-state`),
  setMpState: (vm) => request('PUT', `${vcpu(vm)}/mp-state`, { mpState: 'KVM_MP_STATE_RUNNABLE' }),
  setVmIrqLine: (vm) => request('PUT', `/v1/vms/${vm}/irq-line`, { irq: 0, level: false }),
  setIrqLine: (vm) => request('PUT', `${vcpu(vm)}/irq-line`, { level: false }),
  translateAddress: (vm) => request('GET', `${vcpu(vm)}/translation?address=0x40000000`),
  getGuestDebug: (vm) => request('GET', `${vcpu(vm)}/guest-debug`),
  setGuestDebug: (vm) => request('PUT', `${vcpu(vm)}/guest-debug`, { control: 1 }),
  clearGuestDebug: (vm) => request('DELETE', `${vcpu(vm)}/guest-debug`),
  explainGuestDebug: (vm) => request('POST', `${vcpu(vm)}/guest-debug/explain`, { control: 1 }),
  getRegisters: (vm) => request('GET', `${vcpu(vm)}/registers?names=pc`),
  setRegisters: (vm) => request('PATCH', `${vcpu(vm)}/registers`, { x0: 1 }),
  listRegisterIds: (vm) => request('GET', `${vcpu(vm)}/one-reg`),
  getOneReg: (vm) => request('GET', `${vcpu(vm)}/one-reg/${PC}`),
  setOneReg: (vm) => request('PUT', `${vcpu(vm)}/one-reg/${PC}`, { value: 0x4000_0000 }),
  readMemory: (vm) => request('GET', at(vm, '0x40000000', '&length=4&space=virtual')),
  writeMemory: (vm) => request('PUT', at(vm, '0x40000000', '&space=virtual'), { hex: '1f2003d5' }),
  runVm: (vm) => request('POST', `/v1/vms/${vm}/runs?wait=5`, { budget: { instructions: 1 } }),
  runVcpu: (vm) => request('POST', `${vcpu(vm)}/runs?wait=5`, { steps: 1 }),
  listRuns: (vm) => request('GET', `/v1/vms/${vm}/runs`),
  openSession: (vm) => request('POST', `/v1/vms/${vm}/sessions`, {}),
  streamVmEvents: (vm) => request('GET', `/v1/vms/${vm}/events`),
  listCapabilities: (vm) => request('GET', `/v1/capabilities?vm=${vm}`),
  checkExtension: (vm) => request('GET', `/v1/capabilities/119?vm=${vm}`),
  listSessions: (vm) => request('GET', `/v1/sessions?vm=${vm}`),
};

const OTHERS: Readonly<Record<string, Make>> = {
  readConsole: ({ boarded }) => request('GET', `/v1/vms/${boarded}/console`),
  typeConsole: ({ boarded }) => request('POST', `/v1/vms/${boarded}/console`, { text: 'a' }),
  getRoot: () => request('GET', '/v1'),
  listProblems: () => request('GET', '/v1/problems'),
  getProblem: () => request('GET', '/v1/problems/vm-not-found'),
  getLiveness: () => request('GET', '/health/live'),
  getReadiness: () => request('GET', '/health/ready'),
  listProfiles: () => request('GET', '/v1/profiles'),
  getProfile: () => request('GET', '/v1/profiles/max'),
  uploadImage: () => request('POST', '/v1/images', { kind: 'raw', words: ['d503201f', 'd503201f'] }),
  listImages: () => request('GET', '/v1/images'),
  getImage: ({ image }) => request('GET', `/v1/images/${image}`),
  deleteImage: ({ image }) => request('DELETE', `/v1/images/${image}`),
  listSymbols: ({ image }) => request('GET', `/v1/images/${image}/symbols`),
  createVm: () => request('POST', '/v1/vms', { memory: { size: 4096 } }),
  listVms: () => request('GET', '/v1/vms'),
  getRun: ({ run }) => request('GET', `/v1/runs/${run}`),
  streamEvents: () => request('GET', '/v1/events'),
  streamSessionEvents: ({ session }) => request('GET', `/v1/sessions/${session}/events`),
  getSession: ({ session }) => request('GET', `/v1/sessions/${session}`),
  changeSession: ({ session }) => request('PATCH', `/v1/sessions/${session}`, { name: 'n' }),
  listExits: ({ session }) => request('GET', `/v1/sessions/${session}/exits`),
  listTimeline: ({ session }) => request('GET', `/v1/sessions/${session}/timeline`),
};

/** The request of an operation that succeeds. */
export function good(operationId: string, fixtures: Fixtures): InjectOptions | undefined {
  return ON_VM[operationId]?.(fixtures.vm) ?? OTHERS[operationId]?.(fixtures);
}

/** The same with the running VM, or with a VM that is not there. */
export function onVm(operationId: string, vm: string): InjectOptions | undefined {
  return ON_VM[operationId]?.(vm);
}

/** What is not there, for operations on other things than VMs. */
const NOBODY: Fixtures = {
  vm: 'nobody',
  running: 'nobody',
  boarded: 'nobody',
  run: 'run_0',
  session: 'ses_0',
  image: 'img_0',
  usedImage: 'img_0',
};
export function missing(operationId: string): InjectOptions | undefined {
  return SPECIAL[`${operationId} 404`]?.(NOBODY) ?? good(operationId, NOBODY);
}

/** Refusals and successes that need a request of their own, by operation and status. */
export const SPECIAL: Readonly<Record<string, Make>> = {
  'readConsole 409': ({ vm }) => request('GET', `/v1/vms/${vm}/console`),
  'typeConsole 409': ({ vm }) => request('POST', `/v1/vms/${vm}/console`, { text: 'a' }),
  'typeConsole 422': ({ boarded }) => ({
    ...request('POST', `/v1/vms/${boarded}/console`),
    headers: { 'content-type': 'application/octet-stream' },
    payload: Buffer.alloc(20),
  }),
  'getProblem 404': () => request('GET', '/v1/problems/none'),
  'getProfile 404': () => request('GET', '/v1/profiles/none'),
  'createVm 404': () => request('POST', '/v1/vms', { image: 'img_0' }),
  'createVm 409': ({ vm }) => request('POST', '/v1/vms', { name: vm }),
  'createVm 422': () => request('POST', '/v1/vms', { profile: 'pentium' }),
  'changeVm 409': ({ vm, running }) => request('PATCH', `/v1/vms/${vm}`, { name: running }),
  'changeVm 422': ({ vm }) => request('PATCH', `/v1/vms/${vm}`, { name: '-' }),
  'uploadImage 409': () => request('POST', '/v1/images', { kind: 'initrd', words: ['14000000'] }),
  'uploadImage 422': () => request('POST', '/v1/images', { kind: 'elf', words: ['deadbeef'] }),
  'deleteImage 409': ({ usedImage }) => request('DELETE', `/v1/images/${usedImage}`),
  'initVcpu 422': ({ vm }) => request('POST', `${vcpu(vm)}/init`, { features: ['turbo'] }),
  // A shared peripheral interrupt without a controller; the CPU's own line of a VM that has one.
  'setVmIrqLine 422': ({ vm }) => request('PUT', `/v1/vms/${vm}/irq-line`, { irq: 0x0100_0020, level: true }),
  'setIrqLine 422': ({ boarded }) => request('PUT', `${vcpu(boarded)}/irq-line`, { level: true }),
  'setGuestDebug 422': ({ vm }) => request('PUT', `${vcpu(vm)}/guest-debug`, { control: '0x80000000' }),
  'getRegisters 422': ({ vm }) => request('GET', `${vcpu(vm)}/registers?names=x0,x1,x2`),
  'setRegisters 422': ({ vm }) => request('PATCH', `${vcpu(vm)}/registers`, { x0: 1, x1: 1, x2: 1 }),
  'getOneReg 422': ({ vm }) => request('GET', `${vcpu(vm)}/one-reg/0x0`),
  'setOneReg 422': ({ vm }) =>
    request('PUT', `${vcpu(vm)}/one-reg/${PC.replace('603', '602')}`, { value: 1 }),
  'readMemory 206': ({ vm }) => ({
    ...request('GET', at(vm, '0x40000000', '&length=8')),
    headers: { accept: 'application/octet-stream', range: 'bytes=0-3' },
  }),
  'readMemory 413': ({ vm }) => request('GET', at(vm, '0x40000000', '&length=99999')),
  'readMemory 416': ({ vm }) => ({
    ...request('GET', at(vm, '0x40000000', '&length=8')),
    headers: { accept: 'application/octet-stream', range: 'bytes=8-' },
  }),
  'readMemory 422': ({ vm }) => request('GET', at(vm, '0x0', '&length=8')),
  'writeMemory 422': ({ vm }) => request('PUT', at(vm, '0x0'), { hex: '00' }),
  'runVm 202': ({ vm }) => request('POST', `/v1/vms/${vm}/runs`, {}),
  'runVm 422': ({ vm }) => request('POST', `/v1/vms/${vm}/runs`, { steps: 1 }),
  'runVcpu 202': ({ vm }) => request('POST', `${vcpu(vm)}/runs`, {}),
  'runVcpu 422': ({ vm }) =>
    request('POST', `${vcpu(vm)}/runs`, { collect: [{ kind: 'registers', vcpu: 9 }] }),
  'openSession 422': ({ vm }) => request('POST', `/v1/vms/${vm}/sessions`, { name: 'x'.repeat(100) }),
  'changeSession 422': ({ session }) =>
    request('PATCH', `/v1/sessions/${session}`, { name: 'x'.repeat(100) }),
};
