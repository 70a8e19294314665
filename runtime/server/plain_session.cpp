#include "http_session.h"

namespace netra::server {

void start_plain_session(Socket socket, Loop &loop, ServerContext &context) {
  std::make_shared<HttpSession<Socket>>(std::move(socket), loop, context)->run([](Socket &, auto &&ready) {
    ready({});
  });
}

} // namespace netra::server
