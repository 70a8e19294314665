#include "judge/topics.h"

#include "judge/side_work.h"
#include "judge/sites.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/xxhash.h>

#include <algorithm>
#include <cmath>

namespace ssot {

namespace {

constexpr double kWords = 0.4, kCallees = 0.4, kTypes = 0.2;

std::uint64_t hashOf(llvm::StringRef text) { return llvm::xxh3_64bits(text) >> 2; } // two values are the map's own

void addWords(std::vector<std::uint64_t> &to, llvm::StringRef name) {
  for (const std::string &word : wordsOf(name))
    to.push_back(hashOf(word));
}

/// The names of types in a shape as extraction spells it: `map(netra::UserId,text,)`.
void addTypes(std::vector<std::uint64_t> &to, llvm::StringRef spelled) {
  while (!spelled.empty()) {
    llvm::StringRef token =
        spelled.take_while([](char c) { return llvm::isAlnum(c) || c == '_' || c == ':' || c == '<' || c == '>'; });
    // What has no name of its own is spelled by its kind, in one word.
    if (token.contains("::") && !token.starts_with("std::"))
      to.push_back(hashOf(token));
    spelled = spelled.drop_front(std::max<std::size_t>(token.size(), 1));
  }
}

void addTypes(const Index &index, std::vector<std::uint64_t> &to, llvm::ArrayRef<TypeShape> shapes) {
  for (const TypeShape &shape : shapes)
    addTypes(to, index.text(shape.exact));
}

void addCallees(const Index &index, std::vector<std::uint64_t> &to, const FunctionFact &function) {
  for (const CallFact &call : index.callsOf(function)) {
    llvm::StringRef name = index.text(call.name);
    bool outside = function.shape && llvm::is_contained(function.shape->callees, call.name);
    if (!name.empty() && !outside && !name.starts_with("std::") && !isSideWork(name))
      to.push_back(hashOf(name));
  }
}

void sortOnce(std::vector<std::uint64_t> &hashes) {
  llvm::sort(hashes);
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
}

Topic finished(Topic topic) {
  sortOnce(topic.words);
  sortOnce(topic.callees);
  sortOnce(topic.types);
  return topic;
}

} // namespace

Topic topicOf(const Index &index, const FunctionFact &function) {
  Topic topic;
  addWords(topic.words, unqualified(index.text(function.name)));
  addCallees(index, topic.callees, function);
  addTypes(index, topic.types, function.signature);
  return finished(std::move(topic));
}

Topic topicOf(const Index &index, const ClassBody &body) {
  Topic topic;
  addWords(topic.words, unqualified(index.text(body.type->name)));
  for (const MethodFact &method : body.type->methods) {
    if (method.access != Access::Public || method.isSpecial)
      continue;
    addWords(topic.words, index.text(method.name));
    addTypes(index, topic.types, method.shape);
  }
  for (const FieldFact *field : body.fields)
    addTypes(topic.types, index.text(field->shape.exact));
  for (const FunctionFact *method : body.methods)
    addCallees(index, topic.callees, *method);
  return finished(std::move(topic));
}

std::string describe(const CommonGround &common) {
  std::string text;
  auto add = [&](const char *name, std::optional<double> term) {
    if (term)
      text += llvm::formatv("{0}{1} {2:f2}", text.empty() ? "" : ", ", name, *term).str();
  };
  add("words", common.words);
  add("callees", common.callees);
  add("types", common.types);
  return text;
}

std::vector<std::uint64_t> tokensOf(const Topic &topic) {
  std::vector<std::uint64_t> tokens = topic.words;
  llvm::append_range(tokens, topic.callees);
  sortOnce(tokens);
  return tokens;
}

Topics::Topics(std::vector<Topic> all) : All(std::move(all)) {
  for (const Topic &topic : All)
    for (const auto *hashes : {&topic.words, &topic.callees, &topic.types})
      for (std::uint64_t hash : *hashes)
        ++Owners[hash];
}

double Topics::rarity(std::uint64_t hash) const {
  return std::log(static_cast<double>(All.size() + 1) / static_cast<double>(Owners.lookup(hash)));
}

double Topics::shared(const std::vector<std::uint64_t> &a, const std::vector<std::uint64_t> &b) const {
  double common = 0, whole = 0;
  for (const auto *side : {&a, &b})
    for (std::uint64_t hash : *side) {
      double weight = rarity(hash);
      whole += weight;
      if (llvm::binary_search(side == &a ? b : a, hash))
        common += weight;
    }
  return whole > 0 ? common / whole : 0;
}

CommonGround Topics::common(std::size_t a, std::size_t b) const {
  CommonGround ground;
  double sum = 0, whole = 0;
  auto term = [&](std::vector<std::uint64_t> Topic::*part, double weight) -> std::optional<double> {
    const std::vector<std::uint64_t> &left = All[a].*part, &right = All[b].*part;
    if (left.empty() && right.empty())
      return std::nullopt;
    double value = shared(left, right);
    sum += value * weight;
    whole += weight;
    return value;
  };
  ground.words = term(&Topic::words, kWords);
  ground.callees = term(&Topic::callees, kCallees);
  ground.types = term(&Topic::types, kTypes);
  ground.score = whole > 0 ? sum / whole : 0;
  return ground;
}

} // namespace ssot
