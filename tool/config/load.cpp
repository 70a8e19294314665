#include "config/load.h"

#include "config/compile.h"
#include "config/shape.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringSet.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>

namespace ssot {

char ConfigError::ID = 0;

void ConfigError::log(llvm::raw_ostream &out) const {
  for (const Item &item : Items) {
    out << item.mark.file << ':';
    if (item.mark.line)
      out << item.mark.line << ':' << item.mark.column << ':';
    out << " error: " << item.message << '\n';
  }
}

std::error_code ConfigError::convertToErrorCode() const { return std::make_error_code(std::errc::invalid_argument); }

namespace {

constexpr char kDefaultTests[] = "**/test*/**";

/// What a file says beside its rules. What it leaves open, the files that it extends may say.
struct Settings {
  std::optional<std::vector<Glob>> include;
  std::optional<std::vector<Glob>> exclude;
  std::optional<std::vector<Glob>> tests;
  std::optional<std::vector<Glob>> editable;
  std::optional<double> minCompliance;
  std::optional<bool> parseOnlyNeeded;
  std::optional<Mark> scopeAt;
  std::optional<Mark> minComplianceAt;

  /// Takes over what \p stronger says.
  void overlay(const Settings &stronger) {
    if (stronger.include)
      include = stronger.include;
    if (stronger.exclude)
      exclude = stronger.exclude;
    if (stronger.tests)
      tests = stronger.tests;
    if (stronger.editable)
      editable = stronger.editable;
    if (stronger.minCompliance)
      minCompliance = stronger.minCompliance;
    if (stronger.parseOnlyNeeded)
      parseOnlyNeeded = stronger.parseOnlyNeeded;
    if (stronger.scopeAt)
      scopeAt = stronger.scopeAt;
    if (stronger.minComplianceAt)
      minComplianceAt = stronger.minComplianceAt;
  }
};

std::optional<std::vector<Glob>> globsOf(const YamlNode *list) {
  return list ? std::optional(compileGlobs(list)) : std::nullopt;
}

/// \returns what the checked \p root says beside its rules.
Settings settingsOf(const YamlNode &root) {
  Settings settings;
  if (const YamlNode *scope = root.find("scope")) {
    settings.include = globsOf(scope->find("include"));
    settings.exclude = globsOf(scope->find("exclude"));
    settings.tests = globsOf(scope->find("tests"));
    settings.editable = globsOf(scope->find("editable"));
    settings.scopeAt = scope->mark;
  }
  const YamlNode *gate = root.find("gate");
  if (const YamlNode *minimum = gate ? gate->find("min-compliance") : nullptr) {
    double value = 0;
    llvm::StringRef(minimum->text).getAsDouble(value);
    settings.minCompliance = value;
    settings.minComplianceAt = minimum->mark;
  }
  const YamlNode *check = root.find("check");
  if (const YamlNode *parse = check ? check->find("parse") : nullptr)
    settings.parseOnlyNeeded = parse->text == "needed";
  return settings;
}

std::string join(llvm::StringRef directory, llvm::StringRef name) {
  llvm::SmallString<256> path(llvm::sys::path::is_absolute(name) ? llvm::StringRef() : directory);
  llvm::sys::path::append(path, name);
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/false);
  return path.str().str();
}

bool namesAFile(llvm::StringRef packOrFile) {
  return packOrFile.contains('/') || packOrFile.ends_with(".yaml") || packOrFile.ends_with(".yml");
}

/// \returns the content of a regular file, whatever its encoding, or why it cannot be read.
llvm::Expected<std::string> contentOf(llvm::StringRef path) {
  llvm::sys::fs::file_status status;
  if (std::error_code error = llvm::sys::fs::status(path, status))
    return llvm::errorCodeToError(error);
  if (llvm::sys::fs::is_directory(status))
    return llvm::errorCodeToError(std::make_error_code(std::errc::is_a_directory));
  if (!llvm::sys::fs::is_regular_file(status))
    return llvm::createStringError("not a regular file"); // a pipe or a device may never end
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return llvm::errorCodeToError(buffer.getError());
  return (*buffer)->getBuffer().str();
}

class Loader {
public:
  explicit Loader(const LoadOptions &options) : Options(options) {}

