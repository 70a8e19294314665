#include "netra/compat/legacy_runtime.h"

#include <array>
#include <mutex>

namespace netra::compat {

namespace {

struct ProcessWide {
  DeprecationCounter usage;
  std::mutex mutex;
  std::array<std::shared_ptr<WebSocketBroadcastService>, 2> services;
};

/// The mutable static of the layer; see the header for why there is one.
ProcessWide &process_wide() {
  static ProcessWide state;
  return state;
}

} // namespace

void set_manager(FreeFunctions functions, std::shared_ptr<ConnectionManager> manager) {
  std::shared_ptr<WebSocketBroadcastService> service;
  if (manager)
    service = create_broadcast_service(std::move(manager));
  ProcessWide &state = process_wide();
  std::lock_guard lock(state.mutex);
  state.services[static_cast<std::size_t>(functions)] = std::move(service);
}

std::shared_ptr<WebSocketBroadcastService> broadcast_service(FreeFunctions functions) {
  ProcessWide &state = process_wide();
  std::lock_guard lock(state.mutex);
  return state.services[static_cast<std::size_t>(functions)];
}

DeprecationCounter &legacy_usage() { return process_wide().usage; }

} // namespace netra::compat
