#ifndef KITH_TESTS_BENCH_POPULATION_H_
#define KITH_TESTS_BENCH_POPULATION_H_

#include <cstdint>

#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "kith/contacts/v1/contact.pb.h"
#include "kith/identity/v1/identity.pb.h"
#include "kith/interactions/v1/interaction.pb.h"
#include "tests/bench/sample.h"

namespace kith::bench {

// Customers of a benchmark, numbered from 0: a sample, repeated as often as it
// takes. Everything about a customer follows from its number and the sample, so
// that what fills the database and what asks for customers need no list.
// Thread-safe.
class Population {
 public:
  struct Size {
    // How many customers precede it in other populations: it has none of their
    // ids and values.
    uint64_t others = 0;

    uint64_t contacts = 0;

    // Of each contact.
    uint64_t interactions = 0;
  };

  // `sample` outlives it. `now` is when the newest interaction happened.
  Population(const Sample& sample, const Size& size, absl::Time now)
      : sample_(sample), size_(size), now_(now) {}

  uint64_t contacts() const { return size_.contacts; }
  uint64_t interactions() const { return size_.interactions; }

  base::Uuid ContactId(uint64_t contact) const;
  contacts::v1::Contact Contact(uint64_t contact) const;
  identity::v1::ChannelValue Phone(uint64_t contact) const;
  identity::v1::ChannelValue Email(uint64_t contact) const;

  // The interaction of this index: 0 is the oldest.
  interactions::v1::Interaction Interaction(uint64_t contact,
                                            uint64_t index) const;
  base::Uuid InteractionId(uint64_t contact, uint64_t index) const;
  absl::Time OccurredTime(uint64_t index) const;

  // A phone of nobody.
  static identity::v1::ChannelValue UnknownPhone(uint64_t number);

  // What happens while the benchmark runs.
  interactions::v1::Interaction NewCall() const { return sample_.call; }

 private:
  // The number over all populations.
  uint64_t Number(uint64_t contact) const { return size_.others + contact; }

  const Sample& sample_;
  const Size size_;
  const absl::Time now_;
};

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_POPULATION_H_
