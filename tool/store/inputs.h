// store/inputs.h - everything a unit's facts came from, and the file system that notes it while Clang reads.
//
// What was looked for in vain is an input like any other: a new header in an earlier include directory takes the place
// of the one that was read, and only the vain look tells.
#pragma once

#include "store/prober.h"

#include <llvm/ADT/IntrusiveRefCntPtr.h>
#include <llvm/Support/Error.h>
#include <llvm/Support/VirtualFileSystem.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ssot {

enum class InputKind : std::uint8_t {
  Identity, ///< what lies there, or that nothing does
  Content,  ///< its bytes
  Listing,  ///< the names in a directory
};

struct Input {
  std::string path; ///< absolute
  InputKind kind = InputKind::Identity;
  Digest digest{};
  Stamp stamp;          ///< of content and listing: while the file has it, the digest holds
  bool settled = false; ///< whether the stamp can be trusted
};

struct UnitInputs {
  std::vector<Input> inputs;
  /// Why these are not all, so that nothing may be kept; empty when they are.
  std::string doubt;
};

std::string serialize(const UnitInputs &inputs);
/// Takes inputs off the front of \p bytes.
llvm::Expected<UnitInputs> takeInputs(llvm::StringRef &bytes);

/// Passes everything on to another file system and notes what was asked and answered. For one unit.
class RecordingFileSystem : public llvm::vfs::ProxyFileSystem {
public:
  explicit RecordingFileSystem(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files);

  llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine &path) override;
  bool exists(const llvm::Twine &path) override;
  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> openFileForRead(const llvm::Twine &path) override;
  llvm::vfs::directory_iterator dir_begin(const llvm::Twine &path, std::error_code &error) override;
  std::error_code getRealPath(const llvm::Twine &path, llvm::SmallVectorImpl<char> &output) override;

  /// \returns what was noted, sorted.
  UnitInputs take();

  /// A file was read: \p bytes is what Clang saw.
  void noteContent(const std::string &path, const Stamp &stamp, llvm::StringRef bytes);
  void doubt(const llvm::Twine &why);

private:
  std::string absolute(const llvm::Twine &path) const;
  const Look &noteIdentity(const std::string &path);
  void note(Input input);
  /// The look and Clang's own answer must agree: else the file changed between the two.
  void compare(const std::string &path, const llvm::ErrorOr<llvm::vfs::Status> &status);

  Prober Looks;
  std::map<std::pair<std::string, InputKind>, Input> Noted;
  std::string Doubt;
};

} // namespace ssot
