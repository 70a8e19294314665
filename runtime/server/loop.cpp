#include "loop.h"

#include <boost/asio/post.hpp>

namespace netra::server {

namespace {

constexpr std::chrono::milliseconds kTick(250);

} // namespace

Loop::Loop() : tick_(context_) {}

void Loop::deliver(std::shared_ptr<Connection> connection, SharedFrame frame) {
  {
    std::lock_guard lock(mutex_);
    mailbox_.emplace_back(std::move(connection), std::move(frame));
    if (std::exchange(awake_, true))
      return;
  }
  boost::asio::post(context_, [this] { empty_mailbox(); });
}

void Loop::post(std::function<void()> work) { boost::asio::post(context_, std::move(work)); }

std::vector<std::shared_ptr<Connection>> Loop::connections() const {
  std::vector<std::shared_ptr<Connection>> result;
  for (Connection *connection : connections_)
    result.push_back(connection->shared_from_this());
  return result;
}

void Loop::empty_mailbox() {
  std::vector<std::pair<std::shared_ptr<Connection>, SharedFrame>> letters;
  {
    std::lock_guard lock(mutex_);
    letters.swap(mailbox_);
    awake_ = false;
  }
  for (auto &[connection, frame] : letters)
    connection->append(frame);
  // To flush twice costs nothing: the second finds a write under way.
  for (auto &[connection, frame] : letters)
    connection->flush();
}

void Loop::schedule_tick() {
  tick_.expires_after(kTick);
  tick_.async_wait([this](boost::system::error_code error) {
    if (error)
      return;
    for (const std::shared_ptr<Connection> &connection : connections())
      connection->tick();
    schedule_tick();
  });
}

void Loop::run() {
  schedule_tick();
  context_.run();
}

void Loop::stop() { context_.stop(); }

} // namespace netra::server
