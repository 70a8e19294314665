// test_doubles.h - what stands for the world around the runtime in its unit tests: a clock with hands to turn, a
// transport that remembers.
#pragma once

#include "netra/websocket_core/connection_manager.h"
#include "netra/websocket_core/types.h"

#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace netra::test {

inline UserId user(const std::string &id) { return UserId(id); }
inline ConnectionId connection(const std::string &id) { return ConnectionId(id); }

inline std::vector<ConnectionId> connections(std::initializer_list<const char *> ids) {
  std::vector<ConnectionId> result;
  for (const char *id : ids)
    result.emplace_back(id);
  return result;
}

/// A steady clock that stands still until it is told to go on.
class HandClock {
public:
  SteadyClock read() {
    return [this] { return now_; };
  }
  void advance(std::chrono::milliseconds time) { now_ += time; }

private:
  std::chrono::steady_clock::time_point now_{};
};

/// Keeps connections by user, takes what is sent, and fails where it is told to.
class RecordingManager : public ConnectionManager {
public:
  void connect(const std::string &user, const std::string &connection) {
    users_[UserId(user)].emplace_back(connection);
  }
  void make_busy(const std::string &connection) { busy_.insert(connection); }
  void make_throw(const std::string &connection) { throwing_.insert(connection); }

  std::vector<ConnectionId> connections_of(const UserId &user) const override {
    std::lock_guard lock(mutex_);
    auto found = users_.find(user);
    return found == users_.end() ? std::vector<ConnectionId>() : found->second;
  }

  SendStatus send(const ConnectionId &connection, const UserId &, const Event &event) override {
    std::lock_guard lock(mutex_);
    if (throwing_.contains(connection.str()))
      throw std::runtime_error("wire cut");
    if (busy_.contains(connection.str()))
      return SendStatus::busy;
    sent_[connection.str()].push_back(event);
    return SendStatus::sent;
  }

  std::vector<Event> sent_to(const std::string &connection) const {
    std::lock_guard lock(mutex_);
    auto found = sent_.find(connection);
    return found == sent_.end() ? std::vector<Event>() : found->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<UserId, std::vector<ConnectionId>> users_;
  std::map<std::string, std::vector<Event>> sent_;
  std::set<std::string> busy_;
  std::set<std::string> throwing_;
};

} // namespace netra::test
