// compat_callers.h - the legacy callers of compat_callers.cpp, for the test to call.
#pragma once

#include "netra/websocket_core/canonical_message_router.h"
#include "netra/websocket_core/connection_manager.h"

#include <memory>
#include <string>
#include <vector>

namespace legacy_callers {

int notify_by_router(std::shared_ptr<netra::ConnectionManager> manager, const netra::UserId &user,
                     const netra::Event &event);
int notify_all(std::shared_ptr<netra::ConnectionManager> manager, const std::vector<netra::UserId> &users,
               const netra::Event &event);
void use_manager(std::shared_ptr<netra::ConnectionManager> manager);
int notify_by_function(const netra::UserId &user, const netra::Event &event);
int notify_by_scoped_function(const netra::UserId &user, const netra::Event &event);
int notify_by_scoped_router(std::shared_ptr<netra::ConnectionManager> manager, const netra::UserId &user,
                            const netra::Event &event);
int notify_by_swapped_function(const netra::UserId &user, const netra::Event &event);
std::vector<netra::ConnectionId> join_by_handlers(const netra::UserId &user, const netra::ConnectionId &connection);
bool ask_handlers(const std::string &type);
std::vector<netra::ConnectionId> route_through(netra::MessageSink sink, const netra::UserId &user);
std::vector<netra::ConnectionId> route_to_all();
std::vector<std::string> events_of_a_run(netra::MessageSink sink, const netra::UserId &user);
void golden_path(std::shared_ptr<netra::ConnectionManager> manager, const netra::UserId &user);
bool ask_for_quality(const std::string &type, const netra::UserId &user, std::string &seen);
std::size_t shared_connections_after(const netra::ConnectionId &connection, const netra::UserId &user);

} // namespace legacy_callers
