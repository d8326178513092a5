#ifndef KITH_TESTS_MODEL_ACTIVITY_MODEL_H_
#define KITH_TESTS_MODEL_ACTIVITY_MODEL_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "kith/gateway/v1/touch.pb.h"
#include "kith/interactions/v1/interaction.pb.h"
#include "kith/interactions/v1/summary.pb.h"

namespace kith::model {

// What has happened with whom. No sum is kept: each is worked out from all
// interactions when it is asked for. Not thread-safe.
class ActivityModel {
 public:
  // None given is less than all others.
  static std::optional<int64_t> RevisionOf(
      const interactions::v1::Interaction& one);

  // Whether it is refused, as its revision does not say that it is a
  // correction, or one that comes too late.
  static bool Contradicts(const interactions::v1::Interaction& sent,
                          const interactions::v1::Interaction& known);

  // Why what is reported was not to be sent: nobody here has consented to
  // anything. Empty for what is no advertising.
  static std::string ViolationOf(const interactions::v1::Interaction& sent);

  // Puts what the touch has recorded in the place of what a touch with the same
  // key has recorded before: the source's id for it, else the request_id.
  void Record(const gateway::v1::RecordTouchRequest& touch,
              const interactions::v1::Interaction& one);

  // What was recorded with the key of this touch; null where nothing was.
  const interactions::v1::Interaction* Find(
      const gateway::v1::RecordTouchRequest& touch) const;

  // Newest first.
  std::vector<interactions::v1::Interaction> Timeline(
      const std::set<std::string>& contacts) const;

  // As it is shown on the calendar day that `now` is in, in `zone`.
  interactions::v1::ActivitySummary Summary(
      const std::set<std::string>& contacts, absl::Time now,
      absl::TimeZone zone) const;

  // For people; the same for models in the same state.
  std::string State() const;

 private:
  // By key.
  std::map<std::string, interactions::v1::Interaction> interactions_;
};

}  // namespace kith::model

#endif  // KITH_TESTS_MODEL_ACTIVITY_MODEL_H_
