#include "command/cache.h"

#include "command/analysis.h"
#include "gate/gate.h"
#include "store/build_id.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Format.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/Process.h>
#include <llvm/TargetParser/Host.h>

namespace ssot {

namespace {

/// What Clang's driver reads from the environment and what changes what it parses.
constexpr llvm::StringLiteral kEnvironment[] = {"CPATH",
                                                "C_INCLUDE_PATH",
                                                "CPLUS_INCLUDE_PATH",
                                                "OBJC_INCLUDE_PATH",
                                                "OBJCPLUS_INCLUDE_PATH",
                                                "COMPILER_PATH",
                                                "GCC_EXEC_PREFIX",
                                                "SDKROOT",
                                                "CCC_OVERRIDE_OPTIONS",
                                                "CCC_ADD_ARGS",
                                                "CL",
                                                "_CL_",
                                                "INCLUDE",
                                                "CLANG_NO_DEFAULT_CONFIG",
                                                "SOURCE_DATE_EPOCH",
                                                "HOME",
                                                "XDG_CONFIG_HOME",
                                                "CUDA_PATH",
                                                "HIP_PATH",
                                                "ROCM_PATH",
                                                "VCINSTALLDIR",
                                                "VCToolsInstallDir",
                                                "SYSROOT",
                                                "PATH"};

/// Options that make Clang read what the recording file system does not see, or write.
constexpr llvm::StringLiteral kUnseen[] = {
    "-fmodule", "-fcxx-modules", "-fprebuilt-module", "-fbuiltin-module", "-ivfs", "-fplugin", "-load", "-include-pch"};

std::string cacheFolder(const SharedOptions &options, llvm::StringRef root) {
  llvm::SmallString<256> folder(options.cache);
  if (folder.empty()) {
    folder = root;
    llvm::sys::path::append(folder, ".ssot", "cache");
  }
  // Without a current folder the relative path is as good as any; opening it says what is wrong.
  static_cast<void>(llvm::sys::fs::make_absolute(folder));
  return folder.str().str();
}

Digest digestOfVocabulary(const Vocabulary &vocabulary) {
  DigestInput input;
  input.all(vocabulary.names)
      .all(vocabulary.created)
      .all(vocabulary.called)
      .all(vocabulary.moved)
      .all(vocabulary.interfaces)
      .all(vocabulary.emitters);
  input.number(vocabulary.matchers.size());
  for (const MatcherRequest &request : vocabulary.matchers)
    input.add(request.rule).number(request.compliant).add(request.expression);
  input.number(vocabulary.flow).number(vocabulary.bodies);
  return input.digest();
}

std::string megabytes(std::uint64_t bytes) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.1f MB", static_cast<double>(bytes) / 1e6);
  return text;
}

} // namespace

FactsCache::FactsCache(const SharedOptions &options, const std::string &root, llvm::raw_ostream &err) : Err(err) {
  if (options.cache.empty()) // asked for by name only
    return;
  StoreOptions store;
  store.folder = cacheFolder(options, root);
  Facts = Store::open(store, [&err, quiet = options.quiet](const std::string &note) {
    if (!quiet)
      err << "ssot: " << note << '\n';
  });
  if (Facts)
    Build = toolBuild();
}

void FactsCache::begin(const Project &project, const Config &config) {
  if (!Facts)
    return;
  DigestInput input;
  input.add(bytesOf(Build)).add(project.root).all(project.buildFolders);
  auto add = [&](const std::vector<Glob> &globs) {
    input.number(globs.size());
    for (const Glob &glob : globs)
      input.add(glob.text());
  };
  add(config.scope.include);
  add(config.scope.exclude);
  for (llvm::StringRef name : kEnvironment) {
    std::optional<std::string> value = llvm::sys::Process::GetEnv(name);
    input.number(value.has_value()).add(value.value_or(std::string()));
  }
  Base = input.digest();
  Words = vocabularyOf(config);
  WordsDigest = digestOfVocabulary(Words);
}

std::optional<Digest> FactsCache::unitKey(const CompileUnit &unit) const {
  DigestInput input;
  input.add(bytesOf(Base)).add(unit.file).add(unit.absolute).add(unit.directory).all(unit.arguments);
  bool isNative = false;
  for (llvm::StringRef argument : unit.arguments) {
    for (llvm::StringRef unseen : kUnseen)
      if (argument.starts_with(unseen))
        return std::nullopt;
    isNative = isNative || argument.ends_with("=native");
  }
  if (isNative) {
    // The command says "this machine": then the machine is a part of it.
    llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
    std::vector<std::string> present;
    for (const auto &feature : features)
      if (feature.second)
        present.push_back(feature.first().str());
    llvm::sort(present);
    input.add(llvm::sys::getHostCPUName()).all(present);
  }
  return input.digest();
}

Digest FactsCache::factsKey(const Digest &unit, llvm::ArrayRef<std::string> named) const {
  // What the unit does not speak of leaves no trace in its facts.
  Vocabulary present = Words;
  for (std::vector<std::string> *names :
       {&present.names, &present.created, &present.called, &present.moved, &present.interfaces})
    std::erase_if(*names, [&](const std::string &name) { return !llvm::is_contained(named, name); });
  return DigestInput().add("facts").add(bytesOf(unit)).add(bytesOf(digestOfVocabulary(present))).digest();
}

Digest FactsCache::aliasOf(const Digest &unit) const {
  return DigestInput().add("alias").add(bytesOf(unit)).add(bytesOf(WordsDigest)).digest();
}

namespace {

Digest knownName(const Digest &unit) { return DigestInput().add("known").add(bytesOf(unit)).digest(); }

std::string pointing(const Digest &key, const Digest &sum) { return (bytesOf(key) + bytesOf(sum)).str(); }

} // namespace

