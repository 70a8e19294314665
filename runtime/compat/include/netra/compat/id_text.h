// netra/compat/id_text.h - an identifier as the legacy code passed it: any text, or one of today's types.
#pragma once

#include "netra/websocket_core/types.h"

#include <string>
#include <utility>

namespace netra::compat {

struct IdText {
  IdText(const char *text) : text(text) {}
  IdText(std::string text) : text(std::move(text)) {}
  template <class Kind>
  IdText(const Identifier<Kind> &id) : text(id.str()) {}

  std::string text;
};

} // namespace netra::compat
