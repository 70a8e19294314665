// tests/unit/config/files.h - rule files on disk for one test, and what loading them says.
#pragma once

#include "config/load.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/raw_ostream.h>

#include <gmock/gmock.h>

namespace ssot {

class RuleFiles : public testing::Test {
protected:
  RuleFiles() { EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("ssot-config", Folder)); }
  ~RuleFiles() override { llvm::sys::fs::remove_directories(Folder); }

  std::string path(llvm::StringRef name) const {
    llvm::SmallString<256> path(Folder);
    llvm::sys::path::append(path, name);
    return path.str().str();
  }

  void write(llvm::StringRef name, llvm::StringRef text) const {
    std::string file = path(name);
    EXPECT_FALSE(llvm::sys::fs::create_directories(llvm::sys::path::parent_path(file)));
    std::error_code error;
    llvm::raw_fd_ostream out(file, error);
    EXPECT_FALSE(error) << file;
    out << text;
  }

  llvm::Expected<Config> loadFile(llvm::StringRef name, std::vector<std::string> extra = {}) const {
    return loadConfig(name.empty() ? std::string() : path(name), extra, LoadOptions{{path("packs")}});
  }

  /// Loads \p text as `.ssot.yaml`, which must succeed.
  Config load(llvm::StringRef text) const {
    write(".ssot.yaml", text);
    return loaded(loadFile(".ssot.yaml"));
  }

  Config loaded(llvm::Expected<Config> config) const {
    if (config)
      return std::move(*config);
    ADD_FAILURE() << printed(config.takeError());
    return Config();
  }

  /// What is printed when \p text is loaded as `.ssot.yaml`, with file names relative to the test's folder.
  std::string errors(llvm::StringRef text) const {
    write(".ssot.yaml", text);
    return errorsOf(loadFile(".ssot.yaml"));
  }

  std::string errorsOf(llvm::Expected<Config> config) const {
    return config ? std::string("no error\n") : printed(config.takeError());
  }

private:
  std::string printed(llvm::Error error) const {
    std::string text;
    llvm::raw_string_ostream out(text);
    llvm::handleAllErrors(std::move(error), [&](const ConfigError &problems) { problems.log(out); });
    std::string prefix = (Folder + "/").str();
    for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at))
      text.erase(at, prefix.size());
    return text;
  }

  llvm::SmallString<128> Folder;
};

} // namespace ssot
