/** Runs: KVM_RUN of one vcpu or of all, waited for as long as the client likes. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { RunView } from '../../session/types.ts';
import type { Api, App } from '../app-type.ts';
import { IdempotencyHeaders, LOCATION } from '../etag.ts';
import { preferWait } from '../headers.ts';
import { ok, responses } from '../responses.ts';
import { pageAfter, PageLimit, page, ref, toPage, VcpuParams, VmParams } from '../wire/common.ts';
import { Run, RunInput, runFromWire, runToWire } from '../wire/run.ts';

const tags = ['runs'];

const WaitQuery = Type.Object(
  {
    wait: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1_000_000,
        description:
          'Seconds to wait for the end; longer than the limit waitMilliseconds is cut. Time out is no error: ask again.',
      }),
    ),
  },
  { additionalProperties: false },
);
const StartHeaders = Type.Object({
  ...IdempotencyHeaders.properties,
  prefer: Type.Optional(
    Type.String({ maxLength: 1000, description: 'wait=SECONDS, the same as ?wait=', examples: ['wait=10'] }),
  ),
});

/** Aborted when the client goes away before it has its answer. */
export function disconnected(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

async function waitFor(
  api: Api,
  view: RunView,
  seconds: number | undefined,
  reply: FastifyReply,
): Promise<RunView> {
  if (view.state === 'ended' || seconds === undefined || seconds === 0) return view;
  const milliseconds = Math.min(Math.round(seconds * 1000), api.limits.waitMilliseconds);
  return api.service.waitRun(view.id, milliseconds, disconnected(reply));
}

const STARTED = {
  200: ok('It has ended within the wait.', ref(Run), LOCATION),
  202: ok('It is running. Wait again with GET at Location.', ref(Run), LOCATION),
};
const START_PROBLEMS = [
  'vm-not-found',
  'vcpu-not-initialized',
  'mmio-not-pending',
  'run-spec-invalid',
  'limit-exceeded',
  'register-unknown',
  'history-unavailable',
] as const;

export function runRoutes(app: App, api: Api): void {
  const start = async (
    request: FastifyRequest<{ Body: RunInput; Querystring: { wait?: number } }>,
    reply: FastifyReply,
    vm: string,
    vcpu: number | null,
  ): Promise<Run> => {
    const preferred = preferWait(request.headers['prefer']);
    const started = await api.service.startRun(vm, vcpu, runFromWire(request.body));
    const view = await waitFor(api, started, request.query.wait ?? preferred, reply);
    reply.code(view.state === 'ended' ? 200 : 202).header('location', `/v1/runs/${view.id}`);
    if (request.query.wait === undefined && preferred !== undefined)
      reply.header('preference-applied', `wait=${preferred}`);
    return runToWire(view);
  };

  app.post(
    '/v1/vms/:vm/runs',
    {
      config: { idempotent: true },
      schema: {
        operationId: 'runVm',
        summary: 'Run all vcpus',
        description:
          "Until the first exit that is the client's business, the end of a budget, or a pause. The vcpus take turns of 20,000 instructions in order " +
          'of their number, so the same runs interleave them the same way each time; where a run stops, a turn ends. An instruction budget counts over all vcpus together; ' +
          'when it is less than a turn for each, turns are shorter: an equal share.',
        tags,
        params: VmParams,
        querystring: WaitQuery,
        headers: StartHeaders,
        body: ref(RunInput),
        response: responses(STARTED, [...START_PROBLEMS, 'vm-running'], { body: true, idempotent: true }),
      },
    },
    async (request, reply) => start(request, reply, request.params.vm, null),
  );

  app.post(
    '/v1/vms/:vm/vcpus/:n/runs',
    {
      config: { idempotent: true },
      schema: {
        operationId: 'runVcpu',
        summary: 'KVM_RUN of one vcpu',
        tags,
        params: VcpuParams,
        querystring: WaitQuery,
        headers: StartHeaders,
        body: ref(RunInput),
        response: responses(STARTED, [...START_PROBLEMS, 'vcpu-not-found', 'vcpu-running', 'vm-running'], {
          body: true,
          idempotent: true,
        }),
      },
    },
    async (request, reply) => start(request, reply, request.params.vm, request.params.n),
  );

  app.get(
    '/v1/vms/:vm/runs',
    {
      schema: {
        operationId: 'listRuns',
        summary: 'List the runs of a VM',
        tags,
        params: VmParams,
        querystring: Type.Object(
          { limit: PageLimit, after: pageAfter('run') },
          { additionalProperties: false },
        ),
        response: responses(
          { 200: ok('One page of runs, oldest first.', page(ref(Run), 'Runs.')) },
          ['vm-not-found'],
          { history: true },
        ),
      },
    },
    async (request) => {
      const { limit = 100, after } = request.query;
      const found = await api.service.runs({
        vm: request.params.vm,
        limit: limit + 1,
        ...(after === undefined ? {} : { after }),
      });
      return toPage(found, limit, runToWire, (run) => run.id);
    },
  );

  app.get(
    '/v1/runs/:run',
    {
      schema: {
        operationId: 'getRun',
        summary: 'Look at a run, or wait for its end',
        description:
          'Readable after the run has ended and after its VM is gone. `state` tells whether the wait was long enough.',
        tags,
        params: Type.Object({ run: Type.String({ minLength: 1, maxLength: 64 }) }),
        querystring: WaitQuery,
        response: responses({ 200: ok('The run as it is now.', ref(Run)) }, ['run-not-found']),
      },
    },
    async (request, reply) => {
      const view = await api.service.run(request.params.run);
      return runToWire(await waitFor(api, view, request.query.wait, reply));
    },
  );
}
