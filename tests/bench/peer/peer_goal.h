#ifndef KITH_TESTS_BENCH_PEER_PEER_GOAL_H_
#define KITH_TESTS_BENCH_PEER_PEER_GOAL_H_

#include <string>

namespace kith::bench {

// What the project wants of a view by id, taken of the peer's in the same run.
// 0: nothing.
struct PeerGoal {
  // Throughput, at least.
  double rate = 0;
  // The median, at most.
  double median = 0;
};

// Of the suite as one process, or as four.
PeerGoal GoalBesidePeer(bool one_process, int callers);

// Judges what was reached of the same two, in words: "throughput >= 0.80:
// MISSED". Empty where nothing is wanted.
std::string Judge(const PeerGoal& goal, const PeerGoal& reached);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_PEER_PEER_GOAL_H_
