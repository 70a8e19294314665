#include "netra/compat/legacy_runtime.h"

#include <mutex>

namespace netra::compat {

namespace {

struct ProcessWide {
  DeprecationCounter usage;
  std::mutex mutex;
  std::shared_ptr<WebSocketBroadcastService> service;
};

/// The one mutable static of the layer; see the header for why there is one.
ProcessWide &process_wide() {
  static ProcessWide state;
  return state;
}

} // namespace

void set_connection_manager(std::shared_ptr<ConnectionManager> manager) {
  std::shared_ptr<WebSocketBroadcastService> service;
  if (manager)
    service = create_broadcast_service(std::move(manager));
  ProcessWide &state = process_wide();
  std::lock_guard lock(state.mutex);
  state.service = std::move(service);
}

std::shared_ptr<WebSocketBroadcastService> broadcast_service() {
  ProcessWide &state = process_wide();
  std::lock_guard lock(state.mutex);
  return state.service;
}

DeprecationCounter &legacy_usage() { return process_wide().usage; }

} // namespace netra::compat
