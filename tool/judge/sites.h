// judge/sites.h - what several judges say alike: identities, test doubles, a canonical name that is missing.
#pragma once

#include "judge/judge.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ssot {

/// \returns the part of a qualified name after the last `::`.
llvm::StringRef unqualified(llvm::StringRef name);

std::string quoted(llvm::StringRef name);

/// Whether a USR names something that only its own file sees (static, or in an unnamed namespace). Clang puts that
/// file's name into such a USR: the same qualified name in another file is another function.
bool isInternal(llvm::StringRef usr);

/// What keeps a definition the same one when lines move or its file is renamed.
std::string identityOf(const Index &index, const TypeFact &type);
std::string identityOf(const Index &index, const FunctionFact &function);
/// The same for a mention: the code around it, not where it stands.
std::string identityOfUse(const Index &index, const Place &place, llvm::StringRef name, StringId context);

/// Whether a definition in the tests' folders stands in for the canonical one: it derives from it or from one of its
/// bases, or its name says mock, fake or stub.
/// \param type the class, or of a method its class; may be null.
bool isTestDouble(const JudgeContext &context, const Place &place, llvm::StringRef name, const TypeFact *type,
                  const TypeFact *canonical, llvm::StringRef canonicalName);

/// \returns the problem to report when the analysed code does not define \p canonical.
/// \param defined names of the project of the same sort, to name near ones.
std::optional<RuleProblem> missingCanonical(const Index &index, llvm::StringRef canonical,
                                            llvm::ArrayRef<StringId> defined);

/// \returns the problem that nothing in the analysed code has the name, so that the rule selects nothing.
/// \param known names of the project of the same sort, to name near ones.
RuleProblem unheardOf(const Index &index, llvm::StringRef name, llvm::ArrayRef<StringId> known);

/// What is said of each of \p count definitions that have the canonical name when nothing says which one stays.
std::string undecidedNamesake(llvm::StringRef name, std::size_t count);

/// Bare declarations of the canonical name and aliases for it: mentioned with their role, no sites.
void addDeclarationsAndAliases(const JudgeContext &context, llvm::StringRef canonical, std::vector<Aside> &asides);

/// A share as a person reads it: `93 %`, never rounded up.
std::string percent(double share);

} // namespace ssot
