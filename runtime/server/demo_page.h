// server/demo_page.h - the page that `--demo` serves at `/`; its source is demo.html.
#pragma once

namespace netra::server {

extern const char *const kDemoPage;

} // namespace netra::server
