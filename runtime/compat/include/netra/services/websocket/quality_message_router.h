// netra/services/websocket/quality_message_router.h - legacy. A router for four message types, now handlers of the
// canonical one.
#pragma once

#include "netra/services/quality_handlers.h"

#include <string>
#include <vector>

namespace netra::services::websocket {

class [[deprecated("QualityMessageRouter is deprecated. Use CanonicalMessageRouter with add_quality_handlers from "
                   "netra/services/quality_handlers.h instead.")]] QualityMessageRouter {
public:
  explicit QualityMessageRouter(QualityHandlers handlers);

  /// Answers get_quality_metrics, subscribe_quality_alerts, validate_content and generate_quality_report.
  /// \returns false for any other type, or when the handler failed.
  bool handle_message(const UserId &user, const WebSocketMessage &message);

  std::vector<std::string> supported_types() const;

private:
  QualityHandlers handlers_;
};

} // namespace netra::services::websocket
