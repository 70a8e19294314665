// server/connection.h - one client as the rest of the server sees it: a bounded queue with an owner.
//
// Whoever sends never waits: a frame is admitted or refused at once, from any thread, by counters alone. What is
// admitted goes to the loop that owns the connection; only that loop touches the socket.
#pragma once

#include "frame.h"
#include "metrics.h"

#include "netra/websocket_core/types.h"

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace netra::server {

class Connection;

/// Carries frames to the thread that owns the connections, in the order they were given.
class Mailbox {
public:
  virtual ~Mailbox() = default;
  /// One frame to several connections of this mailbox: as dear as one to one.
  virtual void deliver(std::vector<std::shared_ptr<Connection>> connections, SharedFrame frame) = 0;
};

struct QueueLimits {
  std::size_t bytes;
  std::size_t frames;
};

class Connection : public std::enable_shared_from_this<Connection> {
public:
  Connection(ConnectionId id, UserId user, QueueLimits limits, Mailbox &mailbox, Metrics &metrics)
      : id_(std::move(id)), user_(std::move(user)), limits_(limits), mailbox_(mailbox), metrics_(metrics) {}
  Connection(const Connection &) = delete;
  Connection &operator=(const Connection &) = delete;
  virtual ~Connection() = default;

  const ConnectionId &id() const noexcept { return id_; }
  const UserId &user() const noexcept { return user_; }

  /// Admits the frame to the queue, or refuses it. A full queue means a slow consumer: the connection is closed with
  /// 1013.
  SendStatus admit(SharedFrame frame);

  /// The first half of `admit`: makes room for a frame of the size. When it says `sent`, the frame must be delivered to
  /// `mailbox()`.
  SendStatus reserve(std::size_t size);
  Mailbox &mailbox() const noexcept { return mailbox_; }

  /// Closes with the code after what is queued was written, or at once with what is queued dropped.
  virtual void close(CloseCode code, std::string reason, bool drop_queued) = 0;

  /// On the owning loop: takes an admitted frame. Nothing is written before `flush`.
  /// \returns whether the connection is now to be flushed and was not before.
  virtual bool append(const SharedFrame &frame) = 0;
  /// On the owning loop: writes what was taken.
  virtual void flush() = 0;
  /// On the owning loop, about once a second.
  virtual void tick() = 0;

protected:
  /// Frames left the queue: written or dropped.
  void release(std::size_t frames, std::size_t bytes) noexcept;
  /// From now on nothing is admitted.
  void refuse_more() noexcept { closing_.store(true); }
  Metrics &metrics() noexcept { return metrics_; }

private:
  const ConnectionId id_;
  const UserId user_;
  const QueueLimits limits_;
  Mailbox &mailbox_;
  Metrics &metrics_;
  std::atomic<std::size_t> queued_bytes_ = 0;
  std::atomic<std::size_t> queued_frames_ = 0;
  std::atomic<bool> closing_ = false;
};

} // namespace netra::server
