// router_process.h - real processes for the tests: netra-router and nats-server on loopback, started, watched by what
// they log, and ended.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace netra::test {

inline constexpr std::string_view kSecret = "a secret that only the tests know, 32 bytes and more";

/// A folder that goes with its owner.
class TemporaryFolder {
public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder &) = delete;
  TemporaryFolder &operator=(const TemporaryFolder &) = delete;
  ~TemporaryFolder();

  const std::filesystem::path &path() const { return path_; }
  /// \returns the path of a new file with the content.
  std::string file(const std::string &name, std::string_view content) const;

private:
  std::filesystem::path path_;
};

/// A child process whose standard error is read line by line. Killed with its owner.
class Process {
public:
  explicit Process(const std::vector<std::string> &command);
  Process(const Process &) = delete;
  Process &operator=(const Process &) = delete;
  ~Process();

  /// Waits for a line that holds the text. \returns the line, nothing when the process ended or took too long.
  std::optional<std::string> wait_for_line(std::string_view text);
  void signal(int number) const;
  /// Waits for the end. \returns the exit code, or minus the signal that ended it.
  int wait();
  pid_t pid() const { return pid_; }

private:
  void read_lines(int descriptor);

  pid_t pid_ = -1;
  std::optional<int> result_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  bool ended_ = false;
  std::thread reader_;
};

/// A netra-router with the echo agent on a free port of the loopback.
class Router {
public:
  explicit Router(std::vector<std::string> options = {});

  std::uint16_t port() const { return port_; }
  Process &process() { return *process_; }

  /// A token for the user, valid for an hour.
  static std::string token(const std::string &user);

  /// \returns status line, headers and body of the answer to a GET.
  std::string get(const std::string &target) const;
  /// \returns a figure from /metrics, as `name` or `name{label="value"}`.
  double metric(const std::string &name) const;
  /// Asks for the figure until it has the value. \returns what it was last.
  double metric_becomes(const std::string &name, double value) const;

private:
  TemporaryFolder folder_;
  std::optional<Process> process_;
  std::uint16_t port_ = 0;
};

/// \returns a port that nobody listened on a moment ago.
std::uint16_t free_port();

/// \returns resident memory of the process in KiB.
long resident_kib(pid_t process);

} // namespace netra::test
