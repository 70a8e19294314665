// judge/bodies.h - what classes and functions do, with what they have moved to helpers, for likeness.
#pragma once

#include "link/index.h"
#include "similar/likeness.h"

#include <llvm/ADT/DenseMap.h>

#include <memory>
#include <vector>

namespace ssot {

class Bodies {
public:
  explicit Bodies(const Index &index);

  /// The class with the nested one that hides its state, when it has such a one.
  ClassBody of(const TypeFact &type) const;
  llvm::ArrayRef<const FunctionFact *> methodsOf(StringId usr) const;

  /// How alike two classes are. What a common base asks both for is no evidence, and the bodies have the last word.
  Likeness likenessOf(const ClassBody &a, const ClassBody &b) const;
  /// What stands in them, for those who judge names and siblings themselves.
  Likeness contentOf(const ClassBody &a, const ClassBody &b) const {
    return likenessOfTypes(a, b, {.sameInterface = shareAnInterface(*a.type, *b.type)});
  }

  /// Whether a common base with methods of its own asks both classes for something.
  bool shareAnInterface(const TypeFact &a, const TypeFact &b) const;

  /// How alike two functions are, each as it stands or with its helpers written out, whichever is more alike.
  Likeness likenessOf(const FunctionFact &a, const FunctionFact &b);

private:
  /// A function with what only it and its like can call: private methods of its class, functions that only its file
  /// sees. Three deep.
  struct Whole {
    std::vector<const FunctionFact *> helpers;
    std::unique_ptr<BodyShape> shape; ///< null when there are no helpers
  };
  const Whole &wholeOf(const FunctionFact &function);
  void addHelpers(const FunctionFact &function, unsigned depth, Whole &whole) const;
  const FunctionFact *helperOf(const FunctionFact &caller, const CallFact &call) const;

  const Index &Known;
  llvm::DenseMap<StringId, std::vector<const FunctionFact *>> MethodsOf;
  llvm::DenseMap<const FunctionFact *, Whole> Wholes;
};

} // namespace ssot
