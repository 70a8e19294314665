#include "project/child_process.h"

#include <cerrno>
#include <csignal>
#include <cstring>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace ssot {

void becomeChild(pid_t parent) {
  for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGTRAP,
                     SIGSYS, SIGUSR1, SIGUSR2, SIGALRM})
    std::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  rlimit noCore{0, 0};
  setrlimit(RLIMIT_CORE, &noCore);
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  if (getppid() != parent) // it died before we asked to be told
    _exit(0);
}

int waitFor(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

std::string causeOfDeath(int status) {
  if (WIFSIGNALED(status)) {
    // Not strsignal(): that speaks the user's language.
    int signal = WTERMSIG(status);
    const char *name = sigabbrev_np(signal);
    std::string text = "signal " + std::to_string(signal) + (name ? std::string(", SIG") + name : std::string());
    return signal == SIGKILL ? "killed (" + text + "), perhaps for want of memory" : "crashed (" + text + ")";
  }
  return "ended with exit code " + std::to_string(WEXITSTATUS(status)) + " before it gave a result";
}

} // namespace ssot
