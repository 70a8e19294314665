// An independent client, npm's `ws`, talks to the server.
const assert = require('node:assert');
const { once } = require('node:events');
const test = require('node:test');
const WebSocket = require('ws');
const { withRouter } = require('./router.js');

const five = ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'];

/// Collects messages until `count` have come.
function messages(socket, count) {
  const seen = [];
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data) => {
      seen.push(JSON.parse(data));
      if (seen.length === count) resolve(seen);
    });
  });
}

test('the golden path', () => withRouter([], async (port, token) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers: { authorization: `Bearer ${token('ann')}` } });
  const heard = messages(socket, 6);
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'user_message', thread_id: 't', payload: { text: 'hi' } }));
  assert.deepStrictEqual((await heard).map((message) => message.type), ['hello', ...five]);
  socket.close(1000);
  assert.strictEqual((await once(socket, 'close'))[0], 1000);
}));

test('the token as a sub-protocol', () => withRouter([], async (port, token) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, ['netra', `jwt.${token('ann')}`]);
  await once(socket, 'open');
  assert.strictEqual(socket.protocol, 'netra');
  socket.terminate();
}));

test('no token is refused with 401', () => withRouter([], async (port) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
  const [, response] = await once(socket, 'unexpected-response');
  assert.strictEqual(response.statusCode, 401);
}));

test('pings are answered, fragments joined, long messages refused', () => withRouter(['--max-message-bytes', '1000'], async (port, token) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers: { authorization: `Bearer ${token('ann')}` } });
  const hello = messages(socket, 1);
  await once(socket, 'open');
  await hello;
  socket.ping('are you there?');
  assert.strictEqual(String((await once(socket, 'pong'))[0]), 'are you there?');
  socket.send('{"type":', { fin: false });
  socket.send('"ping"}', { fin: true });
  assert.strictEqual(JSON.parse((await once(socket, 'message'))[0]).type, 'pong');
  socket.send('x'.repeat(1001));
  assert.strictEqual((await once(socket, 'close'))[0], 1009);
}));
