// extract/mentions.h - where words stand in a file, whatever the compiler makes of them: in code, in comments, in
// strings.
//
// What no unit parses (a branch that is off, a header nobody includes) has no facts. A migration must still say that
// the name stands there.
#pragma once

#include <llvm/ADT/StringRef.h>
#include <llvm/ADT/StringSet.h>

#include <cstdint>
#include <string>
#include <vector>

namespace ssot {

enum class MentionKind { Code, Comment, String };

struct Mention {
  MentionKind kind = MentionKind::Code;
  std::string word;
  std::uint32_t offset = 0;
  std::uint32_t line = 0; ///< 1-based, as in Place
  std::uint32_t column = 0;
};

/// \param words C++ identifiers.
/// \returns every place of \p text where one of \p words stands as a whole word, in order.
std::vector<Mention> mentionsOf(llvm::StringRef text, const llvm::StringSet<> &words);

} // namespace ssot
