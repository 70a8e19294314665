// server/client_message.h - what a message from a client means.
//
// `ping`, `resume` and `ack` concern the connection and are answered here; everything else goes through the router of
// the user. A message that names another user where the sender or the receiver stands is refused: a client has no say
// in who it is.
#pragma once

#include "hub.h"
#include "metrics.h"

#include <string_view>

namespace netra::server {

void handle_client_message(Connection &connection, std::string_view text, Hub &hub, Metrics &metrics);

} // namespace netra::server
