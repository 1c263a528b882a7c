#include "cluster/read_queue.hpp"

#include <gmock/gmock.h>

namespace stoa {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ReadQueue, AnswersWhatIsConfirmedOnceItIsApplied) {
  ReadQueue queue;
  queue.ask(1);
  queue.ask(2);
  const uint64_t round = queue.start_round(4, 0);
  queue.ask(3);
  EXPECT_THAT(queue.take_readable(100), IsEmpty());
  queue.confirmed(4, round, 10);
  EXPECT_THAT(queue.take_readable(9), IsEmpty());
  EXPECT_THAT(queue.take_readable(10), ElementsAre(1, 2));
  EXPECT_TRUE(queue.wants_round()) << "3 came too late for it";
}

TEST(ReadQueue, ALaterRoundConfirmsTheEarlierOnes) {
  ReadQueue queue;
  queue.ask(1);
  queue.start_round(4, 0);
  queue.ask(2);
  const uint64_t second = queue.start_round(4, 0);
  queue.confirmed(4, second, 10);
  EXPECT_THAT(queue.take_readable(10), ElementsAre(1, 2));
}

TEST(ReadQueue, AConfirmationOfAnotherTermSaysNothing) {
  ReadQueue queue;
  queue.ask(1);
  const uint64_t round = queue.start_round(4, 0);
  queue.confirmed(3, round, 10);
  EXPECT_THAT(queue.take_readable(10), IsEmpty());
}

TEST(ReadQueue, LosesWhatIsNotConfirmedAndKeepsWhatIs) {
  ReadQueue queue;
  queue.ask(1);
  queue.confirmed(4, queue.start_round(4, 0), 10);
  queue.ask(2);
  queue.start_round(4, 0);
  queue.ask(3);
  EXPECT_THAT(queue.take_lost(), ElementsAre(2, 3));
  EXPECT_THAT(queue.take_readable(10), ElementsAre(1));
  EXPECT_TRUE(queue.idle());
}

}  // namespace
}  // namespace stoa
