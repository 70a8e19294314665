// report/source_lines.h - lines and columns of the project's files, for formats that do not count bytes.
#pragma once

#include "report/report.h"

#include <llvm/ADT/StringRef.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ssot {

/// Reads each file once. A file that cannot be read has no lines.
class SourceLines {
public:
  explicit SourceLines(const ReportInput &input) : Input(input) {}

  /// A place as editors and services count it: 1-based lines and UTF-16 columns, the end behind the last character.
  struct Region {
    std::uint32_t line = 1, column = 1, endLine = 1, endColumn = 1;
  };
  Region regionOf(const std::string &file, const Place &place);
  /// The same for a range of bytes; nothing when the file can't be read or is shorter.
  std::optional<Region> regionOf(const std::string &file, std::uint32_t begin, std::uint32_t end);

  const std::optional<std::string> &textOf(const std::string &file);
  /// A line without its end; nothing when there is no such line. Valid as long as this object is.
  std::optional<llvm::StringRef> line(const std::string &file, std::uint32_t number);
  /// The 1-based number of the line that the byte stands in; the file can be read.
  std::uint32_t lineAt(const std::string &file, std::uint32_t offset);

private:
  struct File {
    std::optional<std::string> text;
    std::vector<std::size_t> starts; ///< of the lines
  };
  const File &read(const std::string &file);
  static llvm::StringRef lineOf(const File &file, std::uint32_t line);

  const ReportInput &Input;
  std::map<std::string, File> Files;
};

} // namespace ssot
