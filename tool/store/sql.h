// store/sql.h - as much of SQLite as the store needs, with owners for its handles.
#pragma once

#include <llvm/ADT/StringRef.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

namespace ssot {

enum class Step { Row, Done, Failed };

class Statement {
public:
  Statement() = default;
  explicit Statement(sqlite3_stmt *handle) : Handle(handle) {}
  Statement(Statement &&other) noexcept : Handle(std::exchange(other.Handle, nullptr)) {}
  Statement &operator=(Statement &&other) noexcept {
    std::swap(Handle, other.Handle);
    return *this;
  }
  ~Statement();
  explicit operator bool() const { return Handle; }

  /// Parameters count from 1. What is bound must live until the step is done.
  void bind(int parameter, std::int64_t value);
  void bind(int parameter, llvm::StringRef blob);
  void bindText(int parameter, llvm::StringRef text);
  Step step();
  void reset();

  /// Columns count from 0; what they point to lives until the next step or reset.
  std::int64_t integer(int column) const;
  llvm::StringRef blob(int column) const;
  llvm::StringRef text(int column) const;

private:
  sqlite3_stmt *Handle = nullptr;
};

class Database {
public:
  Database() = default;
  Database(const Database &) = delete;
  Database &operator=(const Database &) = delete;
  ~Database() { close(); }

  bool open(const std::string &file, bool mayCreate);
  void close();
  bool run(const char *sql);
  Statement prepare(const char *sql);
  /// \returns the first column of the first row.
  std::optional<std::int64_t> integer(const char *sql);
  /// Why the last call failed.
  std::string message() const;
  /// Whether the last call failed because the file is not what it should be.
  bool isDamaged() const;

private:
  sqlite3 *Handle = nullptr;
};

} // namespace ssot
