#include "options.h"
#include "server.h"

#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <variant>
#include <vector>

namespace {

constexpr int kUsage = 2;
constexpr int kFailed = 1;

} // namespace

int main(int argc, char **argv) {
  using namespace netra::server;
  auto read = read_options(std::vector<std::string>(argv + 1, argv + argc));
  if (auto *print = std::get_if<PrintAndLeave>(&read)) {
    std::fputs(print->text.c_str(), stdout);
    return 0;
  }
  if (auto *wrong = std::get_if<UsageError>(&read)) {
    std::fprintf(stderr, "netra-router: %s\n", wrong->text.c_str());
    return kUsage;
  }
  std::signal(SIGPIPE, SIG_IGN);
  try {
    Server server(std::get<Options>(std::move(read)));
    server.run();
    return 0;
  } catch (const std::exception &error) {
    std::fprintf(stderr, "netra-router: %s\n", error.what());
    return kFailed;
  }
}
