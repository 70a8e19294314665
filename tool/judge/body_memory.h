// judge/body_memory.h - bodies that are compared again and again, read once.
//
// An index keeps bodies as bytes, and each look unpacks one. What was looked at last is kept here; what is kept is
// bounded, so that a rule with thousands of duplicates does not unpack the whole project for good.
#pragma once

#include "link/index.h"

#include <llvm/ADT/DenseMap.h>

#include <memory>

namespace ssot {

class BodyMemory {
public:
  explicit BodyMemory(const Index &index) : Known(index) {}

  const Index &index() const { return Known; }

  /// Whoever has it keeps it, also when it is forgotten here.
  std::shared_ptr<const FunctionBody> of(const FunctionFact &function) {
    if (auto known = Bodies.find(&function); known != Bodies.end())
      return known->second;
    auto body = std::make_shared<const FunctionBody>(Known.bodyOf(function));
    std::size_t size = body->steps.size() + body->statements.size() + 1;
    if (Size + size > kMostKept) {
      Bodies.clear();
      Size = 0;
    }
    Size += size;
    Bodies[&function] = body;
    return body;
  }

private:
  /// Steps and statements: some 40 MB.
  static constexpr std::size_t kMostKept = 1'000'000;

  const Index &Known;
  std::size_t Size = 0;
  llvm::DenseMap<const FunctionFact *, std::shared_ptr<const FunctionBody>> Bodies;
};

} // namespace ssot
