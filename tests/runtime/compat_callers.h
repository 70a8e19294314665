// compat_callers.h - the legacy callers of compat_callers.cpp, for the test to call.
#pragma once

#include "netra/websocket_core/canonical_message_router.h"
#include "netra/websocket_core/connection_manager.h"

#include <memory>
#include <string>
#include <vector>

namespace legacy_callers {

int notify_by_router(std::shared_ptr<netra::ConnectionManager> manager, const std::string &user,
                     const netra::Event &event);
int notify_by_function(const std::string &user, const netra::Event &event);
int notify_by_scoped_router(std::shared_ptr<netra::ConnectionManager> manager, const std::string &user,
                            const netra::Event &event);
int notify_by_swapped_function(const std::string &user, const netra::Event &event);
bool join(const std::string &user, const std::string &connection);
std::vector<std::string> connections_of(const std::string &user);
std::vector<std::string> route_through(netra::MessageSink sink, const std::string &user);
std::vector<std::string> events_of_a_run(netra::MessageSink sink, const std::string &user);
bool ask_for_quality(const std::string &type, const std::string &user, std::string &seen);
int clean_up();

} // namespace legacy_callers
