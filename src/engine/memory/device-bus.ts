/** What the slow path needs of the devices that answer at addresses without RAM. Bytes are in the scratch area. */
export interface DeviceBus {
  /** True when one device answers all of the bytes. */
  answers(address: number, bytes: number): boolean;
  load(address: number, bytes: number): void;
  store(address: number, bytes: number): void;
}
