// extract/directives.h - using-directives and aliases of namespaces, and what is found by them.
//
// When names move out of a namespace, a directive for it may have no purpose any more, or be the only thing that still
// needs it. That is known only by what each unqualified name of the unit means.
#pragma once

#include "extract/names.h"
#include "extract/recorder.h"
#include "facts/vocabulary.h"

#include <llvm/ADT/ArrayRef.h>

namespace ssot {

/// \param imports the directives and aliases that the project's code of the unit has.
void recordDirectives(Recorder &recorder, const VocabularyNames &names, const Vocabulary &vocabulary,
                      llvm::ArrayRef<const clang::NamedDecl *> imports, clang::ASTContext &context);

} // namespace ssot
