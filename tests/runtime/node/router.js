// Starts the real netra-router for a test, and signs tokens for it. Usage: `withRouter(options, async (port, token) => …)`.
const { spawn } = require('node:child_process');
const { createHmac } = require('node:crypto');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { createInterface } = require('node:readline');

const secret = 'a secret that only the tests know, 32 bytes and more';

function token(user) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: user, exp: Math.floor(Date.now() / 1000) + 3600 })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

async function withRouter(options, use) {
  const folder = mkdtempSync(join(tmpdir(), 'netra-node-'));
  writeFileSync(join(folder, 'secret'), secret);
  const router = spawn(process.env.NETRA_ROUTER, ['--listen', '127.0.0.1:0', '--agent', 'echo', '--token-secret-file', join(folder, 'secret'), ...options],
    { stdio: ['ignore', 'inherit', 'pipe'] });
  try {
    const port = await new Promise((resolve, reject) => {
      router.on('exit', (code) => reject(new Error(`netra-router ended with ${code}`)));
      createInterface({ input: router.stderr }).on('line', (line) => {
        const entry = JSON.parse(line);
        if (entry.event === 'listening') resolve(entry.port);
      });
    });
    await use(port, token);
  } finally {
    router.removeAllListeners('exit');
    router.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
}

module.exports = { withRouter };
