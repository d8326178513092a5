#ifndef KITH_GATEWAY_ACTIONS_PEOPLE_CHOICES_H_
#define KITH_GATEWAY_ACTIONS_PEOPLE_CHOICES_H_

#include <cstddef>
#include <vector>

#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "kith/gateway/v1/action.pb.h"

namespace kith::gateway {

// Tells an agent of each person who is the stand-in contact of a shared value
// that it may be another, and the customers of whom it is one, as far as they
// are available in time. `stand_ins` are the indexes of these among `people`;
// their canonical id is that of the stand-in, which is merged with nobody.
// Makes two calls, and none if there are no such people. Returns their number.
Task<int> AddChoices(const Backends& backends, const CustomerFlow& customers,
                     const base::RequestContext& context,
                     std::vector<size_t> stand_ins,
                     std::vector<v1::Person>& people);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_ACTIONS_PEOPLE_CHOICES_H_
