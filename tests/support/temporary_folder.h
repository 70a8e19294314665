// tests/support/temporary_folder.h - a folder of real files for tests that need the file system; gone with the object.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <stdlib.h>

namespace ssot::test {

class TemporaryFolder {
public:
  TemporaryFolder() {
    std::string path = (std::filesystem::temp_directory_path() / "ssot-test-XXXXXX").string();
    EXPECT_NE(mkdtemp(path.data()), nullptr);
    Path = std::filesystem::canonical(path);
  }
  TemporaryFolder(const TemporaryFolder &) = delete;
  TemporaryFolder &operator=(const TemporaryFolder &) = delete;
  ~TemporaryFolder() {
    std::error_code ignored; // what is left lies in the temporary folder
    std::filesystem::remove_all(Path, ignored);
  }

  std::string path() const { return Path.string(); }
  std::string operator/(const std::string &name) const { return (Path / name).string(); }

  /// Writes a file and the folders it needs. \returns its absolute path.
  std::string write(const std::string &name, const std::string &text) const {
    std::filesystem::path file = Path / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file.string();
  }

  std::string writeExecutable(const std::string &name, const std::string &text) const {
    std::string file = write(name, text);
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    return file;
  }

  std::string read(const std::string &name) const {
    std::ifstream file(Path / name, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

private:
  std::filesystem::path Path;
};

} // namespace ssot::test
