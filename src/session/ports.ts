/** What the session floor needs from below the waterline: implemented by `store`. */
import type { EventRows } from './event-rows.ts';
import type {
  ExitRecord,
  ImageView,
  RunView,
  SessionView,
  TimelineEvent,
  ImageId,
  RunId,
  SessionId,
  VmId,
  EventKind,
} from './types.ts';

export interface EventQuery {
  readonly session?: SessionId;
  readonly vm?: VmId;
  readonly run?: RunId;
  readonly kinds?: readonly EventKind[];
  readonly vcpu?: number;
  readonly exitReason?: string;
  readonly cause?: string;
  readonly slot?: number;
  readonly pcFrom?: bigint;
  readonly pcTo?: bigint;
  /** Only events with a greater sequence. */
  readonly after: number;
  readonly limit: number;
  readonly order?: 'ascending' | 'descending';
}

/** What changes together with the events that tell of it. */
export interface HistoryChanges {
  readonly runs?: readonly RunView[];
  readonly endedSessions?: readonly { readonly id: SessionId; readonly at: Date; readonly reason: string }[];
}

export interface HistoryPort {
  /** Greatest sequence ever stored; 0 when none. */
  lastSequence(): Promise<number>;
  /**
   * Store events in one transaction, numbered on from `first`, and in the same transaction the runs as they are then
   * (replacing what was stored of them) and the ends of sessions. The numbers are new. All or nothing.
   */
  append(first: number, rows: readonly EventRows[], changes?: HistoryChanges): Promise<void>;
  events(query: EventQuery): Promise<readonly TimelineEvent[]>;
  /**
   * What retention has left of a scope: 0 when it lost nothing, else the sequence after its newest lost event. A
   * reader at cursor `c` missed something, and must resync, when `c + 1` is below it.
   */
  oldestSequence(scope: { session?: SessionId; vm?: VmId }): Promise<number>;
  /** Drop the oldest events beyond `keep`; returns how many went. */
  trim(keep: number): Promise<number>;

  openSession(session: SessionView): Promise<void>;
  updateSession(
    id: SessionId,
    change: { name?: string | null; labels?: Readonly<Record<string, string>> },
  ): Promise<SessionView | null>;
  session(id: SessionId): Promise<SessionView | null>;
  sessions(query: {
    vm?: VmId;
    state?: 'open' | 'ended';
    after?: SessionId;
    limit: number;
  }): Promise<readonly SessionView[]>;

  run(id: RunId): Promise<RunView | null>;
  runs(query: { vm?: VmId; session?: SessionId; after?: RunId; limit: number }): Promise<readonly RunView[]>;

  /** At start: everything still open or running belongs to a service that died; end it. */
  recover(at: Date): Promise<{ sessions: number; runs: number }>;
}

export interface ImagePort {
  /** Content-addressed: putting the same bytes again gives the stored image. */
  put(image: ImageView, bytes: Uint8Array): Promise<ImageView>;
  image(id: ImageId): Promise<ImageView | null>;
  bytes(id: ImageId): Promise<Uint8Array | null>;
  images(query: { after?: ImageId; limit: number }): Promise<readonly ImageView[]>;
  delete(id: ImageId): Promise<boolean>;
}

/** A stored response of a POST with an Idempotency-Key. */
export interface StoredResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
export interface IdempotencyPort {
  /**
   * Claim a key for a request (method, path and a hash of the body). `new`: do it, then `complete`; `replay`: answer
   * with the stored response; `mismatch`: the key belongs to another request; `busy`: the first one is still running.
   */
  claim(
    key: string,
    fingerprint: string,
    at: Date,
  ): Promise<
    { kind: 'new' } | { kind: 'replay'; response: StoredResponse } | { kind: 'mismatch' } | { kind: 'busy' }
  >;
  complete(key: string, response: StoredResponse): Promise<void>;
  /** The request failed in a way that may be tried again: forget the claim. */
  release(key: string): Promise<void>;
  /** Forget claims older than this; claims without a response left by a service that died go too. */
  expire(before: Date): Promise<void>;
}

export interface Ports {
  readonly history: HistoryPort;
  readonly images: ImagePort;
  readonly idempotency: IdempotencyPort;
  close(): Promise<void> /** True when the database answers. */;
  healthy(): Promise<boolean>;
}
export type { ExitRecord };
