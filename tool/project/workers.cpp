#include "project/workers.h"

#include "project/child_process.h"
#include "project/library_pages.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/Twine.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <deque>
#include <vector>

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace ssot {

namespace {

using Clock = std::chrono::steady_clock;

/// How often starting the first worker is tried again before the items are given up, and how long each try waits.
constexpr int kStartAttempts = 20;
constexpr int kStartPauseMilliseconds = 100;

bool sendAll(int socket, const void *data, std::size_t size) {
  const char *at = static_cast<const char *>(data);
  while (size) {
    // MSG_NOSIGNAL: a dead peer is an answer, not a signal.
    ssize_t sent = ::send(socket, at, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR)
      continue;
    if (sent <= 0)
      return false;
    at += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

bool receiveAll(int socket, void *data, std::size_t size) {
  char *at = static_cast<char *>(data);
  while (size) {
    ssize_t got = ::recv(socket, at, size, 0);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return false;
    at += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

/// The next unit takes the memory that this one gives back: the system is not asked for all of it again, page by page.
void keepMemory() {
#ifdef __GLIBC__
  constexpr int kMost = 1 << 30;
  (void)mallopt(M_TRIM_THRESHOLD, kMost);
  (void)mallopt(M_MMAP_THRESHOLD, kMost / 32);
  (void)mallopt(M_TOP_PAD, 1 << 24);
#endif
}

[[noreturn]] void workerLoop(int socket, llvm::function_ref<std::string(std::size_t)> work) {
  keepMemory();
  std::uint64_t item = 0;
  while (receiveAll(socket, &item, sizeof item)) {
    std::string bytes = work(static_cast<std::size_t>(item));
    std::uint64_t size = bytes.size();
    if (!sendAll(socket, &size, sizeof size) || !sendAll(socket, bytes.data(), bytes.size()))
      break;
  }
  // Not exit(): what the parent has in its buffers is the parent's to write.
  _exit(0);
}

std::string seconds(std::chrono::milliseconds time) {
  std::string text = std::to_string(time.count() / 1000);
  if (int rest = static_cast<int>(time.count() % 1000)) {
    std::string digits = std::to_string(1000 + rest).substr(1);
    text += "." + digits.substr(0, digits.find_last_not_of('0') + 1);
  }
  return text + " s";
}

struct Worker {
  pid_t process = -1;
  int socket = -1;
  bool busy = false;
  std::size_t item = 0;
  Clock::time_point started;
  unsigned number = 0;
  std::string received; ///< the length, then the bytes, as far as they have come

  std::size_t expected() const {
    std::uint64_t size = 0;
    std::memcpy(&size, received.data(), sizeof size);
    return sizeof size + static_cast<std::size_t>(size);
  }
  bool complete() const { return received.size() >= sizeof(std::uint64_t) && received.size() == expected(); }
};

class Pool {
public:
  Pool(const WorkerOptions &options, llvm::function_ref<std::string(std::size_t)> work,
       llvm::function_ref<void(WorkerResult)> done)
      : Options(options), Work(work), Done(done) {}
  Pool(const Pool &) = delete;
  Pool &operator=(const Pool &) = delete;
  ~Pool() {
    while (!Workers.empty())
      bury(Workers.back());
  }

  void run(std::deque<std::size_t> items) {
    Waiting = std::move(items);
    std::size_t wanted = std::min<std::size_t>(std::max(1u, Options.jobs), Waiting.size());
    while (!Waiting.empty() || anyBusy()) {
      while (Workers.size() < std::min(wanted, Waiting.size() + busyCount()) && start()) {
      }
      if (Workers.empty()) {
        if (!waitToStart())
          return;
        continue;
      }
      for (std::size_t i = 0; i < Workers.size() && !Waiting.empty();)
        i += Workers[i].busy || assign(Workers[i]) ? 1 : 0;
      if (!Workers.empty())
        collect();
    }
  }

private:
  std::size_t busyCount() const {
    return llvm::count_if(Workers, [](const Worker &worker) { return worker.busy; });
  }
  bool anyBusy() const { return busyCount() != 0; }

  /// The least number that no worker has, from 1.
  unsigned freeNumber() const {
    unsigned number = 1;
    while (llvm::any_of(Workers, [&](const Worker &worker) { return worker.number == number; }))
      ++number;
    return number;
  }

  /// Forks one worker. \returns false when the system refuses.
  bool start() {
    int pair[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
      StartError = errno;
      return false;
    }
    std::fflush(nullptr);
    pid_t parent = getpid();
    pid_t process = ::fork();
    if (process < 0) {
      StartError = errno;
      ::close(pair[0]);
      ::close(pair[1]);
      return false;
    }
    if (process == 0) {
      becomeChild(parent);
      // The others' sockets must not stay open here: a worker ends when the parent closes its socket.
      for (const Worker &other : Workers)
        ::close(other.socket);
      ::close(pair[0]);
      workerLoop(pair[1], Work);
    }
    ::close(pair[1]);
    Worker worker;
    worker.process = process;
    worker.socket = pair[0];
    worker.number = freeNumber();
    Workers.push_back(std::move(worker));
    FailedStarts = 0;
    return true;
  }

  /// No worker could be started: waits a moment. \returns false when that has been tried often enough; then all items
  /// have failed.
  bool waitToStart() {
    if (++FailedStarts < kStartAttempts) {
      ::poll(nullptr, 0, kStartPauseMilliseconds);
      return true;
    }
    for (; !Waiting.empty(); Waiting.pop_front()) {
      WorkerResult result;
      result.item = Waiting.front();
      result.failure = std::string("no process could be started for it: ") + std::strerror(StartError);
      Done(std::move(result));
    }
    return false;
  }

  /// Gives the worker the next item. \returns false when the worker was dead already; it is gone then, and the item
  /// still waits.
  bool assign(Worker &worker) {
    std::uint64_t item = Waiting.front();
    if (!sendAll(worker.socket, &item, sizeof item)) {
      bury(worker);
      return false;
    }
    Waiting.pop_front();
    worker.busy = true;
    worker.item = static_cast<std::size_t>(item);
    worker.started = Clock::now();
    worker.received.clear();
    return true;
  }

  /// Closes, kills and reaps. \returns the wait status. The worker is no longer in the list.
  int bury(Worker &worker, bool kill = false) {
    if (kill)
      ::kill(worker.process, SIGKILL);
    ::close(worker.socket);
    int status = waitFor(worker.process);
    Workers.erase(Workers.begin() + (&worker - Workers.data()));
    return status;
  }

  int millisecondsToNextDeadline() const {
    if (!Options.timeout)
      return -1;
    Clock::time_point now = Clock::now();
    std::int64_t least = INT_MAX;
    for (const Worker &worker : Workers)
      if (worker.busy) {
        auto left = std::chrono::ceil<std::chrono::milliseconds>(worker.started + *Options.timeout - now).count();
        least = std::min<std::int64_t>(least, std::max<std::int64_t>(0, left));
      }
    return static_cast<int>(least);
  }

  /// Waits until a worker says something, dies or is out of time, and deals with it.
  void collect() {
    std::vector<pollfd> sockets;
    sockets.reserve(Workers.size());
    for (const Worker &worker : Workers)
      sockets.push_back({worker.socket, POLLIN, 0});
    int ready = ::poll(sockets.data(), sockets.size(), millisecondsToNextDeadline());
    if (ready < 0) // EINTR
      return;
    // Backwards, since a worker may leave the list.
    for (std::size_t i = Workers.size(); i-- > 0;) {
      if (sockets[i].revents)
        read(Workers[i]);
      else if (Workers[i].busy && Options.timeout && Clock::now() - Workers[i].started >= *Options.timeout)
        fail(Workers[i], /*kill=*/true);
    }
  }

  void read(Worker &worker) {
    std::array<char, 1 << 16> buffer;
    ssize_t got = ::recv(worker.socket, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR)
      return;
    if (got <= 0) {
      fail(worker, /*kill=*/false);
      return;
    }
    worker.received.append(buffer.data(), static_cast<std::size_t>(got));
    if (worker.complete())
      succeed(worker);
  }

  WorkerResult resultOf(const Worker &worker) const {
    WorkerResult result;
    result.item = worker.item;
    result.worker = worker.number;
    result.started = worker.started;
    result.seconds = std::chrono::duration<double>(Clock::now() - worker.started).count();
    return result;
  }

  void succeed(Worker &worker) {
    WorkerResult result = resultOf(worker);
    result.bytes = std::move(worker.received);
    result.bytes.erase(0, sizeof(std::uint64_t));
    worker.received = std::string();
    worker.busy = false;
    // The worker gets its next item first, so that it works while the result is looked at.
    if (!Waiting.empty())
      assign(worker);
    Done(std::move(result));
  }

  void fail(Worker &worker, bool kill) {
    bool busy = worker.busy;
    WorkerResult result = resultOf(worker);
    int status = bury(worker, kill);
    if (!busy) // it died between two items: nothing is lost
      return;
    result.failure = kill ? "timed out after " + seconds(*Options.timeout) : causeOfDeath(status);
    Done(std::move(result));
  }

  const WorkerOptions &Options;
  llvm::function_ref<std::string(std::size_t)> Work;
  llvm::function_ref<void(WorkerResult)> Done;
  std::vector<Worker> Workers;
  std::deque<std::size_t> Waiting;
  int FailedStarts = 0;
  int StartError = 0;
};

} // namespace

void runInWorkers(std::size_t count, const WorkerOptions &options, llvm::function_ref<std::string(std::size_t)> work,
                  llvm::function_ref<void(WorkerResult)> done, llvm::ArrayRef<std::size_t> order) {
  std::deque<std::size_t> items;
  std::vector<bool> listed(count, false);
  for (std::size_t item : order)
    if (item < count && !listed[item]) {
      listed[item] = true;
      items.push_back(item);
    }
  for (std::size_t item = 0; item < count; ++item)
    if (!listed[item])
      items.push_back(item);
  // The workers need Clang; who waits for them needs little of it.
  giveBackLibraryPages();
  Pool(options, work, done).run(std::move(items));
}

} // namespace ssot
