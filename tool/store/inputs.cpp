#include "store/inputs.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/MemoryBuffer.h>

#include <cstring>

namespace ssot {

namespace {

using llvm::vfs::File;
using llvm::vfs::Status;

void put(std::string &bytes, const void *data, std::size_t size) {
  bytes.append(static_cast<const char *>(data), size);
}

bool get(llvm::StringRef &bytes, void *data, std::size_t size) {
  if (bytes.size() < size)
    return false;
  std::memcpy(data, bytes.data(), size);
  bytes = bytes.drop_front(size);
  return true;
}

bool get(llvm::StringRef &bytes, std::string &text) {
  std::uint64_t size = 0;
  if (!get(bytes, &size, sizeof size) || bytes.size() < size)
    return false;
  text = bytes.take_front(size).str();
  bytes = bytes.drop_front(size);
  return true;
}

/// These macros make the facts depend on the clock, and nothing that is looked at shows it.
bool asksForTheTime(llvm::StringRef bytes) {
  auto has = [&](llvm::StringRef name) { return ::memmem(bytes.data(), bytes.size(), name.data(), name.size()); };
  return has("__TIME__") || has("__DATE__") || has("__TIMESTAMP__");
}

class RecordedFile : public File {
public:
  RecordedFile(std::unique_ptr<File> file, llvm::IntrusiveRefCntPtr<RecordingFileSystem> recorder, std::string path,
               Stamp stamp)
      : Opened(std::move(file)), Recorder(std::move(recorder)), Path(std::move(path)), AtOpen(stamp) {}

  llvm::ErrorOr<Status> status() override { return Opened->status(); }

  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> getBuffer(const llvm::Twine &name, std::int64_t size,
                                                               bool nullTerminated, bool) override {
    // Volatile: copied, not mapped, so that what Clang reads later is what is hashed now.
    auto buffer = Opened->getBuffer(name, size, nullTerminated, /*IsVolatile=*/true);
    if (buffer)
      Recorder->noteContent(Path, AtOpen, (*buffer)->getBuffer());
    else
      Recorder->doubt(Path + " could not be read: " + buffer.getError().message());
    return buffer;
  }

  std::error_code close() override { return Opened->close(); }

private:
  std::unique_ptr<File> Opened;
  llvm::IntrusiveRefCntPtr<RecordingFileSystem> Recorder;
  std::string Path;
  Stamp AtOpen;
};

/// What a directory held, read to its end at once.
class Entries : public llvm::vfs::detail::DirIterImpl {
public:
  explicit Entries(std::vector<llvm::vfs::directory_entry> entries) : All(std::move(entries)) { show(); }
  std::error_code increment() override {
    ++At;
    show();
    return {};
  }

private:
  void show() { CurrentEntry = At < All.size() ? All[At] : llvm::vfs::directory_entry(); }

