#include "legacy_golden_path.h"

#include "support/harness.h"

namespace netra::test {

std::vector<std::string> legacy_golden_path() {
  testing::Harness harness;
  const std::string ann = harness.connect("ann");
  const std::string bob = harness.connect("bob");
  harness.say(ann, "user_message", harness.app.chats().create_thread("ann"), "calc: 2 * 3");
  std::vector<std::string> heard;
  for (const std::string &event : harness.app.read(ann))
    heard.push_back(testing::field(event, "type") + " " + testing::field(event, "user_id"));
  for (const std::string &event : harness.app.read(bob))
    heard.push_back("bob: " + testing::field(event, "type"));
  return heard;
}

} // namespace netra::test
