#include "netra/websocket_core/connection_manager.h"

#include <exception>

namespace netra {

namespace {

std::string explanation(SendStatus status) {
  switch (status) {
  case SendStatus::sent:
    return {};
  case SendStatus::busy:
    return "the connection's queue is full";
  case SendStatus::closed:
    return "the connection is closed";
  }
  return "unknown";
}

} // namespace

std::vector<SendOutcome> ConnectionManager::send_to_user(const UserId &user, const Event &event) {
  std::vector<SendOutcome> outcomes;
  for (ConnectionId &connection : connections_of(user)) {
    try {
      SendStatus status = send(connection, user, event);
      outcomes.push_back({std::move(connection), status, explanation(status)});
    } catch (const std::exception &error) {
      outcomes.push_back({std::move(connection), SendStatus::closed, error.what()});
    }
  }
  return outcomes;
}

} // namespace netra