std::optional<KeptFacts> FactsCache::find(const Digest &unit) {
  std::optional<std::string> target = Facts->recall(aliasOf(unit));
  Digest key{};
  if (!target || target->size() != 2 * key.size())
    return std::nullopt;
  std::memcpy(key.data(), target->data(), key.size());
  std::optional<KeptFacts> kept = Facts->find(key);
  // The facts under a key may have been replaced, by others that came from another content.
  return kept && *target == pointing(key, kept->sum) ? std::move(kept) : std::nullopt;
}

std::optional<KeptFacts> FactsCache::find(const Digest &unit, llvm::ArrayRef<std::string> named) {
  Digest key = factsKey(unit, named);
  std::optional<KeptFacts> kept = Facts->find(key);
  if (kept)
    Facts->remember(aliasOf(unit), pointing(key, kept->sum));
  return kept;
}

bool FactsCache::isKnown(const Digest &unit) { return Facts->recall(knownName(unit)).has_value(); }

std::optional<Digest> FactsCache::keep(const Digest &unit, llvm::ArrayRef<std::string> named, UnitInputs inputs,
                                       const CutFacts &facts) {
  if (!inputs.doubt.empty()) {
    ++notKept;
    if (Doubt.empty())
      Doubt = inputs.doubt;
    return std::nullopt;
  }
  Digest key = factsKey(unit, named);
  std::vector<KeptPiece> pieces;
  for (const FactsPiece &piece : facts.pieces)
    pieces.push_back({piece.name, piece.bytes});
  Digest sum = Facts->keep(key, std::move(inputs), facts.head.str(), pieces);
  Facts->remember(aliasOf(unit), pointing(key, sum));
  Facts->remember(knownName(unit), "1");
  return sum;
}

std::optional<std::string> FactsCache::recall(const Digest &name) { return Facts->recall(name); }
void FactsCache::remember(const Digest &name, std::string value) { Facts->remember(name, std::move(value)); }

void FactsCache::finish() {
  if (IsPutOff)
    rest();
  else
    write();
}

void FactsCache::write() {
  if (Facts)
    Facts->finish();
}

bool FactsCache::isToBeVerified(const Digest &unit) const {
  // By the key, so that a run can be repeated; the keys are spread evenly.
  unsigned place = unit[0] * 256U + unit[1];
  return place < Percent / 100 * 65536;
}

bool FactsCache::compare(const std::string &unit, const Digest &key, llvm::ArrayRef<std::string> named,
                         llvm::StringRef kept, llvm::StringRef fresh) {
  ++verified;
  if (kept == fresh)
    return true;
  ++differing;
  Facts->drop(factsKey(key, named));
  Err << "ssot: error: " << unit << ": what the cache holds is not what the source says; the entry was removed. "
      << "Please report this.\n";
  return false;
}

void FactsCache::describe() const {
  Err << "ssot: units read from the cache: " << read << ", parsed: " << parsed;
  if (skipped)
    Err << ", skipped: " << skipped;
  if (verified)
    Err << ", verified: " << verified;
  if (notKept)
    Err << ", not kept: " << notKept << " (the first: " << Doubt << ")";
  if (isJudged)
    Err << "; judged by an earlier run";
  Err << '\n';
}

namespace {

/// Opens an existing store and hands it to \p use.
template <typename Use>
int withStore(const SharedOptions &options, Streams streams, Use use) {
  llvm::Expected<std::string> root = projectRoot(options);
  if (!root)
    return reportUsageError(root.takeError(), streams.err);
  StoreOptions request;
  request.folder = cacheFolder(options, *root);
  request.mayCreate = false;
  bool failed = false;
  std::unique_ptr<Store> store = Store::open(request, [&](const std::string &note) {
    failed = true;
    streams.err << "ssot: " << note << '\n';
  });
  if (!store && failed)
    return static_cast<int>(ExitCode::Internal);
  if (!store) {
    streams.out << Store::fileIn(request.folder) << ": no cache\n";
    return 0;
  }
  return use(*store, Store::fileIn(request.folder));
}

} // namespace

int runCacheStats(const SharedOptions &options, Streams streams) {
  return withStore(options, streams, [&](Store &store, const std::string &file) {
    StoreStats stats = store.stats();
    streams.out << file << ": " << stats.units << " units, " << stats.inputs << " inputs, " << stats.pieces
                << " pieces, " << stats.runs << " judgements, " << megabytes(stats.bytes) << '\n';
    return 0;
  });
}

int runCacheVerify(const SharedOptions &options, Streams streams) {
  return withStore(options, streams, [&](Store &store, const std::string &file) {
    auto areWhole = [](llvm::StringRef bytes, bool isPiece) {
      llvm::Expected<CutFacts> head = isPiece ? CutFacts{{}, bytes, {}} : readCut(bytes);
      llvm::Expected<UnitFacts> facts = head ? ownFacts(*head) : head.takeError();
      if (facts)
        return true;
      llvm::consumeError(facts.takeError());
      return false;
    };
    std::vector<std::string> problems = store.verify(areWhole);
    for (const std::string &problem : problems)
      streams.err << "ssot: " << file << ": " << problem << '\n';
    if (problems.empty())
      streams.out << file << ": " << store.stats().units << " units, all whole\n";
    else
      streams.err << "ssot: nothing of this is trusted; `ssot cache clear` removes it\n";
    return problems.empty() ? 0 : 1;
  });
}

int runCacheClear(const SharedOptions &options, Streams streams) {
  return withStore(options, streams, [&](Store &store, const std::string &file) {
    std::optional<std::uint64_t> units = store.clear();
    if (!units)
      return static_cast<int>(ExitCode::Internal);
    streams.out << file << ": " << *units << " units removed\n";
    return 0;
  });
}

} // namespace ssot
