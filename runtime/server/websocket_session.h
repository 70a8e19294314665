// server/websocket_session.h - one WebSocket connection. Included by the two files that compile it, and by no other.
//
// Beast reads; the wire writes (see wire.h). The session itself only decides: what a message means, when a client has
// had enough patience shown, how to part.
#pragma once

#include "client_message.h"
#include "session.h"
#include "token_bucket.h"
#include "upgrade.h"
#include "wire.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace netra::server {

namespace websocket = beast::websocket;

template <class Next>
class WebSocketSession final : public Connection, private WireOwner {
public:
  WebSocketSession(Next next, ConnectionId id, Upgrade upgrade, Loop &loop, ServerContext &context)
      : Connection(std::move(id), upgrade.user, {context.options.max_queue_bytes, context.options.max_queue_frames},
                   loop, context.metrics),
        upgrade_(std::move(upgrade)), loop_(loop), context_(context),
        socket_(std::move(next), static_cast<WireOwner &>(*this), context.options.max_frame_bytes),
        patience_(loop.context()), rate_(context.options.max_messages_per_second) {
    ++context_.connections;
  }

  /// Answers the upgrade; the request must have been judged.
  void run(Request request) {
    loop_.add(this);
    metrics().add(Metrics::Count::connections_opened);
    socket_.set_option(
        websocket::stream_base::timeout{context_.options.handshake_timeout, context_.options.idle_timeout, true});
    socket_.read_message_max(context_.options.max_message_bytes);
    socket_.set_option(
        websocket::stream_base::decorator([protocol = upgrade_.subprotocol](websocket::response_type &response) {
          response.set(beast::http::field::server, "netra-router");
          if (!protocol.empty())
            response.set(beast::http::field::sec_websocket_protocol, protocol);
        }));
    auto kept = std::make_shared<Request>(std::move(request));
    socket_.async_accept(*kept, [self = self(), kept](ErrorCode error) { self->on_accept(error); });
  }

  void close(CloseCode code, std::string reason, bool drop_queued) override {
    refuse_more();
    loop_.post([self = self(), code, reason = std::move(reason), drop_queued] {
      self->begin_close(code, reason, drop_queued);
    });
  }

  bool append(const SharedFrame &frame) override {
    const std::size_t size = frame->wire.size();
    if (frame->owner != user()) {
      metrics().add(Metrics::Count::isolation_violations);
      context_.log.write(LogLevel::error, "isolation_violation", {{"connection", id().str()}});
      on_dropped(1, size);
      return false;
    }
    if (left_ || wire().sealed()) {
      on_dropped(1, size);
      return false;
    }
    if (queued_ == 0)
      last_progress_ = Clock::now();
    ++queued_;
    wire().push(frame->wire);
    return !std::exchange(to_flush_, true);
  }

  void flush() override {
    to_flush_ = false;
    wire().flush();
  }

  void tick() override {
    if (queued_ == 0 || wire().sealed() || Clock::now() - last_progress_ < context_.options.max_queue_time)
      return;
    refuse_more();
    metrics().add(Metrics::Count::slow_consumers);
    begin_close(CloseCode::try_again_later, "too slow", true);
  }

private:
  using Clock = std::chrono::steady_clock;

  std::shared_ptr<WebSocketSession> self() { return std::static_pointer_cast<WebSocketSession>(shared_from_this()); }
  Wire<Next> &wire() { return socket_.next_layer(); }

  std::shared_ptr<void> keep_alive() override { return shared_from_this(); }

  void on_written(std::size_t frames, std::size_t bytes) override {
    last_progress_ = Clock::now();
    if (frames == 0)
      return;
    queued_ -= frames;
    release(frames, bytes);
    metrics().add(Metrics::Count::frames_written, static_cast<double>(frames));
  }

  void on_dropped(std::size_t frames, std::size_t bytes) override {
    queued_ -= std::min(frames, queued_);
    release(frames, bytes);
    metrics().add(Metrics::Count::frames_dropped, static_cast<double>(frames));
  }

  void on_accept(ErrorCode error) {
    if (error) {
      leave("handshake");
      return hang_up();
    }
    context_.hub.prepare(user(), [self = self()] { self->loop_.post([self] { self->join(); }); });
  }

  void join() {
    if (left_)
      return;
    if (context_.draining)
      begin_close(CloseCode::going_away, "stopping", false);
    else if (context_.hub.join(shared_from_this(), upgrade_.position) == Joined::too_many_connections)
      begin_close(CloseCode::policy_violation, "too many connections of this user", false);
    else
      context_.log.write(LogLevel::debug, "joined", {{"connection", id().str()}, {"user", user().str()}});
    read();
  }

