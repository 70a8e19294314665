// The demonstration page in headless Chromium: two users log in, start runs, and each sees its own five events.
const assert = require('node:assert');
const { spawn } = require('node:child_process');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { createInterface } = require('node:readline');
const test = require('node:test');
const WebSocket = require('ws');
const { withRouter } = require('./router.js');

const five = ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'];

/// A page in a headless browser, spoken to over the DevTools protocol.
async function withPage(url, use) {
  const profile = mkdtempSync(join(tmpdir(), 'netra-chromium-'));
  const browser = spawn(process.env.CHROMIUM || 'chromium',
    ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--remote-debugging-port=0', '--window-size=1100,820', `--user-data-dir=${profile}`, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => browser.on('exit', resolve));
  try {
    const address = await new Promise((resolve, reject) => {
      ended.then(() => reject(new Error('the browser ended')));
      createInterface({ input: browser.stderr }).on('line', (line) => {
        const found = line.match(/DevTools listening on (ws:\/\/\S+)/);
        if (found) resolve(found[1]);
      });
    });
    const socket = new WebSocket(address);
    await new Promise((resolve) => socket.on('open', resolve));
    let last = 0, loaded;
    const page_loaded = new Promise((resolve) => { loaded = resolve; });
    const waiting = new Map();
    socket.on('message', (data) => {
      const message = JSON.parse(data);
      if (waiting.has(message.id)) waiting.get(message.id)(message);
      if (message.method === 'Page.loadEventFired') loaded();
    });
    const call = (method, params = {}, sessionId) => new Promise((resolve, reject) => {
      waiting.set(++last, (answer) => (answer.error ? reject(new Error(answer.error.message)) : resolve(answer.result)));
      socket.send(JSON.stringify({ id: last, method, params, sessionId }));
    });
    const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
    await call('Page.enable', {}, sessionId);
    await call('Page.navigate', { url }, sessionId);
    await page_loaded;
    const page = {
      /// The value of an expression, awaited in the page.
      async evaluate(expression) {
        const { result, exceptionDetails } = await call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, sessionId);
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description || exceptionDetails.text);
        return result.value;
      },
      /// Waits until the expression is true in the page.
      until: (expression) => page.evaluate(`new Promise((resolve) => {
        const look = () => (${expression}) ? resolve(true) : requestAnimationFrame(look); look(); })`),
      async picture(file) {
        const { data } = await call('Page.captureScreenshot', { format: 'png' }, sessionId);
        writeFileSync(file, Buffer.from(data, 'base64'));
      },
    };
    await use(page);
    socket.terminate();
  } finally {
    browser.kill('SIGKILL');
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

test('two users each see their own five events', () => withRouter(['--demo'], (port) =>
  withPage(`http://127.0.0.1:${port}/`, async (page) => {
    for (const user of ['ann', 'bob']) {
      await page.evaluate(`document.querySelector('#${user} .login button').click()`);
      await page.until(`!document.querySelector('#${user} .say button').disabled`);
    }
    await page.evaluate("document.querySelector('#ann .say button').click()");
    await page.until("document.querySelector('#ann .agent_completed')");
    await page.evaluate("document.querySelector('#bob .say button').click()");
    await page.until("document.querySelector('#bob .agent_completed')");
    for (const user of ['ann', 'bob']) {
      const seen = await page.evaluate(`[...document.querySelectorAll('#${user} li')].map((item) => [item.className, item.dataset.user])`);
      assert.deepStrictEqual(seen, five.map((type) => [type, user]));
    }
    await page.until("document.querySelector('[data-name=netra_agent_runs_total]').textContent === '2'");
    if (process.env.NETRA_PICTURE) await page.picture(process.env.NETRA_PICTURE);
  })));
