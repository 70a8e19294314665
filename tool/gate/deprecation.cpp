#include "gate/deprecation.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/JSON.h>

namespace ssot {

namespace {

constexpr llvm::StringLiteral kMetric = "legacy_api_calls_total";
constexpr llvm::StringLiteral kWarning = " is deprecated. Use ";

/// Reads a label's value up to its closing quote. \returns nothing when there is none.
std::optional<std::string> takeQuoted(llvm::StringRef &rest) {
  if (!rest.consume_front("\""))
    return std::nullopt;
  std::string value;
  while (!rest.empty()) {
    char c = rest.front();
    rest = rest.drop_front();
    if (c == '"')
      return value;
    if (c == '\\' && !rest.empty()) {
      c = rest.front() == 'n' ? '\n' : rest.front();
      rest = rest.drop_front();
    }
    value += c;
  }
  return std::nullopt;
}

/// `{api="...",replacement="..."} 3`, perhaps with a time behind it. \returns whether it is one.
bool readSample(llvm::StringRef rest, RuntimeCounts &counts) {
  std::optional<std::string> api;
  if (!rest.consume_front("{"))
    return false;
  while (!rest.consume_front("}")) {
    auto [label, value] = rest.split('=');
    rest = value;
    std::optional<std::string> text = takeQuoted(rest);
    if (!text)
      return false;
    if (label.trim() == "api")
      api = std::move(text);
    rest = rest.ltrim();
    rest.consume_front(",");
    rest = rest.ltrim();
  }
  double calls = 0;
  if (!api || rest.trim().split(' ').first.getAsDouble(calls) || !(calls >= 0) || calls > 1e18)
    return false;
  counts[*api] += static_cast<std::uint64_t>(calls);
  return true;
}

/// \returns whether the line is an object with an `api`.
bool readObject(llvm::StringRef line, RuntimeCounts &counts) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(line);
  if (!value) {
    llvm::consumeError(value.takeError());
    return false;
  }
  const llvm::json::Object *object = value->getAsObject();
  std::optional<llvm::StringRef> api = object ? object->getString("api") : std::nullopt;
  if (!api)
    return false;
  std::int64_t calls = object->getInteger("calls").value_or(1);
  counts[api->str()] += calls > 0 ? static_cast<std::uint64_t>(calls) : 0;
  return true;
}

bool readWarning(llvm::StringRef line, RuntimeCounts &counts) {
  std::size_t at = line.find(kWarning);
  if (at == llvm::StringRef::npos)
    return false;
  llvm::StringRef before = line.take_front(at);
  ++counts[before.substr(before.find_last_of(" \t\"'") + 1).str()];
  return true;
}

llvm::StringRef folderOf(llvm::StringRef file) {
  std::size_t at = file.rfind('/');
  return at == llvm::StringRef::npos ? llvm::StringRef(".") : file.take_front(at);
}

bool endsInName(llvm::StringRef name, llvm::StringRef last) {
  return name.consume_back(last) && (name.empty() || name.ends_with("::"));
}

/// \returns the one legacy name that \p counted means, or null.
LegacyUsage *meantBy(llvm::StringRef counted, std::vector<LegacyUsage> &names) {
  for (llvm::StringRef part = counted; !part.empty();) {
    LegacyUsage *found = nullptr;
    bool isOne = true;
    for (LegacyUsage &name : names)
      if (endsInName(name.name, part)) {
        isOne &= !found || found->name == name.name;
        found = found ? found : &name;
      }
    if (found)
      return isOne ? found : nullptr;
    std::size_t at = part.rfind("::");
    part = at == llvm::StringRef::npos ? llvm::StringRef() : part.take_front(at);
  }
  return nullptr;
}

void addNames(const std::vector<Registry::Legacy> &list, const Owners &owners, DeprecationUsage &usage) {
  for (const Registry::Legacy &legacy : list) {
    LegacyUsage name{legacy.name, legacy.replacement, legacy.rule, legacy.sunset, legacy.uses, legacy.unjudged, 0, {}};
    for (const std::string &file : legacy.files)
      ++name.places[{folderOf(file).str(), owners.text(file)}];
    usage.names.push_back(std::move(name));
  }
}

} // namespace

llvm::Expected<RuntimeCounts> parseRuntimeCounts(llvm::StringRef text, llvm::StringRef name) {
  RuntimeCounts counts;
  bool isOurs = false;
  unsigned number = 0;
  for (llvm::StringRef line : llvm::split(text, '\n')) {
    ++number;
    line = line.trim();
    llvm::StringRef sample = line;
    if (line.starts_with("#") && line.contains(kMetric))
      isOurs = true; // nothing was called yet
    else if (sample.consume_front(kMetric)) {
      if (!readSample(sample, counts))
        return llvm::createStringError(std::make_error_code(std::errc::invalid_argument),
                                       name + ":" + llvm::Twine(number) + ":1: error: this sample of " + kMetric +
                                           " is not of the form {api=\"NAME\"} COUNT");
      isOurs = true;
    } else
      isOurs |= (line.starts_with("{") && readObject(line, counts)) || readWarning(line, counts);
  }
  if (!isOurs)
    return llvm::createStringError(std::make_error_code(std::errc::invalid_argument),
                                   name + ":1:1: error: no line is a count of legacy calls: a sample of " + kMetric +
                                       ", a JSON object with 'api', or a warning 'OLD is deprecated. Use NEW ...'");
  return counts;
}

DeprecationUsage usageOf(const Registry &registry, const Owners &owners, const RuntimeCounts *counts) {
  DeprecationUsage usage;
  usage.counted = counts != nullptr;
  for (const auto *list : {&registry.names, &registry.calls, &registry.headers})
    addNames(*list, owners, usage);
  if (!counts)
    return usage;
  for (const auto &[counted, calls] : *counts)
    if (LegacyUsage *name = meantBy(counted, usage.names))
      name->calls += calls;
    else
      usage.unknown.emplace_back(counted, calls);
  return usage;
}

} // namespace ssot
