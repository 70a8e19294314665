#include "router_process.h"

#include "token.h"
#include "ws_client.h"

#include <arpa/inet.h>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace netra::test {

namespace {

constexpr std::chrono::seconds kPatience(30);

} // namespace

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "netra-test-XXXXXX").string();
  if (!mkdtemp(pattern.data()))
    throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::file(const std::string &name, std::string_view content) const {
  std::filesystem::path path = path_ / name;
  std::ofstream(path, std::ios::binary) << content;
  return path.string();
}

Process::Process(const std::vector<std::string> &command) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    throw std::runtime_error("no pipe");
  std::vector<char *> arguments;
  for (const std::string &argument : command)
    arguments.push_back(const_cast<char *>(argument.c_str()));
  arguments.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    dup2(ends[1], STDERR_FILENO);
    dup2(ends[1], STDOUT_FILENO);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  close(ends[1]);
  if (pid_ < 0)
    throw std::runtime_error("no process");
  reader_ = std::thread([this, descriptor = ends[0]] { read_lines(descriptor); });
}

Process::~Process() {
  if (!result_) {
    ::kill(pid_, SIGKILL);
    wait();
  }
  reader_.join();
  // A sanitizer's report in the child is a failure of the test that ran it.
  for (const std::string &line : lines_)
    if (line.find("Sanitizer") != std::string::npos || line.find("runtime error:") != std::string::npos)
      ADD_FAILURE() << line;
}

void Process::read_lines(int descriptor) {
  std::string rest;
  char buffer[4096];
  for (ssize_t size; (size = read(descriptor, buffer, sizeof buffer)) > 0;) {
    rest.append(buffer, static_cast<std::size_t>(size));
    std::lock_guard lock(mutex_);
    for (std::size_t end; (end = rest.find('\n')) != std::string::npos; rest.erase(0, end + 1))
      lines_.push_back(rest.substr(0, end));
    changed_.notify_all();
  }
  close(descriptor);
  std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

std::optional<std::string> Process::wait_for_line(std::string_view text) {
  std::unique_lock lock(mutex_);
  std::optional<std::string> found;
  std::size_t seen = 0;
  changed_.wait_for(lock, kPatience, [&] {
    for (; seen < lines_.size() && !found; ++seen)
      if (lines_[seen].find(text) != std::string::npos)
        found = lines_[seen];
    return found || ended_;
  });
  return found;
}

void Process::signal(int number) const { ::kill(pid_, number); }

int Process::wait() {
  if (!result_) {
    int status = 0;
    waitpid(pid_, &status, 0);
    result_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  return *result_;
}

Router::Router(std::vector<std::string> options) {
  std::vector<std::string> command = {
      NETRA_ROUTER, "--listen",        "127.0.0.1:0", "--token-secret-file", folder_.file("secret", kSecret), "--agent",
      "echo",       "--close-timeout", "10s"};
  command.insert(command.end(), options.begin(), options.end());
  process_.emplace(command);
  std::optional<std::string> line = process_->wait_for_line("\"listening\"");
  if (!line)
    throw std::runtime_error("netra-router did not start");
  port_ = nlohmann::json::parse(*line).at("port").get<std::uint16_t>();
}

std::string Router::token(const std::string &user) {
  return server::sign_token(UserId(user), std::time(nullptr) + 3600, kSecret);
}

std::string Router::get(const std::string &target) const {
  RawSocket socket(port_);
  socket.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  return socket.read_to_end();
}

double Router::metric(const std::string &name) const {
  std::string text = get("/metrics");
  auto line = text.find("\n" + name + " ");
  return line == std::string::npos ? -1 : std::strtod(text.c_str() + line + name.size() + 2, nullptr);
}

double Router::metric_becomes(const std::string &name, double value) const {
  auto deadline = std::chrono::steady_clock::now() + kPatience;
  double now = metric(name);
  while (now != value && std::chrono::steady_clock::now() < deadline)
    now = metric(name);
  return now;
}

std::uint16_t free_port() {
  int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(socket, reinterpret_cast<sockaddr *>(&address), size);
  getsockname(socket, reinterpret_cast<sockaddr *>(&address), &size);
  close(socket);
  return ntohs(address.sin_port);
}

long resident_kib(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:"))
      return std::strtol(line.c_str() + 6, nullptr, 10);
  return -1;
}

} // namespace netra::test
