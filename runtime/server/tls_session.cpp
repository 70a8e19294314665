#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "http_session.h"

namespace netra::server {

void start_tls_session(Socket socket, net::ssl::context &tls, Loop &loop, ServerContext &context) {
  using Stream = net::ssl::stream<Socket>;
  std::make_shared<HttpSession<Stream>>(Stream(std::move(socket), tls), loop, context)
      ->run(
          [](Stream &stream, auto ready) { stream.async_handshake(net::ssl::stream_base::server, std::move(ready)); });
}

} // namespace netra::server
