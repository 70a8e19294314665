// netra/services/quality_handlers.h - the four quality messages as handlers of the one router.
//
// They once had a router of their own, which was a copy of the message router with four types built in.
#pragma once

#include "netra/websocket_core/canonical_message_router.h"

#include <array>
#include <string_view>

namespace netra {

inline constexpr std::array<std::string_view, 4> kQualityMessageTypes = {
    "get_quality_metrics", "subscribe_quality_alerts", "validate_content", "generate_quality_report"};

struct QualityHandlers {
  MessageHandler get_quality_metrics = {};
  MessageHandler subscribe_quality_alerts = {};
  MessageHandler validate_content = {};
  MessageHandler generate_quality_report = {};
};

/// Adds those of the four that are given.
void add_quality_handlers(CanonicalMessageRouter &router, const QualityHandlers &handlers);

} // namespace netra