  Config config;
  std::vector<ConfigError::Item> problems;

  /// Reads \p path, named at \p from, and everything it extends.
  Settings readFile(const std::string &path, const Mark &from) {
    llvm::Expected<std::string> content = Options.read ? Options.read(path) : contentOf(path);
    if (!content) {
      add(from, "cannot read '" + path + "': " + llvm::toString(content.takeError()));
      return {};
    }
    llvm::SmallString<256> real;
    if (llvm::sys::fs::real_path(path, real))
      real = path;
    if (isOpen(real, from) || !Read.insert(real).second)
      return {};
    config.files.push_back(path);
    if (Options.texts)
      Options.texts->push_back(*content);
    std::optional<YamlNode> root = parseYaml(path, *content, problems);
    if (!root)
      return {};
    Open.push_back({path, real.str().str()});
    Settings settings = readRoot(*root, llvm::sys::path::parent_path(path));
    Open.pop_back();
    return settings;
  }

  /// Reads a bundled pack, or a file relative to \p directory.
  Settings readPackOrFile(llvm::StringRef name, llvm::StringRef directory, const Mark &from) {
    if (namesAFile(name))
      return readFile(join(directory, name), from);
    std::vector<std::string> packs;
    for (const std::string &packDirectory : Options.packDirectories) {
      std::string path = join(packDirectory, (name + ".yaml").str());
      if (llvm::sys::fs::exists(path))
        return readFile(path, from);
      addPacksIn(packDirectory, packs);
    }
    llvm::sort(packs);
    std::string known = packs.empty() ? std::string() : "; known are " + llvm::join(packs, ", ");
    add(from, "no bundled pack '" + name.str() + "'" +
                  suggestion(name, packs, known + "; a file is named with its '/' or '.yaml'"));
    return {};
  }

private:
  struct OpenFile {
    std::string path;
    std::string real;
  };

  void add(const Mark &mark, std::string message) { problems.push_back({mark, std::move(message)}); }

  bool isOpen(llvm::StringRef real, const Mark &from) {
    auto first = llvm::find_if(Open, [&](const OpenFile &file) { return file.real == real; });
    if (first == Open.end())
      return false;
    std::string chain;
    for (const OpenFile &file : llvm::make_range(first, Open.end()))
      chain += file.path + " -> ";
    add(from, "'" + first->path + "' extends itself (" + chain + first->path + ")");
    return true;
  }

  static void addPacksIn(llvm::StringRef directory, std::vector<std::string> &packs) {
    std::error_code error;
    for (llvm::sys::fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error))
      if (llvm::sys::path::extension(at->path()) == ".yaml")
        packs.push_back(llvm::sys::path::stem(at->path()).str());
  }

  Settings readRoot(const YamlNode &root, llvm::StringRef directory) {
    bool isSound = checkShape(root, fileSpec(), problems);
    std::size_t problemsBefore = problems.size();
    Settings settings;
    if (const YamlNode *extends = root.find("extends"))
      for (const YamlNode &item : extends->items)
        if (item.kind == YamlKind::String && !item.text.empty())
          settings.overlay(readPackOrFile(item.text, directory, item.mark));
    // An extended file that could not be read whole may lack the very rule that is to be adjusted.
    if (isSound && problems.size() == problemsBefore)
      if (const YamlNode *overrides = root.find("override"))
        override(*overrides, root);
    if (const YamlNode *rules = root.find("rules"))
      for (const YamlNode &rule : rules->items)
        addRule(rule);
    if (isSound)
      settings.overlay(settingsOf(root));
    return settings;
  }

