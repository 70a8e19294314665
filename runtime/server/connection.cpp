#include "connection.h"

namespace netra::server {

SendStatus Connection::admit(SharedFrame frame) {
  SendStatus status = reserve(frame->wire.size());
  if (status == SendStatus::sent) {
    metrics_.add(Metrics::Count::frames_admitted);
    mailbox_.deliver({shared_from_this()}, std::move(frame));
  }
  return status;
}

SendStatus Connection::reserve(std::size_t size) {
  if (closing_.load()) {
    metrics_.add(Metrics::Count::frames_refused);
    return SendStatus::closed;
  }
  const std::size_t bytes = queued_bytes_.fetch_add(size) + size;
  const std::size_t frames = queued_frames_.fetch_add(1) + 1;
  // A frame that is longer than the whole queue still goes out when nothing else waits.
  if ((bytes <= limits_.bytes || frames == 1) && frames <= limits_.frames)
    return SendStatus::sent;
  release(1, size);
  metrics_.add(Metrics::Count::frames_refused);
  if (!closing_.exchange(true)) {
    metrics_.add(Metrics::Count::slow_consumers);
    close(CloseCode::try_again_later, "too slow", true);
  }
  return SendStatus::busy;
}

void Connection::release(std::size_t frames, std::size_t bytes) noexcept {
  queued_frames_.fetch_sub(frames);
  queued_bytes_.fetch_sub(bytes);
}

} // namespace netra::server
