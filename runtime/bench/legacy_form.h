// legacy_form.h - the same scenario in the legacy form and in the consolidated one. The legacy side is compiled from
// the legacy code base.
#pragma once

namespace netra::bench {

struct Form {
  /// Heap that the routers hold for all users and connections.
  double bytes_per_connection;
  /// One message to the two connections of one user.
  double nanoseconds_per_message;
};

/// The legacy application's message layer, which makes every connection known to each of its ten routers; one message
/// through the first.
[[gnu::visibility("default")]] Form measure_legacy_form(int users);
/// One canonical router per user.
Form measure_consolidated_form(int users);

} // namespace netra::bench
