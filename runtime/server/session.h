// server/session.h - from an accepted socket to a member of the hub.
//
// A socket speaks HTTP first: one request, answered or upgraded. The two templates behind these functions (with and
// without TLS) are the only places that see Beast; each is compiled in a file of its own.
#pragma once

#include "hub.h"
#include "log.h"
#include "loop.h"
#include "metrics.h"
#include "options.h"

#include <atomic>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace boost::asio::ssl {
class context;
}

namespace netra::server {

using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// The answer to an HTTP request that is no upgrade.
struct HttpAnswer {
  unsigned status;
  std::string content_type;
  std::string body;
};

/// What every session of a server shares. Outlives them all.
struct ServerContext {
  const Options &options;
  Hub &hub;
  Metrics &metrics;
  Log &log;
  std::atomic<bool> draining = false;
  std::atomic<std::size_t> connections = 0;
  std::atomic<std::uint64_t> last_connection = 0;
  /// Answers everything but `/ws`; `body` is that of a POST.
  std::function<HttpAnswer(std::string_view method, std::string_view target, std::string_view body)> answer = {};
};

void start_plain_session(Socket socket, Loop &loop, ServerContext &context);
void start_tls_session(Socket socket, boost::asio::ssl::context &tls, Loop &loop, ServerContext &context);

} // namespace netra::server
