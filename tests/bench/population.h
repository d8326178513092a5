#ifndef KITH_TESTS_BENCH_POPULATION_H_
#define KITH_TESTS_BENCH_POPULATION_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "kith/contacts/v1/contact.pb.h"
#include "kith/identity/v1/identity.pb.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::bench {

// The customers of a benchmark, each known by a number. Everything about one
// follows from it, so that what fills the database and what asks for them need
// no list. Thread-safe.
class Population {
 public:
  // `now` is when the newest interaction happened.
  Population(uint64_t contacts, uint64_t interactions, absl::Time now)
      : contacts_(contacts), interactions_(interactions), now_(now) {}

  uint64_t contacts() const { return contacts_; }

  // Of each contact.
  uint64_t interactions() const { return interactions_; }

  base::Uuid ContactId(uint64_t contact) const;
  contacts::v1::Contact Contact(uint64_t contact) const;
  identity::v1::ChannelValue Phone(uint64_t contact) const;
  identity::v1::ChannelValue Email(uint64_t contact) const;

  // The interaction before the next one; 0 is the oldest.
  interactions::v1::Interaction Interaction(uint64_t contact,
                                            uint64_t index) const;
  absl::Time OccurredTime(uint64_t index) const;

  // A phone of nobody.
  static identity::v1::ChannelValue UnknownPhone(uint64_t number);

  // What happens while the benchmark runs.
  static interactions::v1::Interaction NewCall();

 private:
  const uint64_t contacts_;
  const uint64_t interactions_;
  const absl::Time now_;
};

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_POPULATION_H_
