// netra/services/websocket/quality_message_router.h - legacy. A router for four message types, now handlers of the
// canonical one.
#pragma once

#include "netra/compat/id_text.h"
#include "netra/services/quality_handlers.h"

#include <memory>
#include <string>

namespace netra {

class [[deprecated("QualityMessageRouter is deprecated. Use CanonicalMessageRouter with add_quality_handlers from "
                   "netra/services/quality_handlers.h instead.")]] QualityMessageRouter {
public:
  explicit QualityMessageRouter(QualityHandlers handlers);
  QualityMessageRouter(const QualityMessageRouter &) = delete;
  QualityMessageRouter &operator=(const QualityMessageRouter &) = delete;
  ~QualityMessageRouter();

  static bool is_quality_message_type(const std::string &type);

  /// \returns whether the message was one of the four and its handler succeeded.
  bool handle_message(const compat::IdText &user, const WebSocketMessage &message);

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace netra
