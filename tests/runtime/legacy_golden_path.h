// legacy_golden_path.h - the golden path in the legacy code base, called from tests that know nothing of its headers
// (they have the names of the compatibility layer's, so the two must not meet in one file).
#pragma once

#include <string>
#include <vector>

namespace netra::test {

/// Ann and bob log in, ann says something. \returns "type user" of what ann was sent; "bob: …" of what bob was.
[[gnu::visibility("default")]] std::vector<std::string> legacy_golden_path();

} // namespace netra::test
