/** `npm run demo`: starts a service, finds a bug in a guest program with its debug exits, says so. Exit status 0 when all went as it must. */
import { readFileSync } from 'node:fs';
import { Client } from './client.ts';
import { Story } from './demo/story.ts';
import { Thermometer } from './demo/thermometer.ts';
import { startServer } from './server.ts';

const ELF = new URL('../../examples/guests/thermometer.elf', import.meta.url);

async function main(story: Story): Promise<void> {
  const started = Date.now();
  story.line(story.paint('bold', 'guestdbg: find the bug in a guest program with debug exits over HTTP'));
  const server = await startServer();
  try {
    story.line(
      `The service runs at API=${server.base} with a database of its own. The program: examples/guests/thermometer.c.`,
    );
    const guest = new Thermometer(new Client(server.base), story);
    await guest.create(readFileSync(ELF));
    await guest.symptom();
    await guest.breakAtFunction();
    await guest.watchVariable();
    await guest.stepOver();
    await guest.proveFix();
    await guest.history();
  } finally {
    await server.stop();
  }
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  story.line();
  story.line(
    story.paint(
      'green',
      `Found: log_sample stores one past samples[8], into limit. ${story.exits} exits in ${seconds} s.`,
    ),
  );
}

const story = new Story(
  (text) => process.stdout.write(text),
  process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined,
);
try {
  await main(story);
} catch (error) {
  story.line(story.paint('red', `FAILED ${error instanceof Error ? error.message : String(error)}`));
  process.exitCode = 1;
}
