/**
 * A client of the HTTP API: `fetch`, JSON, and problem documents as errors. The types name what the commands here
 * read; the whole contract is openapi/openapi.json.
 */

/** RFC 9457 problem document. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** For calls with the shape of an ioctl. */
  readonly errno?: string;
}

export interface Exit {
  readonly sequence: number;
  readonly vcpu: number;
  /** Name of kvm_run.exit_reason; null when KVM_RUN failed without one. */
  readonly reason: string | null;
  readonly errno: string | null;
  readonly debug?: {
    readonly hsr: string;
    readonly hsrHigh: string;
    readonly far: string;
    readonly flags: string;
  };
  readonly mmio?: {
    readonly physAddr: string;
    readonly data: string;
    readonly len: number;
    readonly isWrite: boolean;
  };
  readonly systemEvent?: { readonly type: string };
  readonly pc: string;
  readonly pstate: string;
  /** What real KVM would not report. */
  readonly explanation: {
    readonly summary: string;
    readonly exceptionClass: { readonly value: number; readonly name: string } | null;
    /** The symbol that holds pc. */
    readonly symbol: string | null;
    readonly access: { readonly address: string; readonly symbol: string | null } | null;
  };
}

export interface Run {
  readonly id: string;
  readonly state: 'running' | 'ended';
  readonly end: {
    readonly reason: string;
    readonly errno?: string;
    readonly detail?: string;
    readonly code?: number;
  } | null;
  readonly exit: Exit | null;
  readonly instructions: number;
  readonly stepsDone: number;
  readonly collected: readonly {
    readonly kind: 'registers' | 'memory';
    readonly values?: Readonly<Record<string, string>>;
    readonly base64?: string | null;
  }[];
}

export interface Vm {
  readonly id: string;
  readonly session: string;
  readonly sequence: number;
  readonly runState: string;
  readonly vcpus: readonly {
    readonly index: number;
    readonly runState: string;
    readonly lastExit: Exit | null;
  }[];
}

export interface Image {
  readonly id: string;
  readonly entry: string | null;
  readonly symbols: number;
}

export interface SymbolEntry {
  readonly name: string;
  readonly address: string;
  readonly size: number;
  readonly type: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** The service refused: its problem document says whose fault it is and what to do. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: Problem;
  constructor(method: string, path: string, problem: Problem) {
    super(`${method} ${path}: ${problem.status} ${problem.code}: ${problem.detail}`);
    this.problem = problem;
  }
}

/** Nobody answered at the service's address, or the connection broke. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
  constructor(base: string, cause: unknown) {
    const reason =
      cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    super(`no answer from ${base}: ${reason}`, { cause });
  }
}

export type Body = { readonly json: unknown } | { readonly bytes: Uint8Array };

export class Client {
  readonly base: string;

  /** `base` is the service's address, e.g. `http://127.0.0.1:8080`. */
  constructor(base: string) {
    this.base = base.replace(/\/+$/, '');
  }

  /** Any request; a status of 400 and above is an `ApiError`. */
  async send(
    method: string,
    path: string,
    body?: Body,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const type =
      body === undefined ? undefined : 'json' in body ? 'application/json' : 'application/octet-stream';
    const request = {
      method,
      headers: { ...(type === undefined ? {} : { 'content-type': type }), ...headers },
      ...(body === undefined ? {} : { body: 'json' in body ? JSON.stringify(body.json) : body.bytes }),
    };
    const response = await fetch(this.base + path, request).catch((error: unknown) => {
      throw new UnreachableError(this.base, error);
    });
    if (response.status >= 400) throw new ApiError(method, path, await readProblem(response));
    return response;
  }

  async get<T>(path: string): Promise<T> {
    return (await this.send('GET', path)).json() as Promise<T>;
  }
  async post<T>(path: string, json?: unknown): Promise<T> {
    return (await this.send('POST', path, json === undefined ? undefined : { json })).json() as Promise<T>;
  }
  async put<T>(path: string, json: unknown): Promise<T> {
    return (await this.send('PUT', path, { json })).json() as Promise<T>;
  }
  async patch<T>(path: string, json: unknown): Promise<T> {
    return (await this.send('PATCH', path, { json })).json() as Promise<T>;
  }
  /** A request whose answer is of no interest; it is read all the same, so that the connection can be used again. */
  async command(method: string, path: string, body?: Body): Promise<void> {
    await (await this.send(method, path, body)).arrayBuffer();
  }
  async bytes(path: string): Promise<Uint8Array> {
    const response = await this.send('GET', path, undefined, { accept: 'application/octet-stream' });
    return new Uint8Array(await response.arrayBuffer());
  }

  /** Starts a run of one vcpu, or of all, and waits until it has ended. */
  async run(vm: string, vcpu: number | null, spec: unknown): Promise<Run> {
    const path = vcpu === null ? `/v1/vms/${vm}/runs` : `/v1/vms/${vm}/vcpus/${vcpu}/runs`;
    let run = await this.post<Run>(`${path}?wait=${WAIT_SECONDS}`, spec);
    while (run.state === 'running') run = await this.get<Run>(`/v1/runs/${run.id}?wait=${WAIT_SECONDS}`);
    return run;
  }
}

/** One wait; a run that lasts longer is asked for again. */
const WAIT_SECONDS = 30;

async function readProblem(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    const problem = JSON.parse(text) as Partial<Problem>;
    if (typeof problem.code === 'string') return problem as Problem;
  } catch {
    // Not JSON: something between us and the service has answered.
  }
  return { status: response.status, code: 'unknown', title: response.statusText, detail: text.slice(0, 200) };
}
