#include "gateway/flows/permission_flow.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "common/api/limits.h"
#include "common/api/violations.h"
#include "common/base/times.h"
#include "common/status/rpc_status.h"
#include "gateway/calls/pending_call.h"
#include "gateway/contacting/contact_reasons.h"
#include "gateway/contacting/last_uses.h"
#include "gateway/sharing/shared_values.h"

namespace kith::gateway {
namespace {

using contacts::v1::Contact;

constexpr int kMaxQuestions = 1'000;
constexpr int64_t kMaxTopic = 100;

identity::v1::MayContactRequest QuestionOf(const v1::MayContactRequest& request,
                                           const Contact& customer) {
  identity::v1::MayContactRequest question;
  *question.mutable_contact_ids() = customer.member_ids();
  question.set_identity_key(request.identity_key());
  if (request.has_value()) *question.mutable_value() = request.value();
  question.set_channel(request.channel());
  question.set_purpose(request.purpose());
  question.set_topic(request.topic());
  return question;
}

// A request of a batch on its way to an answer.
struct Question {
  const v1::MayContactRequest* request;
  v1::BatchMayContactResponse::Result* result;
  // In the batch.
  size_t place = 0;
  Contact customer = {};
  KnownOfCustomer known = {};
};

// INVALID_ARGUMENT for what no service looks at.
absl::Status CheckTime(const v1::MayContactRequest& request, absl::Time now) {
  if (!request.has_contact_time()) return absl::OkStatus();
  const auto& time = request.contact_time();
  api::Violations violations;
  if (!base::IsValid(time) || time.seconds() < 0 ||
      base::FromProto(time) > now + absl::Hours(24)) {
    violations.Add("contact_time", "want a time from 1970 to a day from now");
  }
  return violations.ToStatus();
}

// Finds the customers of at most 500 questions. Those without one customer get
// their error, and are left out of the result.
Task<absl::StatusOr<std::vector<Question>>> FindCustomers(
    const CustomerFlow& customers, const base::RequestContext& context,
    std::vector<Question> questions) {
  std::vector<CustomerName> names;
  for (const Question& question : questions) {
    names.push_back({"customer", &question.request->customer(),
                     /*means_stand_in=*/true});
  }
  KITH_CO_ASSIGN_OR_RETURN(
      auto found, co_await customers.FindEach(context, std::move(names)));
  std::vector<Question> known;
  for (size_t i = 0; i < questions.size(); ++i) {
    if (!found[i].ok()) {
      *questions[i].result->mutable_error() =
          status::ToProto(found[i].status());
      continue;
    }
    questions[i].customer = *std::move(found[i]);
    known.push_back(std::move(questions[i]));
  }
  co_return known;
}

// Questions that one call to identity-svc takes.
std::vector<std::vector<Question>> Divide(std::vector<Question> questions) {
  std::vector<std::vector<Question>> calls;
  int ids = 0;
  for (Question& question : questions) {
    const int more = question.customer.member_ids_size();
    if (calls.empty() || ids + more > api::kMaxGroupSize) {
      calls.emplace_back();
      ids = 0;
    }
    ids += more;
    calls.back().push_back(std::move(question));
  }
  return calls;
}

void Answer(identity::v1::BatchMayContactResponse::Result& decided,
            const Question& question) {
  if (decided.has_error()) {
    *question.result->mutable_error() = std::move(*decided.mutable_error());
    return;
  }
  auto& from = *decided.mutable_response();
  v1::MayContactResponse& answer = *question.result->mutable_response();
  answer.set_answer(from.answer());
  answer.set_reason(from.reason());
  answer.mutable_permissions()->Swap(from.mutable_permissions());
  answer.set_canonical_id(question.customer.canonical_id());
}

// Finds the customers of all questions, and leaves out those that have their
// error.
Task<absl::StatusOr<std::vector<Question>>> FindKnown(
    const CustomerFlow& customers, const base::RequestContext& context,
    const v1::BatchMayContactRequest& request, absl::Time now,
    v1::BatchMayContactResponse& response) {
  api::Violations violations;
  violations.Count("requests", request.requests_size(), 1, kMaxQuestions);
  KITH_CO_RETURN_IF_ERROR(violations.ToStatus());
  std::vector<Question> known;
  for (int begin = 0; begin < request.requests_size();
       begin += api::kMaxItemsPerCall) {
    std::vector<Question> some;
    const int end =
        std::min(begin + api::kMaxItemsPerCall, request.requests_size());
    for (int i = begin; i < end; ++i) {
      auto* const result = response.add_results();
      const absl::Status checked = CheckTime(request.requests(i), now);
      if (checked.ok()) {
        some.push_back({.request = &request.requests(i),
                        .result = result,
                        .place = static_cast<size_t>(i)});
      } else {
        *result->mutable_error() = status::ToProto(checked);
      }
    }
    KITH_CO_ASSIGN_OR_RETURN(
        std::vector<Question> found,
        co_await FindCustomers(customers, context, std::move(some)));
    std::move(found.begin(), found.end(), std::back_inserter(known));
  }
  co_return known;
}

// What identity-svc decides.
using WordsDecided = identity::v1::BatchMayContactResponse;

// Asks again where the words allow a contact by a value that others share, who
// are merged with contacts that identity-svc does not know of: theirs may
// refuse it.
Task<absl::Status> AskOfSharers(const Backends& backends,
                                const CustomerFlow& customers,
                                const base::RequestContext& context,
                                const std::vector<Question>& questions,
                                WordsDecided& decided) {
  std::vector<std::vector<std::string>> sharers;
  std::vector<std::string> all;
  for (size_t i = 0; i < questions.size(); ++i) {
    const auto& result = decided.results(static_cast<int>(i));
    sharers.push_back(SharersAllowed(result.response(), questions[i].customer));
    all.insert(all.end(), sharers[i].begin(), sharers[i].end());
  }
  if (all.empty()) co_return absl::OkStatus();
  KITH_CO_ASSIGN_OR_RETURN(
      const ContactsById contacts,
      co_await customers.GetContacts(context, std::move(all)));
  identity::v1::BatchMayContactRequest batch;
  std::vector<int> places;
  for (size_t i = 0; i < questions.size(); ++i) {
    auto groups = SharingGroupsOf(sharers[i], contacts);
    if (groups.empty()) continue;
    auto& question = *batch.add_requests();
    question = QuestionOf(*questions[i].request, questions[i].customer);
    question.mutable_sharing_groups()->Add(groups.begin(), groups.end());
    places.push_back(static_cast<int>(i));
  }
  if (places.empty()) co_return absl::OkStatus();
  auto call = backends.Identity(&Backends::IdentityStub::BatchMayContact,
                                std::move(batch), context);
  KITH_CO_ASSIGN_OR_RETURN(auto again, co_await call);
  for (size_t n = 0; n < places.size(); ++n) {
    decided.mutable_results(places[n])->Swap(
        again.mutable_results(static_cast<int>(n)));
  }
  co_return absl::OkStatus();
}

identity::v1::BatchMayContactRequest WordsRequest(
    const std::vector<Question>& questions) {
  identity::v1::BatchMayContactRequest batch;
  for (const Question& question : questions) {
    *batch.add_requests() = QuestionOf(*question.request, question.customer);
  }
  return batch;
}

void AnswerEach(identity::v1::BatchMayContactResponse decided,
                const std::vector<Question>& questions) {
  for (size_t i = 0; i < questions.size(); ++i) {
    Answer(*decided.mutable_results(static_cast<int>(i)), questions[i]);
  }
}

// The questions that interactions-svc is asked. identity-svc refuses a topic
// that is too long, which would refuse all of them.
std::vector<Question*> AskingForFacts(const config::v1::Tenant& tenant,
                                      std::vector<Question>& questions) {
  std::vector<Question*> asking;
  for (Question& question : questions) {
    if (NeedsFacts(tenant.contact(), question.request->purpose()) &&
        api::Characters(question.request->topic()) <= kMaxTopic) {
      asking.push_back(&question);
    }
  }
  return asking;
}

interactions::v1::BatchGetContactFactsRequest FactsRequest(
    const std::vector<Question*>& asking) {
  interactions::v1::BatchGetContactFactsRequest batch;
  for (const Question* question : asking) {
    interactions::v1::ContactFactsQuestion& added = *batch.add_questions();
    *added.mutable_contact_ids() = question->customer.member_ids();
    added.set_topic(question->request->topic());
    if (question->request->has_contact_time()) {
      *added.mutable_contact_time() = question->request->contact_time();
    }
  }
  return batch;
}

// The stand-in contact that has what came by a shared phone; else empty.
std::string StandInOf(const std::string& identity_key,
                      const v1::MayContactResponse& answer) {
  for (const auto& each : answer.permissions()) {
    if (each.identity_key() == identity_key) return each.stand_in_contact_id();
  }
  return "";
}

// The phones that may be stale, of all questions.
std::vector<AskedPhone> PhonesOf(const config::v1::Tenant& tenant,
                                 std::vector<Question>& questions,
                                 absl::Time now) {
  std::vector<AskedPhone> phones;
  for (Question& question : questions) {
    for (std::string& key : PhonesInQuestion(
             tenant, *question.request, question.result->response(), now)) {
      interactions::v1::LastUse& use = question.known.uses[key];
      std::string stand_in_id = StandInOf(key, question.result->response());
      phones.push_back({.member_ids = &question.customer.member_ids(),
                        .stand_in_id = std::move(stand_in_id),
                        .identity_key = std::move(key),
                        .use = &use});
    }
  }
  return phones;
}

// Decides questions that one call to each service takes.
Task<absl::Status> DecideCall(const Backends& backends,
                              const CustomerFlow& customers,
                              const base::RequestContext& context,
                              std::vector<Question>& questions,
                              absl::Time now) {
  const config::v1::Tenant& tenant = *context.principal->tenant;
  const std::vector<Question*> asking = AskingForFacts(tenant, questions);
  std::optional<PendingCall<interactions::v1::BatchGetContactFactsResponse>>
      facts_call;
  if (!asking.empty()) {
    facts_call.emplace(
        backends.Interactions(&Backends::InteractionsStub::BatchGetContactFacts,
                              FactsRequest(asking), context));
  }
  auto words_call = backends.Identity(&Backends::IdentityStub::BatchMayContact,
                                      WordsRequest(questions), context);
  KITH_CO_ASSIGN_OR_RETURN(auto decided, co_await words_call);
  KITH_CO_RETURN_IF_ERROR(
      co_await AskOfSharers(backends, customers, context, questions, decided));
  AnswerEach(std::move(decided), questions);
  if (facts_call.has_value()) {
    auto& call = *facts_call;
    KITH_CO_ASSIGN_OR_RETURN(auto found, co_await call);
    for (size_t i = 0; i < asking.size(); ++i) {
      asking[i]->known.facts = found.facts(static_cast<int>(i));
    }
  }
  KITH_CO_RETURN_IF_ERROR(co_await FindLastUses(
      backends, context, PhonesOf(tenant, questions, now)));
  for (const Question& question : questions) {
    if (question.result->has_error()) continue;
    Conclude(tenant, *question.request, question.known, now,
             *question.result->mutable_response());
  }
  co_return absl::OkStatus();
}

}  // namespace

Task<absl::Status> PermissionFlow::MayContact(
    const base::RequestContext& context, const v1::MayContactRequest& request,
    v1::MayContactResponse& response) const {
  v1::BatchMayContactRequest batch;
  *batch.add_requests() = request;
  v1::BatchMayContactResponse answers;
  KITH_CO_RETURN_IF_ERROR(co_await BatchMayContact(context, batch, answers));
  auto& result = *answers.mutable_results(0);
  if (result.has_error()) co_return status::FromProto(result.error());
  response = std::move(*result.mutable_response());
  co_return absl::OkStatus();
}

Task<absl::Status> PermissionFlow::BatchMayContact(
    const base::RequestContext& context,
    const v1::BatchMayContactRequest& request,
    v1::BatchMayContactResponse& response) const {
  const absl::Time now = clock_.Now();
  KITH_CO_ASSIGN_OR_RETURN(
      std::vector<Question> known,
      co_await FindKnown(customers_, context, request, now, response));
  std::vector<std::vector<Question>> divided = Divide(std::move(known));
  for (std::vector<Question>& some : divided) {
    KITH_CO_RETURN_IF_ERROR(
        co_await DecideCall(backends_, customers_, context, some, now));
  }
  co_return absl::OkStatus();
}

Task<absl::StatusOr<std::vector<WordsOfCustomer>>> PermissionFlow::AskWords(
    const base::RequestContext& context,
    const v1::BatchMayContactRequest& request) const {
  v1::BatchMayContactResponse response;
  KITH_CO_ASSIGN_OR_RETURN(
      std::vector<Question> known,
      co_await FindKnown(customers_, context, request, clock_.Now(), response));
  std::vector<WordsOfCustomer> words(
      static_cast<size_t>(request.requests_size()));
  for (const Question& question : known) {
    const auto& ids = question.customer.member_ids();
    words[question.place].member_ids.assign(ids.begin(), ids.end());
  }
  const std::vector<std::vector<Question>> divided = Divide(std::move(known));
  for (const std::vector<Question>& some : divided) {
    auto call = backends_.Identity(&Backends::IdentityStub::BatchMayContact,
                                   WordsRequest(some), context);
    KITH_CO_ASSIGN_OR_RETURN(auto decided, co_await call);
    KITH_CO_RETURN_IF_ERROR(
        co_await AskOfSharers(backends_, customers_, context, some, decided));
    AnswerEach(std::move(decided), some);
  }
  for (size_t i = 0; i < words.size(); ++i) {
    words[i].result = std::move(*response.mutable_results(static_cast<int>(i)));
  }
  co_return words;
}

}  // namespace kith::gateway
