// A device that exists only here: a thermometer with a fan, at addresses where the board has nothing.
//
//     node examples/mock-a-device/mock.mjs http://127.0.0.1:8080
//
// Each access of the guest to it is a KVM_EXIT_MMIO. A store says what was written; a load is answered with the
// `mmio` of the next run. Everything else on the board (console, timers, interrupts) is the service's.

const [base = 'http://127.0.0.1:8080'] = process.argv.slice(2);

async function call(method, path, body) {
  const response = await fetch(base + path, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const answer = response.status === 204 ? null : await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${answer.code}: ${answer.detail}`);
  return answer;
}

/** The device under test, from the guest's side: 4 bytes at TEMPERATURE are read, 4 bytes at FAN written. */
const DEVICE = 0x0b00_0000n;
const TEMPERATURE = DEVICE;
const FAN = DEVICE + 4n;
const readings = [21, 31, 30, 99];

function read(address) {
  if (address !== TEMPERATURE) throw new Error(`the guest reads 0x${address.toString(16)}`);
  const degrees = readings.shift();
  console.log(`it is ${degrees} degrees`);
  return degrees;
}
function write(address, value) {
  if (address !== FAN) throw new Error(`the guest writes 0x${address.toString(16)}`);
  console.log(`the fan is ${value === 1n ? 'on' : 'off'}`);
}

/** The program under test: four times, read the temperature, drive the fan, say 0 or 1; then PSCI SYSTEM_OFF. */
const PROGRAM = [
  'd2a16009', //    mov x9, #0xb000000
  'd2a1200a', //    mov x10, #0x9000000     console
  '52800085', //    mov w5, #4
  'b9400120', // 1: ldr w0, [x9]
  '7100781f', //    cmp w0, #30
  '1a9f97e1', //    cset w1, hi
  'b9000521', //    str w1, [x9, #4]
  '1100c022', //    add w2, w1, #'0'
  '39000142', //    strb w2, [x10]
  '710004a5', //    subs w5, w5, #1
  '54ffff21', //    b.ne 1b
  'd2800100', //    mov x0, #8
  'f2b08000', //    movk x0, #0x8400, lsl #16
  'd4000002', //    hvc #0
];

const { id } = await call('POST', '/v1/vms', {
  board: { kind: 'virt' },
  vcpus: 2, // the second one spins beside
  load: [
    { address: '0x40000000', words: PROGRAM },
    { address: '0x40001000', words: ['14000000'] }, // b .
  ],
});
const vm = `/v1/vms/${id}`;
await call('PATCH', `${vm}/vcpus/1/registers`, { pc: '0x40001000' });

let answer = {};
for (;;) {
  const { exit, end } = await call('POST', `${vm}/runs?wait=30`, answer);
  answer = {};
  if (exit?.reason !== 'KVM_EXIT_MMIO') {
    console.log(`${exit?.reason ?? end?.reason} ${exit?.systemEvent?.type ?? ''}`.trim());
    break;
  }
  const { physAddr, isWrite, data } = exit.mmio;
  if (isWrite) write(BigInt(physAddr), BigInt(data));
  else answer = { mmio: { data: `0x${read(BigInt(physAddr)).toString(16)}` } };
}
const { text } = await call('GET', `${vm}/console`);
console.log(`the guest said ${text}`);
await call('DELETE', vm);
