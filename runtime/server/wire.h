// server/wire.h - what lies between Beast's WebSocket and the socket.
//
// Beast reads, checks and answers control frames; events do not go through its write path. They are encoded once, and
// this layer writes them in one gather write together with the few frames that Beast sends itself, always whole frames.
// On the way in it sees to the length of frames, which Beast limits per message only.
//
// Everything runs on the loop that owns the socket.
#pragma once

#include "frame.h"

#include "netra/websocket_core/fifo.h"

#include <array>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace netra::server {

namespace net = boost::asio;
namespace beast = boost::beast;
using ErrorCode = boost::system::error_code;
using Socket = net::basic_stream_socket<net::ip::tcp, net::io_context::executor_type>;

/// The session that a wire belongs to.
class WireOwner {
public:
  virtual ~WireOwner() = default;
  virtual std::shared_ptr<void> keep_alive() = 0;
  virtual void on_written(std::size_t frames, std::size_t bytes) = 0;
  virtual void on_dropped(std::size_t frames, std::size_t bytes) = 0;
};

/// Follows the frame headers in what a client sends, to see how long its frames are before they have arrived.
class FrameGauge {
public:
  explicit FrameGauge(std::uint64_t longest) : longest_(longest) {}

  /// \returns false when a frame announces more than the limit.
  bool accept(const std::uint8_t *data, std::size_t size) {
    while (size > 0) {
      std::size_t step = payload_left_ > 0 ? skip_payload(size) : take_header_byte(*data);
      if (step == 0)
        return false;
      data += step;
      size -= step;
    }
    return true;
  }

private:
  std::size_t skip_payload(std::size_t size) {
    std::size_t step = payload_left_ < size ? static_cast<std::size_t>(payload_left_) : size;
    payload_left_ -= step;
    return step;
  }

  /// \returns 1, or 0 when the header is complete and announces too much.
  std::size_t take_header_byte(std::uint8_t byte) {
    header_[header_size_++] = byte;
    if (header_size_ < 2)
      return 1;
    const std::uint8_t short_length = header_[1] & 0x7f;
    const std::size_t length_bytes = short_length == 126 ? 2 : short_length == 127 ? 8 : 0;
    const std::size_t mask_bytes = header_[1] & 0x80 ? 4 : 0;
    if (header_size_ < 2 + length_bytes + mask_bytes)
      return 1;
    std::uint64_t length = length_bytes == 0 ? short_length : 0;
    for (std::size_t i = 0; i < length_bytes; ++i)
      length = length << 8 | header_[2 + i];
    header_size_ = 0;
    payload_left_ = length;
    return length <= longest_ ? 1 : 0;
  }

  std::uint64_t longest_;
  std::uint64_t payload_left_ = 0;
  std::array<std::uint8_t, 14> header_ = {};
  std::size_t header_size_ = 0;
};

/// What a read ends with when a client's frame is over the limit.
inline ErrorCode frame_too_long() { return make_error_code(boost::system::errc::message_size); }

template <class Next>
class Wire {
public:
  using executor_type = typename Next::executor_type;
  using next_layer_type = Next;

  Wire(Next next, WireOwner &owner, std::uint64_t longest_frame)
      : next_(std::move(next)), owner_(owner), gauge_(longest_frame) {}

  executor_type get_executor() noexcept { return next_.get_executor(); }
  Next &next_layer() noexcept { return next_; }
  const Next &next_layer() const noexcept { return next_; }

  /// Queues a frame of the user's; nothing is written before `flush`.
  void push(const std::string &frame) {
    Chunk &chunk = open_chunk();
    chunk.bytes += frame;
    ++chunk.frames;
    chunk.frame_bytes += frame.size();
  }

  /// Writes what is queued, unless a write is under way: that one goes on by itself.
  void flush() {
    if (writing_ || queue_.empty() || failed_)
      return;
    writing_ = true;
    const std::string &bytes = queue_.front().bytes;
    next_.async_write_some(
        net::buffer(bytes.data() + written_of_first_, bytes.size() - written_of_first_),
        [this, alive = owner_.keep_alive()](ErrorCode error, std::size_t size) { on_write(error, size); });
  }

  /// The last frame: nothing follows it. With `drop`, what has not begun to be written does not precede it either.
  void seal(const std::string &close_frame, bool drop) {
    if (sealed_)
      return;
    sealed_ = true;
    if (drop)
      drop_unbegun();
    open_chunk().bytes += close_frame;
    flush();
  }

  bool sealed() const noexcept { return sealed_; }

  /// Gives up on everything that is queued. To be called before the session lets go of the wire.
  void fail(ErrorCode error) {
    if (!failed_)
      failed_ = error;
    // A write under way reads from the buffers of the queue: they go when it ends.
    if (!writing_)
      abandon_queue();
  }

  /// Calls the handler once nothing is left to be written.
  template <class Handler>
  void when_drained(Handler handler) {
    if (queue_.empty() || failed_)
      return handler();
    drained_ = std::make_unique<WaiterOf<Handler>>(std::move(handler));
  }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers &buffers, Token &&token) {
    return net::async_initiate<Token, void(ErrorCode, std::size_t)>(
        [this](auto handler, const Buffers &into) {
          next_.async_read_some(into,
                                [this, into, handler = std::move(handler)](ErrorCode error, std::size_t size) mutable {
                                  if (!error && !within_limit(into, size))
                                    error = frame_too_long();
                                  std::move(handler)(error, size);
                                });
        },
        token, buffers);
  }

  /// Takes all of it; the handler runs when it has been written. After the seal it is taken and thrown away.
  template <class Buffers, class Token>
  auto async_write_some(const Buffers &buffers, Token &&token) {
    return net::async_initiate<Token, void(ErrorCode, std::size_t)>(
        [this](auto handler, const Buffers &from) {
          const std::size_t size = net::buffer_size(from);
          auto waiter = std::make_unique<WriteWaiterOf<decltype(handler)>>(std::move(handler));
          if (sealed_ || failed_)
            return complete_later(std::move(waiter), failed_, size);
          Chunk &chunk = open_chunk();
          const std::size_t start = chunk.bytes.size();
          chunk.bytes.resize(start + size);
          net::buffer_copy(net::buffer(chunk.bytes.data() + start, size), from);
          chunk.waiters.push_back({std::move(waiter), size});
          flush();
        },
        token, buffers);
  }

