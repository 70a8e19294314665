#include "netra/websocket_core/deprecation.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

namespace netra {

namespace {

struct Use {
  Use(std::string_view api, std::string_view replacement) : api(api), replacement(replacement) {}

  std::string api;
  std::string replacement;
  std::atomic<std::uint64_t> calls = 0;
};

/// Lets a lookup go by string_view without a copy.
struct NameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const noexcept { return std::hash<std::string_view>{}(name); }
};

/// As a label value of the Prometheus text format wants it.
std::string escaped(std::string_view text) {
  std::string result;
  for (char c : text) {
    if (c == '\n') {
      result += "\\n";
      continue;
    }
    if (c == '"' || c == '\\')
      result += '\\';
    result += c;
  }
  return result;
}

} // namespace

struct DeprecationCounter::State {
  explicit State(LegacyApiReport report) : report(std::move(report)) {}

  LegacyApiReport report;
  mutable std::shared_mutex mutex;
  std::unordered_map<std::string, Use, NameHash, std::equal_to<>> uses;
};

DeprecationCounter::DeprecationCounter(LegacyApiReport report) : state_(std::make_unique<State>(std::move(report))) {}
DeprecationCounter::~DeprecationCounter() = default;

void DeprecationCounter::count(std::string_view name, std::string_view replacement) { api(name, replacement).count(); }

DeprecationCounter::Api DeprecationCounter::api(std::string_view name, std::string_view replacement) {
  {
    std::shared_lock lock(state_->mutex);
    if (auto known = state_->uses.find(name); known != state_->uses.end())
      return {*this, &known->second};
  }
  std::unique_lock lock(state_->mutex);
  // Elements of an unordered_map stay where they are.
  return {*this, &state_->uses.try_emplace(std::string(name), name, replacement).first->second};
}

void DeprecationCounter::Api::count() {
  Use &use = *static_cast<Use *>(use_);
  const bool first = use.calls.fetch_add(1, std::memory_order_relaxed) == 0;
  if (first && counter_->state_->report)
    counter_->state_->report({use.api, use.replacement, 1});
}

std::vector<LegacyApiUse> DeprecationCounter::uses() const {
  std::vector<LegacyApiUse> result;
  {
    std::shared_lock lock(state_->mutex);
    for (const auto &[api, use] : state_->uses)
      if (use.calls.load(std::memory_order_relaxed) > 0)
        result.push_back({api, use.replacement, use.calls.load(std::memory_order_relaxed)});
  }
  std::sort(result.begin(), result.end(),
            [](const LegacyApiUse &left, const LegacyApiUse &right) { return left.api < right.api; });
  return result;
}

std::uint64_t DeprecationCounter::calls(std::string_view api) const {
  std::shared_lock lock(state_->mutex);
  auto use = state_->uses.find(api);
  return use == state_->uses.end() ? 0 : use->second.calls.load(std::memory_order_relaxed);
}

std::string DeprecationCounter::prometheus_text() const {
  std::string text =
      "# HELP legacy_api_calls_total Calls of legacy names, by name.\n# TYPE legacy_api_calls_total counter\n";
  for (const LegacyApiUse &use : uses())
    text += "legacy_api_calls_total{api=\"" + escaped(use.api) + "\",replacement=\"" + escaped(use.replacement) +
            "\"} " + std::to_string(use.calls) + "\n";
  return text;
}

std::string deprecation_text(std::string_view old_name, std::string_view new_name, std::string_view header) {
  std::string text(old_name);
  text.append(" is deprecated. Use ").append(new_name).append(" from ").append(header).append(" instead.");
  return text;
}

} // namespace netra
