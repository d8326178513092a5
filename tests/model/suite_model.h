#ifndef KITH_TESTS_MODEL_SUITE_MODEL_H_
#define KITH_TESTS_MODEL_SUITE_MODEL_H_

#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "kith/gateway/v1/contact.pb.h"
#include "kith/gateway/v1/customer_view.pb.h"
#include "kith/gateway/v1/merge.pb.h"
#include "kith/gateway/v1/touch.pb.h"
#include "tests/model/activity_model.h"
#include "tests/model/customer_model.h"
#include "tests/model/fault.h"
#include "tests/model/holding_model.h"
#include "tests/model/identity_model.h"
#include "tests/model/work_model.h"

namespace kith::model {

// What the suite has to answer, by the rules: it is told of each call and its
// answer, does the same, and knows what every view must show. Ids and what else
// only the suite can choose are taken from its answers. It can be copied, to
// try in which order calls that were made at once have worked. Not thread-safe.
class SuiteModel {
 public:
  // The calendar of the tenant.
  explicit SuiteModel(absl::TimeZone zone) : zone_(zone) {}

  // The time of the calls that follow. Where they are not `alone`, a contact in
  // an answer may be of any time after, and of two touches either may have made
  // the contact, or claimed a value, for both.
  void Begin(absl::Time now, bool alone) {
    now_ = now;
    alone_ = alone;
  }

  Fault CreateContact(const gateway::v1::CreateContactRequest& request,
                      const absl::StatusOr<contacts::v1::Contact>& answer);
  Fault UpdateContact(const gateway::v1::UpdateContactRequest& request,
                      const absl::StatusOr<contacts::v1::Contact>& answer);
  Fault DeleteContact(const contacts::v1::DeleteContactRequest& request,
                      const absl::StatusOr<contacts::v1::Contact>& answer);
  Fault UndeleteContact(const contacts::v1::UndeleteContactRequest& request,
                        const absl::StatusOr<contacts::v1::Contact>& answer);
  Fault RecordTouch(
      const gateway::v1::RecordTouchRequest& request,
      const absl::StatusOr<gateway::v1::RecordTouchResponse>& answer);
  Fault LinkIdentity(
      const gateway::v1::LinkIdentityRequest& request,
      const absl::StatusOr<gateway::v1::LinkIdentityResponse>& answer);
  Fault UnlinkIdentity(
      const gateway::v1::UnlinkIdentityRequest& request,
      const absl::StatusOr<gateway::v1::UnlinkIdentityResponse>& answer);
  Fault Merge(const gateway::v1::MergeContactsRequest& request,
              const absl::StatusOr<gateway::v1::MergeContactsResponse>& answer);
  Fault Unmerge(
      const gateway::v1::UnmergeContactsRequest& request,
      const absl::StatusOr<gateway::v1::UnmergeContactsResponse>& answer);
  // A page of it.
  Fault UndoMerges(
      const gateway::v1::UndoMergesRequest& request,
      const absl::StatusOr<gateway::v1::UndoMergesResponse>& answer);

  // Whether a request of this id has worked: its repeat does nothing.
  bool WasDone(const std::string& request_id) const {
    return done_.contains(request_id);
  }

  const CustomerModel& customers() const { return customers_; }
  const HoldingModel& holdings() const { return holdings_; }
  const ActivityModel& activity() const { return activity_; }
  absl::Time now() const { return now_; }
  const WorkModel& work() const { return work_; }
  WorkModel& work() { return work_; }
  Round round() const {
    return {.customers = customers_, .now = now_, .alone = alone_};
  }

  // The contact that is meant; empty where nobody is.
  std::string Meant(const gateway::v1::CustomerRef& ref) const;

  // For people; the same for models in the same state.
  std::string State() const;

  // As GetCustomerView shows it, but for etag and page token.
  gateway::v1::CustomerView View(const std::string& id,
                                 int32_t interactions_size) const;

 private:
  Fault CompareAnswered(contacts::v1::Contact answered,
                        const std::string& id) const;
  Fault CompareTouch(const gateway::v1::RecordTouchResponse& answer,
                     gateway::v1::RecordTouchResponse want) const;
  // What the answer has to say of who stands for the contact.
  template <typename Answer>
  std::string Canonical(const Answer& answer, const std::string& id) const {
    // It is read at any time while steps are under way.
    return alone_ ? customers_.CanonicalOf(id) : answer.canonical_id();
  }
  Fault RecordKnown(const gateway::v1::RecordTouchRequest& request,
                    const gateway::v1::RecordTouchResponse& answer,
                    const interactions::v1::Interaction& known) const;
  // Whom it belongs to; finds or makes them.
  std::string Arrive(const gateway::v1::RecordTouchRequest& request,
                     const gateway::v1::RecordTouchResponse& answer,
                     gateway::v1::RecordTouchResponse& want);
  void Ensure(const gateway::v1::RecordTouchRequest& request,
              gateway::v1::RecordTouchResponse& want);

  // Makes a visitor a lead, whose value was linked.
  void Identify(const std::string& id);

  void Note(const std::string& request_id);

  absl::TimeZone zone_;
  absl::Time now_;
  bool alone_ = true;
  CustomerModel customers_;
  HoldingModel holdings_;
  IdentityModel identities_;
  ActivityModel activity_;
  WorkModel work_;
  // The request_ids of what was done by reference; touches have keys of their
  // own.
  std::set<std::string> done_;
};

}  // namespace kith::model

#endif  // KITH_TESTS_MODEL_SUITE_MODEL_H_
