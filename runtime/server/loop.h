// server/loop.h - one thread and everything it owns: an acceptor, its connections, a mailbox.
//
// A connection never leaves its loop, so nothing about a socket needs a lock. Other threads put frames into the
// mailbox; one wake-up empties it, however many frames came, and every connection writes what it got in one go.
#pragma once

#include "connection.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <mutex>
#include <unordered_set>
#include <utility>
#include <vector>

namespace netra::server {

class Loop : public Mailbox {
public:
  Loop();
  Loop(const Loop &) = delete;
  Loop &operator=(const Loop &) = delete;

  boost::asio::io_context &context() noexcept { return context_; }

  /// From any thread.
  void deliver(std::vector<std::shared_ptr<Connection>> connections, SharedFrame frame) override;
  void post(std::function<void()> work);

  /// On the loop's thread.
  /// Hands over now what was delivered so far: before a connection is closed that is to get it.
  void empty_mailbox();
  void add(Connection *connection) { connections_.insert(connection); }
  void remove(Connection *connection) { connections_.erase(connection); }
  std::vector<std::shared_ptr<Connection>> connections() const;

  /// Serves until `stop`.
  void run();
  void stop();

private:
  struct Letter {
    std::vector<std::shared_ptr<Connection>> connections;
    SharedFrame frame;
  };

  /// Empties the mailbox once nothing has come for some turns of the loop.
  void look_into_mailbox(std::size_t seen, int unchanged, int looks);
  void schedule_tick();

  boost::asio::io_context context_{1};
  boost::asio::steady_timer tick_;
  std::mutex mutex_;
  std::vector<Letter> mailbox_;
  bool awake_ = false;
  std::unordered_set<Connection *> connections_;
};

} // namespace netra::server
