// tests/support/extracted.h - facts of source text, without files: an in-memory project under /project.
#pragma once

#include "extract/extract.h"

#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/VirtualFileSystem.h>

#include <map>
#include <string>
#include <vector>

namespace ssot::test {

/// Files of the project by relative path; a path that starts with '/' lies outside. `main.cpp` is the unit unless
/// another is named.
using Sources = std::map<std::string, std::string>;

inline UnitFacts extract(const Sources &sources, Vocabulary vocabulary, const std::string &unit = "main.cpp",
                         std::vector<std::string> flags = {"-std=c++20"}, bool onlyNeeded = false) {
  llvm::IntrusiveRefCntPtr<llvm::vfs::InMemoryFileSystem> memory(new llvm::vfs::InMemoryFileSystem);
  for (const auto &[path, text] : sources)
    memory->addFile(path.front() == '/' ? path : "/project/" + path, 0, llvm::MemoryBuffer::getMemBufferCopy(text));
  llvm::IntrusiveRefCntPtr<llvm::vfs::OverlayFileSystem> files(
      new llvm::vfs::OverlayFileSystem(llvm::vfs::getRealFileSystem()));
  files->pushOverlay(memory);
  CompileUnit command;
  command.file = unit;
  command.absolute = "/project/" + unit;
  command.directory = "/project";
  command.arguments = {"clang++", "-I/project"};
  command.arguments.insert(command.arguments.end(), flags.begin(), flags.end());
  command.arguments.push_back(command.absolute);
  Extractor extractor(
      std::move(vocabulary), "/project", [](llvm::StringRef) { return true; }, /*errorLimit=*/1, /*warnings=*/false,
      /*foreignTemplates=*/false, onlyNeeded);
  return extractor.run(command, files);
}

} // namespace ssot::test
