// A bare Beast server that does nothing but write the same frames: "COUNT SIZE" from anyone, to everyone. Written as
// Beast's own examples are: a queue per connection, one asynchronous write after the other.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cstdio>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <sstream>
#include <string>

namespace net = boost::asio;
namespace beast = boost::beast;
using Socket = net::basic_stream_socket<net::ip::tcp, net::io_context::executor_type>;
using Error = boost::system::error_code;

struct Session;

struct Room {
  std::set<std::shared_ptr<Session>> sessions;
  void broadcast(int count, std::size_t size);
};

struct Session : std::enable_shared_from_this<Session> {
  Session(Socket socket, Room &room) : stream(std::move(socket)), room(room) {}

  void run() {
    stream.async_accept([self = shared_from_this()](Error error) {
      if (error)
        return;
      self->room.sessions.insert(self);
      self->read();
    });
  }

  void read() {
    stream.async_read(buffer, [self = shared_from_this()](Error error, std::size_t) {
      if (error) {
        self->room.sessions.erase(self);
        return;
      }
      std::istringstream command(beast::buffers_to_string(self->buffer.data()));
      self->buffer.consume(self->buffer.size());
      int count = 0;
      std::size_t size = 0;
      command >> count >> size;
      self->room.broadcast(count, size);
      self->read();
    });
  }

  void send(std::shared_ptr<const std::string> text) {
    queue.push_back(std::move(text));
    if (queue.size() == 1)
      write();
  }

  void write() {
    stream.async_write(net::buffer(*queue.front()), [self = shared_from_this()](Error error, std::size_t) {
      if (error)
        return;
      self->queue.pop_front();
      if (!self->queue.empty())
        self->write();
    });
  }

  beast::websocket::stream<Socket, false> stream;
  Room &room;
  beast::flat_buffer buffer;
  std::deque<std::shared_ptr<const std::string>> queue;
};

void Room::broadcast(int count, std::size_t size) {
  auto text = std::make_shared<const std::string>(size, 'x');
  for (int i = 0; i < count; ++i)
    for (const auto &session : sessions)
      session->send(text);
}

int main() {
  net::io_context context(1);
  Room room;
  net::basic_socket_acceptor<net::ip::tcp, net::io_context::executor_type> acceptor(
      context, {net::ip::make_address("127.0.0.1"), 0});
  std::function<void()> accept = [&] {
    acceptor.async_accept(context, [&](Error error, Socket socket) {
      if (error)
        return;
      socket.set_option(net::ip::tcp::no_delay(true));
      std::make_shared<Session>(std::move(socket), room)->run();
      accept();
    });
  };
  accept();
  std::fprintf(stderr, "listening %u\n", acceptor.local_endpoint().port());
  context.run();
}
