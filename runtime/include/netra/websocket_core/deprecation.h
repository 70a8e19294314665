// netra/websocket_core/deprecation.h - who still uses the legacy API, at run time.
//
// The compiler's warnings say where legacy names stand; only the running program says which of them still work and how
// often. An adapter can be dropped when its counter has stood still for long enough.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace netra {

/// One legacy name, as a metric has it.
struct LegacyApiUse {
  std::string api;
  std::string replacement;
  std::uint64_t calls = 0;
};

/// Called once for each legacy name, at its first use.
using LegacyApiReport = std::function<void(const LegacyApiUse &)>;

/// Counts uses of legacy names. May be used from any thread; counting a name that is known costs a hash and an
/// addition.
class DeprecationCounter {
public:
  explicit DeprecationCounter(LegacyApiReport report = {});
  DeprecationCounter(const DeprecationCounter &) = delete;
  DeprecationCounter &operator=(const DeprecationCounter &) = delete;
  ~DeprecationCounter();

  void count(std::string_view api, std::string_view replacement);

  /// One name, looked up once: counting costs one addition. Must not outlive its counter.
  class Api {
  public:
    void count();

  private:
    friend class DeprecationCounter;
    Api(DeprecationCounter &counter, void *use) : counter_(&counter), use_(use) {}
    DeprecationCounter *counter_;
    void *use_;
  };
  Api api(std::string_view api, std::string_view replacement);

  /// \returns the uses so far, sorted by name.
  std::vector<LegacyApiUse> uses() const;
  /// \returns the calls of one name so far.
  std::uint64_t calls(std::string_view api) const;

  /// \returns `legacy_api_calls_total{api="…",replacement="…"} N` lines, as Prometheus reads them.
  std::string prometheus_text() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

/// \returns "OLD is deprecated. Use NEW from HEADER instead.": the one wording of every deprecation.
std::string deprecation_text(std::string_view old_name, std::string_view new_name, std::string_view header);

} // namespace netra
