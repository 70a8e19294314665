// A server on npm's `ws` that does nothing but write the same frames: "COUNT SIZE" from anyone, to everyone.
const { WebSocketServer } = require('ws');

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('connection', (socket) =>
  socket.on('message', (data) => {
    const [count, size] = data.toString().split(' ').map(Number);
    const text = 'x'.repeat(size);
    for (let i = 0; i < count; ++i) for (const client of server.clients) client.send(text);
  }));
server.on('listening', () => console.error(`listening ${server.address().port}`));
