#include "loop.h"

#include <boost/asio/post.hpp>

namespace netra::server {

namespace {

constexpr std::chrono::milliseconds kTick(250);

// A system call per connection costs more than all else that happens to a frame. While letters keep coming they are
// gathered; a loop with nothing else to do has made the few turns that it takes to see so in a microsecond. Beast needs
// some turns for one message it has read.
constexpr int kTurnsOfARead = 6;
constexpr std::size_t kEnoughLetters = 96;
constexpr int kMostLooks = 400;

} // namespace

Loop::Loop() : tick_(context_) {}

void Loop::deliver(std::vector<std::shared_ptr<Connection>> connections, SharedFrame frame) {
  {
    std::lock_guard lock(mutex_);
    mailbox_.push_back({std::move(connections), std::move(frame)});
    if (std::exchange(awake_, true))
      return;
  }
  boost::asio::post(context_, [this] { look_into_mailbox(0, 0, 0); });
}

void Loop::look_into_mailbox(std::size_t seen, int unchanged, int looks) {
  std::size_t letters = 0;
  {
    std::lock_guard lock(mutex_);
    letters = mailbox_.size();
  }
  unchanged = letters == seen ? unchanged + 1 : 0;
  if (unchanged == kTurnsOfARead || letters >= kEnoughLetters || looks == kMostLooks)
    return empty_mailbox();
  boost::asio::post(context_, [this, letters, unchanged, looks] { look_into_mailbox(letters, unchanged, looks + 1); });
}

void Loop::post(std::function<void()> work) { boost::asio::post(context_, std::move(work)); }

std::vector<std::shared_ptr<Connection>> Loop::connections() const {
  std::vector<std::shared_ptr<Connection>> result;
  result.reserve(connections_.size());
  for (Connection *connection : connections_)
    result.push_back(connection->shared_from_this());
  return result;
}

void Loop::empty_mailbox() {
  std::vector<Letter> letters;
  {
    std::lock_guard lock(mutex_);
    letters.swap(mailbox_);
    awake_ = false;
  }
  std::vector<Connection *> to_flush; // kept alive by the letters
  for (const Letter &letter : letters)
    for (const std::shared_ptr<Connection> &connection : letter.connections)
      if (connection->append(letter.frame))
        to_flush.push_back(connection.get());
  for (Connection *connection : to_flush)
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