private:
  /// As much as one write is given: a slow reader that is told to go has at most this much to read before it hears so.
  static constexpr std::size_t kChunk = std::size_t{64} * 1024;

  struct WriteWaiter {
    virtual ~WriteWaiter() = default;
    virtual void complete(ErrorCode error, std::size_t size) = 0;
  };
  template <class Handler>
  struct WriteWaiterOf : WriteWaiter {
    explicit WriteWaiterOf(Handler handler) : handler(std::move(handler)) {}
    void complete(ErrorCode error, std::size_t size) override { std::move(handler)(error, size); }
    Handler handler;
  };
  struct Waiter {
    virtual ~Waiter() = default;
    virtual void complete() = 0;
  };
  template <class Handler>
  struct WaiterOf : Waiter {
    explicit WaiterOf(Handler handler) : handler(std::move(handler)) {}
    void complete() override { handler(); }
    Handler handler;
  };

  struct Write {
    std::unique_ptr<WriteWaiter> waiter;
    std::size_t size;
  };

  /// Whole frames one after the other, written together. To copy a few hundred bytes costs less than to share them.
  struct Chunk {
    std::string bytes;
    /// Of the user's; what Beast wrote itself is not among them.
    std::size_t frames = 0;
    std::size_t frame_bytes = 0;
    std::vector<Write> waiters;
  };

  /// The chunk to append to: the last, unless it is full or being written.
  Chunk &open_chunk() {
    const bool last_is_begun = queue_.size() == 1 && (writing_ || written_of_first_ > 0);
    if (queue_.empty() || last_is_begun || queue_.back().bytes.size() >= kChunk)
      queue_.push_back({});
    return queue_.back();
  }

  void complete_later(std::unique_ptr<WriteWaiter> waiter, ErrorCode error, std::size_t size) {
    net::post(get_executor(), [waiter = std::move(waiter), error, size, alive = owner_.keep_alive()] {
      waiter->complete(error, size);
    });
  }

  template <class Buffers>
  bool within_limit(const Buffers &buffers, std::size_t size) {
    for (auto part = net::buffer_sequence_begin(buffers); part != net::buffer_sequence_end(buffers) && size > 0;
         ++part) {
      std::size_t here = std::min(size, net::mutable_buffer(*part).size());
      if (!gauge_.accept(static_cast<const std::uint8_t *>(net::mutable_buffer(*part).data()), here))
        return false;
      size -= here;
    }
    return true;
  }

  void on_write(ErrorCode error, std::size_t size) {
    writing_ = false;
    if (error && !failed_)
      failed_ = error;
    written_of_first_ += size;
    if (written_of_first_ == queue_.front().bytes.size())
      finish_first();
    else if (size > 0)
      owner_.on_written(0, 0);
    if (failed_)
      return abandon_queue();
    flush();
    if (queue_.empty() && drained_)
      std::exchange(drained_, nullptr)->complete();
  }

  void finish_first() {
    Chunk done = queue_.pop_front();
    written_of_first_ = 0;
    owner_.on_written(done.frames, done.frame_bytes);
    for (Write &write : done.waiters)
      write.waiter->complete({}, write.size);
  }

  /// Takes what has not begun to be written out of the queue; the part of a chunk that went out must be followed by its
  /// rest.
  void drop_unbegun() {
    const std::size_t begun = writing_ || written_of_first_ > 0 ? 1 : 0;
    while (queue_.size() > begun)
      drop_last({});
  }

  void abandon_queue() {
    while (!queue_.empty())
      drop_last(failed_);
    written_of_first_ = 0;
    if (drained_)
      std::exchange(drained_, nullptr)->complete();
  }

  void drop_last(ErrorCode error) {
    Chunk &chunk = queue_.back();
    if (chunk.frames > 0)
      owner_.on_dropped(chunk.frames, chunk.frame_bytes);
    for (Write &write : chunk.waiters)
      complete_later(std::move(write.waiter), error, error ? 0 : write.size);
    queue_.pop_back();
  }

  Next next_;
  WireOwner &owner_;
  FrameGauge gauge_;
  Fifo<Chunk> queue_;
  std::size_t written_of_first_ = 0;
  bool writing_ = false;
  bool sealed_ = false;
  ErrorCode failed_;
  std::unique_ptr<Waiter> drained_;
};

/// Beast ends the connection through this: once the last frame has gone out, nothing more is sent. The session sees to
/// the rest.
template <class Next, class Handler>
void async_teardown(beast::role_type, Wire<Next> &wire, Handler &&handler) {
  wire.when_drained([&wire, handler = std::forward<Handler>(handler)]() mutable {
    ErrorCode error;
    beast::get_lowest_layer(wire).shutdown(Socket::shutdown_send, error);
    net::post(wire.get_executor(), [handler = std::move(handler), error]() mutable { std::move(handler)(error); });
  });
}

} // namespace netra::server
