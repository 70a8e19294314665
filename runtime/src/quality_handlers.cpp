#include "netra/services/quality_handlers.h"

#include <string>

namespace netra {

void add_quality_handlers(CanonicalMessageRouter &router, const QualityHandlers &handlers) {
  const std::array<const MessageHandler *, 4> in_order = {
      &handlers.get_quality_metrics, &handlers.subscribe_quality_alerts, &handlers.validate_content,
      &handlers.generate_quality_report};
  for (std::size_t i = 0; i < in_order.size(); ++i)
    if (*in_order[i])
      router.add_handler(std::string(kQualityMessageTypes[i]), *in_order[i]);
}

} // namespace netra
