#include "netra/websocket_core/fifo.h"

#include <deque>
#include <gtest/gtest.h>
#include <random>

namespace netra {
namespace {

TEST(Fifos, GiveBackInOrder) {
  Fifo<int> fifo;
  EXPECT_TRUE(fifo.empty());
  for (int i = 0; i < 3; ++i)
    fifo.push_back(i);
  EXPECT_EQ(fifo.pop_front(), 0);
  fifo.push_front(7);
  EXPECT_EQ(fifo[0], 7);
  EXPECT_EQ(fifo[1], 1);
  EXPECT_EQ(fifo.size(), 3u);
}

TEST(Fifos, DoWhatADequeDoes) {
  std::mt19937 random(7);
  Fifo<unsigned> fifo;
  std::deque<unsigned> deque;
  for (int step = 0; step < 20000; ++step) {
    switch (random() % 5) {
    case 0:
    case 1:
      fifo.push_back(static_cast<unsigned>(step));
      deque.push_back(static_cast<unsigned>(step));
      break;
    case 2:
      fifo.push_front(static_cast<unsigned>(step));
      deque.push_front(static_cast<unsigned>(step));
      break;
    default:
      if (deque.empty())
        continue;
      ASSERT_EQ(fifo.pop_front(), deque.front());
      deque.pop_front();
    }
    ASSERT_EQ(fifo.size(), deque.size());
    for (std::size_t i = 0; i < deque.size(); ++i)
      ASSERT_EQ(fifo[i], deque[i]);
  }
}

} // namespace
} // namespace netra
