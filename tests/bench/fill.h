#ifndef KITH_TESTS_BENCH_FILL_H_
#define KITH_TESTS_BENCH_FILL_H_

#include <string>

#include "absl/status/status.h"
#include "kith/config/v1/config.pb.h"
#include "tests/bench/databases.h"
#include "tests/bench/population.h"

namespace kith::bench {

// Writes all customers of a population into the databases, which must have none
// of them: straight, by the services' own code for their rows, which is several
// times as fast as their API and leaves the same rows.
absl::Status Fill(const Databases& databases, const config::v1::Tenant& tenant,
                  const Population& population);

// Writes their contacts alone, which then have no channel values and no
// history.
absl::Status FillContacts(const Databases& databases,
                          const config::v1::Tenant& tenant,
                          const Population& population);

// Writes their contacts, each with its history, and an open action that waits
// in the queue, the first contact's first. They have no channel values.
absl::Status FillQueueOf(const Databases& databases,
                         const config::v1::Tenant& tenant,
                         const Population& population,
                         const std::string& queue);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_FILL_H_
