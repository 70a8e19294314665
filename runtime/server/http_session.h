// server/http_session.h - one HTTP request on a fresh socket. Included by the two files that compile it, and by no
// other.
//
// One timer stands over all of it, from the first byte to the end of the answer: who dribbles its bytes has as little
// time as who sends none.
#pragma once

#include "websocket_session.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <ctime>
#include <string>

namespace netra::server {

namespace http = beast::http;

template <class Next>
class HttpSession final : public std::enable_shared_from_this<HttpSession<Next>> {
public:
  HttpSession(Next next, Loop &loop, ServerContext &context)
      : next_(std::move(next)), loop_(loop), context_(context), patience_(loop.context()) {
    parser_.header_limit(kHeaderLimit);
    parser_.body_limit(kBodyLimit);
  }

  /// \param handshake starts what comes before HTTP (TLS) and then calls its argument.
  template <class Handshake>
  void run(Handshake handshake) {
    patience_.expires_after(context_.options.handshake_timeout);
    patience_.async_wait([self = this->shared_from_this()](ErrorCode error) {
      if (error)
        return;
      self->context_.metrics.add(Metrics::Count::timeouts);
      self->hang_up();
    });
    handshake(next_, [self = this->shared_from_this()](ErrorCode error) {
      if (error)
        return self->hang_up();
      self->read();
    });
  }

private:
  static constexpr std::uint32_t kHeaderLimit = 16 * 1024;
  static constexpr std::uint64_t kBodyLimit = 4096;

  void read() {
    http::async_read(next_, buffer_, parser_,
                     [self = this->shared_from_this()](ErrorCode error, std::size_t) { self->on_read(error); });
  }

  void on_read(ErrorCode error) {
    const bool is_http_error = error.category() == make_error_code(http::error::end_of_stream).category();
    if (error == http::error::end_of_stream || error == http::error::partial_message || (error && !is_http_error))
      return hang_up();
    if (error == http::error::header_limit || error == http::error::body_limit)
      return answer({431, "text/plain", "too long\n"});
    if (error)
      return answer({400, "text/plain", "not HTTP\n"});
    Request request = parser_.release();
    if (asks_for_websocket(request))
      return upgrade(std::move(request));
    answer(context_.answer(request.method_string(), request.target(), request.body()));
  }

  void upgrade(Request request) {
    auto judged = judge_upgrade(request, context_, std::time(nullptr));
    if (buffer_.size() > 0)
      judged = Refusal{http::status::bad_request, "bytes after the request", Metrics::Count::refused_request};
    if (auto *refusal = std::get_if<Refusal>(&judged)) {
      context_.metrics.add(refusal->count);
      return answer({static_cast<unsigned>(refusal->status), "text/plain", refusal->reason + "\n"});
    }
    patience_.cancel();
    ConnectionId id("c" + std::to_string(++context_.last_connection));
    std::make_shared<WebSocketSession<Next>>(std::move(next_), std::move(id), std::get<Upgrade>(std::move(judged)),
                                             loop_, context_)
        ->run(std::move(request));
  }

  void answer(const HttpAnswer &answer) {
    auto response =
        std::make_shared<http::response<http::string_body>>(static_cast<http::status>(answer.status), 11, answer.body);
    response->set(http::field::server, "netra-router");
    response->set(http::field::content_type, answer.content_type);
    if (answer.status == 401)
      response->set(http::field::www_authenticate, "Bearer");
    if (answer.status == 426)
      response->set(http::field::sec_websocket_version, "13");
    response->keep_alive(false);
    response->prepare_payload();
    http::async_write(next_, *response, [self = this->shared_from_this(), response](ErrorCode error, std::size_t) {
      if (error)
        return self->hang_up();
      ErrorCode ignored;
      beast::get_lowest_layer(self->next_).shutdown(Socket::shutdown_send, ignored);
      self->linger();
    });
  }

  /// Reads what still comes: to close with unread input would reset the connection and could take the answer with it.
  void linger() {
    beast::get_lowest_layer(next_).async_read_some(buffer_.prepare(512),
                                                   [self = this->shared_from_this()](ErrorCode error, std::size_t) {
                                                     if (error)
                                                       return self->hang_up();
                                                     self->linger();
                                                   });
  }

  void hang_up() {
    patience_.cancel();
    ErrorCode ignored;
    beast::get_lowest_layer(next_).close(ignored);
  }

  Next next_;
  Loop &loop_;
  ServerContext &context_;
  net::steady_timer patience_;
  beast::flat_buffer buffer_;
  http::request_parser<http::string_body> parser_;
};

} // namespace netra::server
