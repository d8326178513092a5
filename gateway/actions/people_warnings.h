#ifndef KITH_GATEWAY_ACTIONS_PEOPLE_WARNINGS_H_
#define KITH_GATEWAY_ACTIONS_PEOPLE_WARNINGS_H_

#include <cstddef>
#include <vector>

#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "kith/contacts/v1/suggestion.pb.h"
#include "kith/gateway/v1/action.pb.h"
#include "kith/identity/v1/consent.pb.h"

namespace kith::gateway {

// What an agent should know of people before anything else.

// Whether the customer has refused advertising, at least by one channel value.
// A pure function.
bool RefusesAdvertising(const identity::v1::MayContactResponse& answer);

// Warns that it may be another, once. A pure function.
void WarnOfAnother(v1::Person& person);

// Adds the warnings that the person's own actions give. A pure function.
void WarnByActions(v1::Person& person);

// Asks identity-svc who of some people refuses advertising: all at once, in as
// few calls as it takes. For one coroutine.
class AskedRefusals {
 public:
  // Asks at once. The backends must outlive the object.
  AskedRefusals(const Backends& backends, const base::RequestContext& context,
                const std::vector<v1::Person>& people);

  // Adds the warnings to the people who were asked for. What is not answered in
  // time warns of nobody.
  Task<int> Warn(std::vector<v1::Person>& people);

 private:
  struct Asked {
    // The first of the people who are asked for.
    size_t first;
    PendingCall<identity::v1::BatchMayContactResponse> call;
  };

  std::vector<Asked> calls_;
};

// Asks contacts-svc who of some people is suggested to be one customer with
// another, of whom no action warns yet: a call each, side by side. For one
// coroutine.
class AskedSuggestions {
 public:
  // Asks at once. The backends must outlive the object.
  AskedSuggestions(const Backends& backends,
                   const base::RequestContext& context,
                   const std::vector<v1::Person>& people);

  // Adds the warnings to the people who were asked for. What is not answered in
  // time warns of nobody.
  Task<int> Warn(std::vector<v1::Person>& people);

 private:
  struct Asked {
    size_t index;
    PendingCall<contacts::v1::ListSuggestionsResponse> call;
  };

  std::vector<Asked> calls_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_ACTIONS_PEOPLE_WARNINGS_H_
