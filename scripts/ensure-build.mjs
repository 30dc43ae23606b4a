// Builds when there is no build: `npm start` works in a fresh clone after `npm ci`.
import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (!existsSync('dist/main.js')) execSync('npm run build', { stdio: 'inherit' });
