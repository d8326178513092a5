#include "tests/model/steps.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"

namespace kith::model {
namespace {

using gateway::v1::RecordTouchRequest;
using identity::v1::ChannelValue;
using Stub = Suite::Gateway::Stub;

ChannelValue Value(identity::v1::Channel channel, const std::string& name_space,
                   const std::string& text) {
  ChannelValue value;
  value.set_channel(channel);
  value.set_namespace_(name_space);
  value.set_value(text);
  return value;
}

}  // namespace

Steps::Steps(Suite& suite, uint64_t seed)
    : suite_(suite), name_(absl::StrCat("s", seed)), random_(seed) {
  for (const char* const letter : {"a", "b"}) {
    const std::string text = absl::StrCat(name_, letter);
    values_.push_back(Value(identity::v1::CHANNEL_EMAIL, "",
                            absl::StrCat(text, "@example.com")));
    values_.push_back(
        Value(identity::v1::CHANNEL_SOCIAL, "x", absl::StrCat(text, "x")));
    values_.push_back(Value(identity::v1::CHANNEL_EXTERNAL, "shop",
                            absl::StrCat(text, "shop")));
  }
}

template <typename Request, typename Response>
Step Steps::Repeatable(
    grpc::Status (Suite::Gateway::Stub::*method)(grpc::ClientContext*,
                                                 const Request&, Response*),
    Fault (SuiteModel::*check)(const Request&, const absl::StatusOr<Response>&),
    Request request) {
  if (Chance(50)) {
    request.set_request_id(absl::StrCat(name_, "-", ++requests_made_));
    repeats_.emplace_back(request.request_id(), [this, method, check, request] {
      return StepOf(suite_, method, check, request);
    });
  }
  return StepOf(suite_, method, check, request);
}

Step Steps::Next(const SuiteModel& model, bool alone) {
  // How often in 100 steps.
  static const std::vector<std::pair<int, MakeStep>> kSteps = {
      {4, &Steps::CreateContact},   {5, &Steps::UpdateContact},
      {3, &Steps::Repeat},          {2, &Steps::DeleteContact},
      {3, &Steps::UndeleteContact}, {14, &Steps::TouchByValue},
      {7, &Steps::TouchById},       {3, &Steps::TouchAgain},
      {4, &Steps::CorrectTouch},    {4, &Steps::LinkIdentity},
      {5, &Steps::UnlinkIdentity},  {14, &Steps::Merge},
      {7, &Steps::Unmerge},         {3, &Steps::UnmergeMember},
      {3, &Steps::UndoMerges},      {4, &Steps::CreateAction},
      {6, &Steps::NextActions},     {3, &Steps::LeaseActions},
      {2, &Steps::ReleaseActions},  {4, &Steps::CompleteActions}};
  alone_ = alone;
  int at = Pick(100);
  for (const auto& [weight, step] : kSteps) {
    if (at < weight) return (this->*step)(model);
    at -= weight;
  }
  return Merge(model);
}

std::string Steps::PickId(const SuiteModel& model) {
  const std::vector<std::string> ids = model.customers().Ids();
  return ids[Pick(static_cast<int>(ids.size()))];
}

gateway::v1::CustomerRef Steps::PickRef(const SuiteModel& model) {
  gateway::v1::CustomerRef ref;
  if (const ChannelValue& value = PickValue(); alone_ && Chance(30)) {
    *ref.mutable_value() = value;
    if (!model.Meant(ref).empty()) return ref;
  }
  ref.set_contact_id(PickId(model));
  return ref;
}

const ChannelValue& Steps::PickValue() {
  return values_[Pick(static_cast<int>(values_.size()))];
}

contacts::v1::Actor Steps::PickActor() {
  contacts::v1::Actor actor;
  actor.set_kind(Chance(50) ? contacts::v1::ACTOR_KIND_PERSON
                            : contacts::v1::ACTOR_KIND_SYSTEM);
  actor.set_name("Dana");
  return actor;
}

// Of this sequence alone: causes are the tenant's.
contacts::v1::MergeCause Steps::PickCause() {
  contacts::v1::MergeCause cause;
  cause.set_kind(contacts::v1::MERGE_CAUSE_KIND_IMPORT);
  cause.set_value(absl::StrCat(name_, "/", Pick(3)));
  return cause;
}

contacts::v1::Contact Steps::PickFields() {
  contacts::v1::Contact fields;
  const auto text = [&] {
    return Chance(33) ? "" : absl::StrCat("v", Pick(1000));
  };
  fields.set_display_name(text());
  fields.set_given_name(text());
  fields.set_owner(text());
  if (Chance(50)) (*fields.mutable_attributes())["tier"] = text();
  if (Chance(50)) fields.add_labels(absl::StrCat("l", Pick(4)));
  if (Chance(25)) fields.add_roles(contacts::v1::ROLE_AFFILIATE);
  fields.set_stage(static_cast<contacts::v1::Stage>(1 + Pick(5)));
  if (Chance(33)) *fields.mutable_attribution() = PickAttribution();
  return fields;
}

contacts::v1::Attribution Steps::PickAttribution() {
  contacts::v1::Attribution attribution;
  attribution.set_utm_campaign(absl::StrCat("c", Pick(1000)));
  *attribution.mutable_touch_time() = base::ToProto(
      absl::FromUnixSeconds(1'000'000'000) + absl::Microseconds(Pick(1 << 30)));
  return attribution;
}

Step Steps::CreateContact(const SuiteModel& model) {
  if (model.customers().Ids().size() >= 8) return UpdateContact(model);
  gateway::v1::CreateContactRequest request;
  *request.mutable_contact() = PickFields();
  return StepOf(suite_, &Stub::CreateContact, &SuiteModel::CreateContact,
                request);
}

Step Steps::UpdateContact(const SuiteModel& model) {
  static constexpr const char* kPaths[] = {
      "display_name", "given_name", "owner", "attributes",
      "labels",       "roles",      "stage", "attribution"};
  gateway::v1::UpdateContactRequest request;
  *request.mutable_customer() = PickRef(model);
  *request.mutable_contact() = PickFields();
  *request.mutable_contact()->mutable_attribution() = PickAttribution();
  request.mutable_update_mask()->add_paths(kPaths[Pick(8)]);
  return Repeatable(&Stub::UpdateContact, &SuiteModel::UpdateContact, request);
}

Step Steps::DeleteContact(const SuiteModel& model) {
  contacts::v1::DeleteContactRequest request;
  request.set_contact_id(PickId(model));
  return StepOf(suite_, &Suite::Contacts::Stub::DeleteContact,
                &SuiteModel::DeleteContact, request);
}

Step Steps::UndeleteContact(const SuiteModel& model) {
  contacts::v1::UndeleteContactRequest request;
  request.set_contact_id(PickId(model));
  return StepOf(suite_, &Suite::Contacts::Stub::UndeleteContact,
                &SuiteModel::UndeleteContact, request);
}

interactions::v1::Interaction Steps::PickInteraction(const SuiteModel& model) {
  interactions::v1::Interaction one;
  one.set_kind(static_cast<interactions::v1::Kind>(1 + Pick(9)));
  one.set_direction(static_cast<interactions::v1::Direction>(Pick(3)));
  one.set_purpose(static_cast<interactions::v1::Purpose>(Pick(5)));
  one.set_outcome(static_cast<interactions::v1::Outcome>(Pick(5)));
  // A question, or an answer.
  if (Chance(30)) {
    one.set_kind(interactions::v1::KIND_EMAIL);
    one.set_purpose(interactions::v1::PURPOSE_SERVICE);
  }
  one.set_subject(absl::StrCat("subject ", Pick(1000)));
  // Now, or ahead, or told late: of a time that the sequence has seen, or of
  // one before.
  const absl::Duration ago = Chance(50)   ? absl::ZeroDuration()
                             : Chance(10) ? -absl::Seconds(Pick(12 * 3600))
                             : Chance(50) ? absl::Seconds(Pick(3 * 3600))
                                          : absl::Hours(Pick(24 * 100));
  *one.mutable_occurred_time() = base::ToProto(model.now() - ago);
  if (one.kind() != interactions::v1::KIND_PURCHASE &&
      one.kind() != interactions::v1::KIND_RETURN) {
    return one;
  }
  const char* const currency = Chance(50) ? "USD" : "EUR";
  if (Chance(80)) {
    one.mutable_amount()->set_currency_code(currency);
    one.mutable_amount()->set_amount_micros(Pick(1'000'000));
  }
  one.set_order_id(absl::StrCat("order ", Pick(10)));
  for (int i = Pick(3); i > 0; --i) {
    interactions::v1::Item& item = *one.add_items();
    item.set_sku(absl::StrCat("sku ", Pick(10)));
    item.set_quantity(1 + Pick(3));
    if (Chance(50)) continue;
    item.mutable_amount()->set_currency_code(currency);
    item.mutable_amount()->set_amount_micros(Pick(1'000'000));
  }
  return one;
}

// Each second one is a report, by whose id it can be corrected. So is all
// advertising, as nobody here has consented to that of the business itself.
Step Steps::Touch(RecordTouchRequest request) {
  const std::string id = absl::StrCat(name_, "-", ++requests_made_);
  const interactions::v1::Interaction& one = request.interaction();
  if (Chance(50) || one.kind() == interactions::v1::KIND_AD ||
      one.purpose() == interactions::v1::PURPOSE_MARKETING) {
    request.mutable_interaction()->set_source("shop");
    request.mutable_interaction()->set_external_id(id);
    // Sources count from 0, from 1, or not at all.
    const int first = Pick(3) - 1;
    if (first >= 0) request.mutable_interaction()->set_source_revision(first);
  } else {
    request.set_request_id(id);
  }
  touches_.push_back(request);
  return StepOf(suite_, &Stub::RecordTouch, &SuiteModel::RecordTouch, request);
}

Step Steps::TouchByValue(const SuiteModel& model) {
  RecordTouchRequest request;
  const int first = Pick(static_cast<int>(values_.size()));
  for (int i = 0; i <= Pick(3); ++i) {
    *request.add_identities() = values_[(first + i) % values_.size()];
  }
  *request.mutable_interaction() = PickInteraction(model);
  // Of two at once, either may make the contact for both.
  if (alone_) *request.mutable_contact() = PickFields();
  // No touch says so.
  if (request.contact().stage() == contacts::v1::STAGE_FORMER) {
    request.mutable_contact()->clear_stage();
  }
  return Touch(std::move(request));
}

Step Steps::TouchById(const SuiteModel& model) {
  RecordTouchRequest request;
  request.set_contact_id(PickId(model));
  *request.mutable_interaction() = PickInteraction(model);
  return Touch(std::move(request));
}

Step Steps::TouchAgain(const SuiteModel& model) {
  if (touches_.empty()) return TouchById(model);
  return StepOf(suite_, &Stub::RecordTouch, &SuiteModel::RecordTouch,
                touches_[Pick(static_cast<int>(touches_.size()))]);
}

// Whatever its values mean by now.
Step Steps::Repeat(const SuiteModel& model) {
  std::vector<std::function<Step()>> done;
  for (const auto& [request_id, step] : repeats_) {
    if (model.WasDone(request_id)) done.push_back(step);
  }
  if (done.empty()) return UpdateContact(model);
  return done[Pick(static_cast<int>(done.size()))]();
}

Step Steps::CorrectTouch(const SuiteModel& model) {
  for (const RecordTouchRequest& touch : touches_) {
    const interactions::v1::Interaction* const known =
        model.activity().Find(touch);
    if (known == nullptr || known->external_id().empty() || Chance(50)) {
      continue;
    }
    RecordTouchRequest request;
    // It stays with whom it was recorded for.
    request.set_contact_id(PickId(model));
    interactions::v1::Interaction& one = *request.mutable_interaction();
    // Of two purchases at once, the one that comes too late to count may have
    // made a CUSTOMER all the same.
    do {
      one = PickInteraction(model);
    } while (!alone_ && one.kind() == interactions::v1::KIND_PURCHASE);
    one.set_source(known->source());
    one.set_external_id(known->external_id());
    one.set_source_revision(known->source_revision() + 1 + Pick(2));
    return StepOf(suite_, &Stub::RecordTouch, &SuiteModel::RecordTouch,
                  request);
  }
  return TouchById(model);
}

Step Steps::LinkIdentity(const SuiteModel& model) {
  gateway::v1::LinkIdentityRequest request;
  *request.mutable_customer() = PickRef(model);
  *request.mutable_value() = PickValue();
  return Repeatable(&Stub::LinkIdentity, &SuiteModel::LinkIdentity, request);
}

Step Steps::UnlinkIdentity(const SuiteModel& model) {
  gateway::v1::UnlinkIdentityRequest request;
  *request.mutable_customer() = PickRef(model);
  *request.mutable_value() = PickValue();
  // Mostly of whoever holds it.
  gateway::v1::CustomerRef holder;
  *holder.mutable_value() = request.value();
  if (const std::string id = model.Meant(holder); !id.empty() && Chance(70)) {
    request.mutable_customer()->set_contact_id(id);
  }
  return Repeatable(&Stub::UnlinkIdentity, &SuiteModel::UnlinkIdentity,
                    request);
}

Step Steps::Merge(const SuiteModel& model) {
  gateway::v1::MergeContactsRequest request;
  std::set<std::string> named;
  const int count = 2 + Pick(2);
  for (int i = 0; i < 10 && static_cast<int>(named.size()) < count; ++i) {
    const gateway::v1::CustomerRef ref = PickRef(model);
    if (!named.insert(model.Meant(ref)).second) continue;
    *(named.size() == 1 ? request.mutable_survivor() : request.add_absorbed()) =
        ref;
  }
  if (request.absorbed().empty()) return CreateContact(model);
  *request.mutable_cause() = PickCause();
  *request.mutable_actor() = PickActor();
  return Repeatable(&Stub::MergeContacts, &SuiteModel::Merge, request);
}

Step Steps::Unmerge(const SuiteModel& model) {
  const auto edges = model.customers().InForce();
  if (edges.empty()) return Merge(model);
  const auto& edge = edges[Pick(static_cast<int>(edges.size()))];
  const std::set<std::string> group =
      model.customers().GroupOf(edge.survivor_id());
  gateway::v1::UnmergeContactsRequest request;
  // Whichever of the group.
  request.mutable_customer()->set_contact_id(
      *std::next(group.begin(), Pick(static_cast<int>(group.size()))));
  request.set_edge_id(edge.edge_id());
  *request.mutable_actor() = PickActor();
  request.set_dry_run(Chance(25));
  return Repeatable(&Stub::UnmergeContacts, &SuiteModel::Unmerge, request);
}

Step Steps::UnmergeMember(const SuiteModel& model) {
  gateway::v1::UnmergeContactsRequest request;
  *request.mutable_customer() = PickRef(model);
  request.set_all_edges(true);
  *request.mutable_actor() = PickActor();
  request.set_dry_run(Chance(25));
  return Repeatable(&Stub::UnmergeContacts, &SuiteModel::Unmerge, request);
}

// Group by group, and so not at one time.
Step Steps::UndoMerges(const SuiteModel& model) {
  if (!alone_) return UnmergeMember(model);
  gateway::v1::UndoMergesRequest request;
  *request.mutable_cause() = PickCause();
  *request.mutable_actor() = PickActor();
  request.set_page_size(1 + Pick(3));
  using Page = absl::StatusOr<gateway::v1::UndoMergesResponse>;
  const auto pages = std::make_shared<std::vector<Page>>();
  return {.request =
              absl::StrCat("UndoMerges { ", request.ShortDebugString(), " }"),
          .call =
              [this, request, pages]() mutable {
                do {
                  pages->push_back(suite_.Call(&Stub::UndoMerges, request));
                  if (!pages->back().ok()) return;
                  request.set_page_token(pages->back()->next_page_token());
                } while (!request.page_token().empty());
              },
          .check =
              [request, pages](SuiteModel& model) {
                for (const Page& page : *pages) {
                  Fault fault = model.UndoMerges(request, page);
                  if (!fault.empty()) return fault;
                }
                return Fault();
              }};
}

}  // namespace kith::model
