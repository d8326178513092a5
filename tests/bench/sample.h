#ifndef KITH_TESTS_BENCH_SAMPLE_H_
#define KITH_TESTS_BENCH_SAMPLE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "kith/contacts/v1/contact.pb.h"
#include "kith/gateway/v1/touch.pb.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::bench {

// What customers and their interactions look like: those of kithdev.sample, as
// ./dev up loads them.
struct Sample {
  // Reads a textproto of gateway.v1.BatchRecordTouchesRequest. INVALID_ARGUMENT
  // if From does not accept it.
  static absl::StatusOr<Sample> Read(const std::string& path);

  // Takes the contact of each touch that has one, and all interactions.
  // INVALID_ARGUMENT if no touch has a contact, or none is a call.
  static absl::StatusOr<Sample> From(
      const gateway::v1::BatchRecordTouchesRequest& touches);

  std::vector<contacts::v1::Contact> contacts;

  // One customer's after the other's, without source and external_id: as if
  // recorded by request_ids that are forgotten by now.
  std::vector<interactions::v1::Interaction> interactions;

  // One of the interactions, for what happens while the benchmark runs.
  interactions::v1::Interaction call;
};

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_SAMPLE_H_