  std::vector<llvm::vfs::directory_entry> All;
  std::size_t At = 0;
};

} // namespace

std::string serialize(const UnitInputs &inputs) {
  std::string bytes;
  auto text = [&](const std::string &value) {
    std::uint64_t size = value.size();
    put(bytes, &size, sizeof size);
    bytes += value;
  };
  text(inputs.doubt);
  std::uint64_t count = inputs.inputs.size();
  put(bytes, &count, sizeof count);
  for (const Input &input : inputs.inputs) {
    text(input.path);
    put(bytes, &input.kind, sizeof input.kind);
    put(bytes, input.digest.data(), input.digest.size());
    put(bytes, &input.stamp, sizeof input.stamp);
    bytes.push_back(input.settled ? 1 : 0);
  }
  return bytes;
}

llvm::Expected<UnitInputs> takeInputs(llvm::StringRef &bytes) {
  UnitInputs inputs;
  std::uint64_t count = 0;
  bool whole = get(bytes, inputs.doubt) && get(bytes, &count, sizeof count);
  for (std::uint64_t i = 0; whole && i < count; ++i) {
    Input input;
    char settled = 0;
    whole = get(bytes, input.path) && get(bytes, &input.kind, sizeof input.kind) &&
            get(bytes, input.digest.data(), input.digest.size()) && get(bytes, &input.stamp, sizeof input.stamp) &&
            get(bytes, &settled, 1);
    input.settled = settled != 0;
    inputs.inputs.push_back(std::move(input));
  }
  if (!whole)
    return llvm::createStringError(std::make_error_code(std::errc::bad_message), "the unit's inputs are cut short");
  return inputs;
}

RecordingFileSystem::RecordingFileSystem(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files)
    : ProxyFileSystem(std::move(files)) {}

llvm::ErrorOr<Status> RecordingFileSystem::status(const llvm::Twine &path) {
  llvm::ErrorOr<Status> status = ProxyFileSystem::status(path);
  compare(absolute(path), status);
  return status;
}

bool RecordingFileSystem::exists(const llvm::Twine &path) { return static_cast<bool>(status(path)); }

llvm::ErrorOr<std::unique_ptr<File>> RecordingFileSystem::openFileForRead(const llvm::Twine &path) {
  std::string name = absolute(path);
  // Looked at before it is opened: when it changes in between, its stamp is older than its bytes, and no harm is done.
  Stamp before = noteIdentity(name).stamp;
  llvm::ErrorOr<std::unique_ptr<File>> file = ProxyFileSystem::openFileForRead(path);
  if (!file) {
    compare(name, file.getError());
    if (Looks.look(name).kind != LookKind::Missing && file.getError() != std::errc::is_a_directory)
      doubt(name + " could not be opened: " + file.getError().message());
    return file;
  }
  compare(name, (*file)->status());
  return std::unique_ptr<File>(std::make_unique<RecordedFile>(
      std::move(*file), llvm::IntrusiveRefCntPtr<RecordingFileSystem>(this), std::move(name), before));
}

llvm::vfs::directory_iterator RecordingFileSystem::dir_begin(const llvm::Twine &path, std::error_code &error) {
  std::string name = absolute(path);
  const Look &look = noteIdentity(name);
  std::optional<Digest> before = listingDigest(name);
  std::vector<llvm::vfs::directory_entry> entries;
  for (llvm::vfs::directory_iterator at = ProxyFileSystem::dir_begin(path, error), end; !error && at != end;
       at.increment(error))
    entries.push_back(*at);
  if (error) {
    if (look.kind != LookKind::Missing)
      doubt(name + " could not be listed: " + error.message());
    return {};
  }
  if (!before || before != listingDigest(name))
    doubt(name + " changed while it was listed");
  else
    note({name, InputKind::Listing, *before, look.stamp, look.isSettled(clockNow())});
  if (entries.empty())
    return {};
  return llvm::vfs::directory_iterator(std::make_shared<Entries>(std::move(entries)));
}

std::error_code RecordingFileSystem::getRealPath(const llvm::Twine &path, llvm::SmallVectorImpl<char> &output) {
  std::string name = absolute(path);
  const Look &look = noteIdentity(name);
  std::error_code error = ProxyFileSystem::getRealPath(path, output);
  bool agrees = error ? look.kind == LookKind::Missing : llvm::StringRef(output.data(), output.size()) == look.real;
  if (!agrees)
    doubt(name + " changed while it was read");
  return error;
}

UnitInputs RecordingFileSystem::take() {
  UnitInputs taken;
  taken.doubt = std::move(Doubt);
  for (auto &[key, input] : Noted)
    taken.inputs.push_back(std::move(input));
  Noted.clear();
  return taken;
}

void RecordingFileSystem::noteContent(const std::string &path, const Stamp &stamp, llvm::StringRef bytes) {
  if (asksForTheTime(bytes))
    doubt(path + " asks for the time");
  note({path, InputKind::Content, digestOf(bytes), stamp, Looks.look(path).isSettled(clockNow())});
}

void RecordingFileSystem::doubt(const llvm::Twine &why) {
  if (Doubt.empty())
    Doubt = why.str();
}

std::string RecordingFileSystem::absolute(const llvm::Twine &path) const {
  llvm::SmallString<256> name;
  path.toVector(name);
  // Only put after the working directory: `..` behind a symbolic link must stay.
  if (!name.starts_with("/")) {
    llvm::ErrorOr<std::string> directory = getCurrentWorkingDirectory();
    std::string prefix = directory ? *directory : std::string("/");
    return (llvm::StringRef(prefix).rtrim('/') + "/" + name).str();
  }
  return name.str().str();
}

const Look &RecordingFileSystem::noteIdentity(const std::string &path) {
  const Look &look = Looks.look(path);
  if (look.kind == LookKind::Unreadable)
    doubt(path + " cannot be looked at");
  note({path, InputKind::Identity, look.identity(), {}, false});
  return look;
}

void RecordingFileSystem::note(Input input) {
  auto [known, isNew] = Noted.try_emplace({input.path, input.kind}, input);
  if (!isNew && known->second.digest != input.digest)
    doubt(input.path + " changed while it was read");
}

void RecordingFileSystem::compare(const std::string &path, const llvm::ErrorOr<Status> &status) {
  const Look &look = noteIdentity(path);
  bool agrees = status ? look.stamp.device == status->getUniqueID().getDevice() &&
                             look.stamp.inode == status->getUniqueID().getFile() &&
                             (look.kind == LookKind::Directory) == status->isDirectory()
                       : look.kind == LookKind::Missing || status.getError() == std::errc::is_a_directory;
  if (!agrees)
    doubt(path + " changed while it was read");
}

} // namespace ssot