  void read() {
    socket_.async_read(buffer_, [self = self()](ErrorCode error, std::size_t) { self->on_read(error); });
  }

  void on_read(ErrorCode error) {
    if (error == frame_too_long()) {
      metrics().add(Metrics::Count::messages_rejected);
      begin_close(CloseCode::message_too_big, "frame too long", false);
      return discard_input();
    }
    if (error)
      return on_read_failure(error);
    if (!wire().sealed())
      take_message();
    buffer_.consume(buffer_.size());
    shrink_buffer();
    read();
  }

  void on_read_failure(ErrorCode error) {
    const bool violation = error == make_error_condition(websocket::condition::protocol_violation);
    if (error == beast::error::timeout)
      metrics().add(Metrics::Count::timeouts);
    else if (violation || error == websocket::error::message_too_big)
      metrics().add(Metrics::Count::messages_rejected);
    if (error == websocket::error::closed || violation || error == websocket::error::message_too_big)
      return linger();
    leave(error.message());
    hang_up();
  }

  /// Both sides have said what they had to say. The socket stays a moment longer for a client that is still sending: to
  /// close over unread input would reset the connection and could take our close frame with it.
  void linger() {
    leave("closed");
    patience_.expires_after(kLinger);
    patience_.async_wait([self = self()](ErrorCode error) {
      if (!error)
        self->hang_up();
    });
    discard_input();
  }

  /// Reads what still comes and throws it away, to the end of the connection.
  void discard_input() {
    wire().next_layer().async_read_some(net::buffer(discarded_), [self = self()](ErrorCode error, std::size_t) {
      if (!error)
        return self->discard_input();
      self->leave("closed");
      self->hang_up();
    });
  }

  /// A buffer that grew for one long message is not kept by an idle connection.
  void shrink_buffer() {
    constexpr std::size_t kKept = 4096;
    if (buffer_.capacity() > kKept)
      buffer_ = beast::flat_buffer();
  }

  void take_message() {
    metrics().add(Metrics::Count::messages_received);
    if (!rate_.take(Clock::now())) {
      metrics().add(Metrics::Count::rate_limited);
      refuse_more();
      return begin_close(CloseCode::policy_violation, "too many messages", true);
    }
    if (!socket_.got_text())
      return begin_close(CloseCode::unsupported_data, "text messages only", false);
    auto bytes = buffer_.data();
    handle_client_message(*this, std::string_view(static_cast<const char *>(bytes.data()), bytes.size()), context_.hub,
                          metrics());
  }

  /// Sends the close frame as the last one and gives the client some time to answer.
  void begin_close(CloseCode code, const std::string &reason, bool drop_queued) {
    if (left_ || wire().sealed())
      return;
    refuse_more();
    if (!drop_queued)
      loop_.empty_mailbox();
    context_.log.write(LogLevel::info, "closing",
                       {{"connection", id().str()}, {"code", static_cast<std::int64_t>(code)}, {"reason", reason}});
    wire().seal(encode_close(code, reason), drop_queued);
    patience_.expires_after(context_.options.close_timeout);
    patience_.async_wait([self = self()](ErrorCode error) {
      if (error)
        return;
      self->leave("no answer to close");
      self->hang_up();
    });
  }

  /// No more a member of anything. The second time it does nothing.
  void leave(std::string_view why) {
    if (std::exchange(left_, true))
      return;
    refuse_more();
    loop_.remove(this);
    context_.hub.leave(*this);
    --context_.connections;
    wire().fail(net::error::operation_aborted);
    metrics().add(Metrics::Count::connections_closed);
    context_.log.write(LogLevel::debug, "left", {{"connection", id().str()}, {"why", why}});
  }

  void hang_up() {
    patience_.cancel();
    ErrorCode ignored;
    beast::get_lowest_layer(socket_).close(ignored);
  }

  static constexpr std::chrono::seconds kLinger{1};

  const Upgrade upgrade_;
  Loop &loop_;
  ServerContext &context_;
  websocket::stream<Wire<Next>, false> socket_;
  beast::flat_buffer buffer_;
  net::steady_timer patience_;
  TokenBucket rate_;
  std::size_t queued_ = 0;
  Clock::time_point last_progress_;
  std::array<char, 512> discarded_;
  bool to_flush_ = false;
  bool left_ = false;
};

} // namespace netra::server
