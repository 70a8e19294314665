#include "store/sql.h"

#include <sqlite3.h>

namespace ssot {

namespace {

/// Others write for a few milliseconds at a time; who waits longer than this waits for something that is stuck.
constexpr int kBusyMilliseconds = 10'000;

} // namespace

Statement::~Statement() { sqlite3_finalize(Handle); }
void Statement::bind(int parameter, std::int64_t value) { sqlite3_bind_int64(Handle, parameter, value); }
void Statement::bind(int parameter, llvm::StringRef blob) {
  // A null pointer would bind NULL.
  sqlite3_bind_blob64(Handle, parameter, blob.empty() ? "" : blob.data(), blob.size(), SQLITE_STATIC);
}
void Statement::bindText(int parameter, llvm::StringRef text) {
  sqlite3_bind_text64(Handle, parameter, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}
Step Statement::step() {
  int code = sqlite3_step(Handle);
  return code == SQLITE_ROW ? Step::Row : code == SQLITE_DONE ? Step::Done : Step::Failed;
}
void Statement::reset() {
  if (Handle)
    sqlite3_reset(Handle);
}
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(Handle, column); }
llvm::StringRef Statement::blob(int column) const {
  const void *data = sqlite3_column_blob(Handle, column);
  return llvm::StringRef(static_cast<const char *>(data),
                         data ? static_cast<std::size_t>(sqlite3_column_bytes(Handle, column)) : 0);
}
llvm::StringRef Statement::text(int column) const {
  const unsigned char *data = sqlite3_column_text(Handle, column);
  return llvm::StringRef(reinterpret_cast<const char *>(data),
                         data ? static_cast<std::size_t>(sqlite3_column_bytes(Handle, column)) : 0);
}

bool Database::open(const std::string &file, bool mayCreate) {
  close();
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (mayCreate ? SQLITE_OPEN_CREATE : 0);
  if (sqlite3_open_v2(file.c_str(), &Handle, flags, nullptr) != SQLITE_OK)
    return false;
  sqlite3_busy_timeout(Handle, kBusyMilliseconds);
  sqlite3_extended_result_codes(Handle, 1);
  // No write-ahead log: it needs memory shared by all that use it, and a network's file system has none.
  return run("PRAGMA journal_mode = TRUNCATE") && run("PRAGMA synchronous = NORMAL") &&
         run("PRAGMA cache_size = -16384") && run("PRAGMA trusted_schema = OFF") && run("PRAGMA cell_size_check = ON");
}

void Database::close() {
  sqlite3_close_v2(Handle);
  Handle = nullptr;
}

bool Database::run(const char *sql) {
  return Handle && sqlite3_exec(Handle, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

Statement Database::prepare(const char *sql) {
  sqlite3_stmt *statement = nullptr;
  if (!Handle || sqlite3_prepare_v2(Handle, sql, -1, &statement, nullptr) != SQLITE_OK)
    return Statement();
  return Statement(statement);
}

std::optional<std::int64_t> Database::integer(const char *sql) {
  Statement statement = prepare(sql);
  if (!statement || statement.step() != Step::Row)
    return std::nullopt;
  return statement.integer(0);
}

std::string Database::message() const { return Handle ? sqlite3_errmsg(Handle) : "not open"; }

bool Database::isDamaged() const {
  int code = Handle ? sqlite3_errcode(Handle) & 0xff : SQLITE_OK;
  return code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_FORMAT;
}

} // namespace ssot
