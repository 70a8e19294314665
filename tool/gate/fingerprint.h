// gate/fingerprint.h - the identity of a finding, as sixteen hexadecimal digits.
//
// It must survive what does not change the code's meaning: another line, another formatting, a renamed file. So it is
// made of the rule and of what the judge calls the site's identity (enclosing symbol and normalised code), and of an
// ordinal that tells equal ones apart.
#pragma once

#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringRef.h>

#include <cstddef>
#include <string>

namespace ssot {

/// \returns what a finding and its equals have in common: the hash of the rule and the site's identity.
std::string identityHash(llvm::StringRef rule, llvm::StringRef identity);

/// Gives fingerprints to findings that come in the order of their places.
class Fingerprinter {
public:
  std::string next(llvm::StringRef rule, llvm::StringRef identity);

private:
  llvm::StringMap<std::size_t> Seen; ///< how many findings of this rule and identity there were
};

} // namespace ssot