  void override(const YamlNode &overrides, const YamlNode &root) {
    std::vector<std::string> known;
    for (const Rule &rule : config.rules)
      known.push_back(rule.id);
    for (const YamlEntry &entry : overrides.entries) {
      auto rule = llvm::find_if(config.rules, [&](const Rule &candidate) { return candidate.id == entry.key; });
      if (rule != config.rules.end())
        applyOverride(entry.value, *rule);
      else if (definesRule(root, entry.key))
        add(entry.mark, "rule '" + entry.key + "' is defined in this file; change it there");
      else
        add(entry.mark, "no extended file has a rule '" + entry.key + "'" + suggestion(entry.key, known));
    }
  }

  static bool definesRule(const YamlNode &root, llvm::StringRef id) {
    const YamlNode *rules = root.find("rules");
    return rules && llvm::any_of(rules->items, [&](const YamlNode &rule) {
             const YamlNode *own = rule.find("id");
             return own && own->text == id;
           });
  }

  /// Adds a rule when it is sound. Its shape was reported with that of the whole file: here it is only asked for again.
  void addRule(const YamlNode &node) {
    if (std::vector<ConfigError::Item> reported; !checkRuleShape(node, reported))
      return;
    std::optional<Rule> rule = compileRule(node, problems);
    if (!rule)
      return;
    auto same = llvm::find_if(config.rules, [&](const Rule &other) { return other.id == rule->id; });
    if (same == config.rules.end()) {
      config.rules.push_back(std::move(*rule));
      return;
    }
    add(node.find("id")->mark,
        "rule id '" + rule->id + "' is given twice; the first one is at " + same->mark.file + ":" +
            std::to_string(same->mark.line) + ":" + std::to_string(same->mark.column) +
            (same->mark.file == node.mark.file ? "" : " ('override' adjusts a rule of an extended file)"));
  }

  const LoadOptions &Options;
  std::vector<OpenFile> Open; ///< being read now, each extended by the one before
  llvm::StringSet<> Read;     ///< real paths; a file that is reached twice counts once
};

void apply(Settings settings, Config &config) {
  if (settings.include)
    config.scope.include = std::move(*settings.include);
  if (settings.exclude)
    config.scope.exclude = std::move(*settings.exclude);
  if (settings.tests)
    config.tests = std::move(*settings.tests);
  else
    config.tests = configWithoutRules().tests;
  config.editable = std::move(settings.editable);
  config.minCompliance = settings.minCompliance;
  config.parseOnlyNeeded = settings.parseOnlyNeeded.value_or(false);
  Mark top{config.files.front(), 1, 1};
  config.scopeAt = settings.scopeAt.value_or(top);
  config.minComplianceAt = settings.minComplianceAt.value_or(top);
}

} // namespace

Config configWithoutRules() {
  Config config;
  config.tests.push_back(llvm::cantFail(Glob::compile(kDefaultTests)));
  return config;
}

llvm::Expected<Config> loadConfig(llvm::StringRef path, llvm::ArrayRef<std::string> extra, const LoadOptions &options) {
  Loader loader(options);
  Settings main;
  if (!path.empty())
    main = loader.readFile(path.str(), Mark{path.str(), 0, 0});
  // What `--rules` adds are rules; the project's own file decides about the rest.
  Settings settings;
  for (const std::string &name : extra)
    settings.overlay(loader.readPackOrFile(name, llvm::StringRef(), Mark{"--rules", 0, 0}));
  settings.overlay(main);
  if (loader.problems.empty() && loader.config.rules.empty())
    loader.problems.push_back({Mark{path.empty() ? "--rules" : path.str(), 0, 0},
                               "no rules here; add one under 'rules', or a pack to 'extends'"});
  if (!loader.problems.empty())
    return llvm::make_error<ConfigError>(std::move(loader.problems));
  apply(std::move(settings), loader.config);
  return std::move(loader.config);
}

} // namespace ssot
